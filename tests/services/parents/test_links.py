"""A parent is linked with a code, sees one child and no other, and the link ends when either side says so."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from models import ParentCode, ParentLink, Role
from services import access
from services.access import Actor
from services.accounts import administration, guessing, parent_codes, registration
from services.accounts.guessing import Origin
from services.accounts.registration import NewAccount
from services.core import clock, database
from services.core.errors import DomainError, Invalid, NotFound, Refused, TooManyAttempts
from services.core.transaction import Transaction
from services.parents import links, looks
from services.people import joining, participants
from services.privacy import own_looks
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import a_guest, a_parent, a_student, an_admin, an_instructor, another_device

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A7')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(learners=[])


@pytest.fixture
async def sam(klass: ClassAtHand) -> Actor:
    sam = await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=klass.code)
    return sam


@pytest.mark.both_databases
async def test_a_parent_registers_with_the_code_of_a_child_and_sees_this_child_alone(sam: Actor) -> None:
    other = await a_student(name='Olga Other')
    await a_parent(of=other, name='Oskar Other')
    code = await make(sam)

    mum = (await registration.register(parent(code=f'{code[:3].lower()}-{code[3:]}'), device='Phone')).actor

    assert mum.role is Role.PARENT
    assert [child.name for child in await database.read(access.children, mum)] == ['Sam Rivera']
    with pytest.raises(NotFound) as foreign:
        await database.read(access.child, mum, other.user_id)
    with pytest.raises(NotFound) as absent:
        await database.read(access.child, mum, 999_999)
    assert str(foreign.value) == str(absent.value)
    assert [linked.name for linked in (await parents_of(sam)).linked] == ['Mum Rivera']


@pytest.mark.both_databases
async def test_a_code_is_good_once_also_for_two_who_use_it_at_the_same_time(sam: Actor) -> None:
    code = await make(sam)
    both = [await a_parent(), await a_parent()]

    found = await asyncio.gather(*(add(each, code) for each in both), return_exceptions=True)

    assert sorted(type(each).__name__ for each in found) == ['Invalid', 'int']
    assert len((await parents_of(sam)).linked) == 1


async def test_a_code_ends_after_a_week_and_when_it_is_taken_back(sam: Actor) -> None:
    mum = await a_parent()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as moved:
        sam = await another_device(of=sam)
        code = await make(sam)
        moved.shift(parent_codes.LIFETIME)
        with pytest.raises(Invalid):
            await add(await another_device(of=mum), code)
    made = await database.write(parent_codes.make, await another_device(of=sam), child_id=sam.user_id)
    await database.write(
        parent_codes.take_back, await another_device(of=sam), child_id=sam.user_id, code_id=made.code_id
    )
    with pytest.raises(Invalid):
        await add(mum, made.code)
    assert await database.write(parent_codes.forget_old) == 1


async def test_registering_without_a_good_code_makes_no_account() -> None:
    for code in '', 'WRONG2':
        with pytest.raises(Invalid) as refusal:
            await registration.register(parent(code=code), device='Phone')
        assert refusal.value.field == 'code'
    people = await database.read(administration.people, await an_admin(), search='mum@example.org')
    assert people == []
    await a_student(email='mum@example.org')
    with pytest.raises(Invalid) as refusal:  # who guesses learns nothing of addresses
        await registration.register(parent(code='WRONG2'), device='Phone')
    assert refusal.value.field == 'code'


async def test_guessing_at_codes_is_slowed_down() -> None:
    mum, origin = await a_parent(), Origin(address='203.0.113.7', browser='a')

    async def guess() -> None:
        with guessing.parent_codes.counted(origin):
            await add(mum, 'WRONG2')

    for _ in range(guessing.FREE):
        with pytest.raises(Invalid):
            await guess()
    with pytest.raises(TooManyAttempts):
        await guess()


@pytest.mark.both_databases
async def test_a_child_has_five_parents_at_most(sam: Actor) -> None:
    for number in range(parent_codes.MOST_PARENTS - 1):
        await a_parent(of=sam, name=f'Parent {"ABCDE"[number]}')
    two = [await make(sam), await make(sam)]

    found = await asyncio.gather(*[add(await a_parent(), code) for code in two], return_exceptions=True)

    assert sorted(type(each).__name__ for each in found) == ['Refused', 'int']
    with pytest.raises(Refused, match='5 parents'):
        await make(sam)


async def test_a_child_has_five_open_codes_at_most(sam: Actor) -> None:
    for _ in range(parent_codes.MOST_CODES):
        await make(sam)
    with pytest.raises(Refused, match='5 codes'):
        await make(sam)


async def test_guests_and_teachers_have_no_parents(klass: ClassAtHand) -> None:
    guest = await a_guest(code=klass.code)
    for who in guest, klass.teacher:
        with pytest.raises(Refused):
            await make(who)
    with pytest.raises(NotFound):
        await make(await a_parent())


@pytest.mark.parametrize('who', ['child', 'parent', 'teacher', 'admin'])
async def test_each_side_ends_a_link_alone(who: str, sam: Actor, klass: ClassAtHand) -> None:
    mum = await a_parent(of=sam)
    people = {'child': sam, 'parent': mum, 'teacher': klass.teacher, 'admin': await an_admin()}

    await database.write(links.end, people[who], child_id=sam.user_id, parent_id=mum.user_id)

    with pytest.raises(NotFound):
        await database.read(access.child, mum, sam.user_id)
    with pytest.raises(NotFound):
        await database.write(links.end, people[who], child_id=sam.user_id, parent_id=mum.user_id)


async def test_nobody_else_ends_it(sam: Actor) -> None:
    mum, dad = await a_parent(of=sam), await a_parent(of=sam, name='Dad Rivera')
    for who in dad, await a_student(), await an_instructor(), await a_parent():
        with pytest.raises(NotFound):
            await database.write(links.end, who, child_id=sam.user_id, parent_id=mum.user_id)
        with pytest.raises(NotFound):
            await database.write(links.block, who, child_id=sam.user_id, parent_id=mum.user_id)
    assert len((await parents_of(sam)).linked) == 2


async def test_the_school_blocks_a_person_and_the_child_cannot_go_round_it(sam: Actor, klass: ClassAtHand) -> None:
    dad, before = await a_parent(of=sam, name='Dad Rivera'), await make(sam)
    pair = {'child_id': sam.user_id, 'parent_id': dad.user_id}

    await database.write(links.block, klass.teacher, **pair)

    assert (await parents_of(sam)).codes == (), 'the child may have handed one on'
    with pytest.raises(Refused, match='Your school'):
        await make(sam)
    of_school = (await database.write(parent_codes.make, klass.teacher, child_id=sam.user_id)).code
    for code in before, of_school:
        with pytest.raises(Invalid) as refusal:
            await add(dad, code)
        assert str(refusal.value) == str(await wrong(dad))
    seen = await parents_of(sam)
    assert (seen.linked, seen.blocked, seen.may_make_code) == ((), (), False)
    assert [each.name for each in (await parents_of(sam, klass.teacher)).blocked] == ['Dad Rivera']

    with pytest.raises(NotFound):
        await database.write(links.unblock, klass.teacher, **pair)
    await database.write(links.unblock, await an_admin(), **pair)
    await add(dad, of_school)
    assert len((await parents_of(sam)).linked) == 1


async def test_a_child_sees_who_has_looked_and_how_often(sam: Actor) -> None:
    mum = await a_parent(of=sam)
    with time_machine.travel(clock.now(), tick=False) as moved:
        for _ in range(2):
            await database.write(looks.note, mum, child_id=sam.user_id)
        moved.shift(timedelta(days=1))
        await database.write(looks.note, mum, child_id=sam.user_id)
    await database.write(links.end, sam, child_id=sam.user_id, parent_id=mum.user_id)
    with pytest.raises(NotFound):
        await database.write(looks.note, mum, child_id=sam.user_id)

    assert [(look.name, look.count) for look in (await parents_of(sam)).looks] == [
        ('Paula Parent', 1),
        ('Paula Parent', 2),
    ]
    with time_machine.travel(clock.now() + looks.KEPT_FOR + timedelta(days=2)):
        assert await database.write(looks.forget_old) == 2


@pytest.mark.req('V3')
async def test_a_child_sees_that_those_who_teach_looked_at_their_parents(sam: Actor, klass: ClassAtHand) -> None:
    await parents_of(sam)
    await parents_of(sam, klass.teacher)
    await database.read(links.of_child, klass.teacher, child_id=sam.user_id, again=True)  # the page is still open

    seen = (await database.read(own_looks.listed, sam)).looks
    assert [(look.by, look.page) for look in seen] == [('Ines Instructor', 'parents')]


async def test_who_learns_becomes_no_parent_and_a_parent_is_not_brought_back(sam: Actor, klass: ClassAtHand) -> None:
    admin, place = await an_admin(), {'course_id': klass.course_id, 'user_id': sam.user_id}
    mum = await a_parent(of=sam)
    become = {'user_id': sam.user_id, 'role': Role.PARENT}
    with pytest.raises(Refused, match='learns in a course'):
        await database.write(administration.change_role, admin, **become)
    await database.write(participants.remove, klass.teacher, **place)

    await database.write(administration.change_role, admin, **become)

    assert await database.read(access.children, mum) == ()
    with pytest.raises(Refused, match='parent by now'):
        await database.write(participants.bring_back, klass.teacher, **place)


async def test_the_links_of_a_person_end_with_their_role(sam: Actor) -> None:
    mum, admin = await a_parent(of=sam), await an_admin()

    for role in Role.INSTRUCTOR, Role.PARENT:
        await database.write(administration.change_role, admin, user_id=mum.user_id, role=role)

    assert await database.read(lambda tx: tx.execute(select(func.count()).select_from(ParentLink)).scalar_one()) == 0


async def test_a_link_that_is_there_already_leaves_the_code_to_the_other_parent(sam: Actor) -> None:
    mum, code = await a_parent(of=sam), await make(sam)

    assert await add(mum, code) == sam.user_id

    assert await database.read(lambda tx: tx.execute(select(func.count()).select_from(ParentCode)).scalar_one()) == 1


async def make(actor: Actor) -> str:
    return (await database.write(parent_codes.make, actor, child_id=actor.user_id)).code


async def add(actor: Actor, code: str) -> int:
    return await database.write(parent_codes.add_child, actor, code=code)


async def wrong(actor: Actor) -> DomainError:
    with pytest.raises(Invalid) as refusal:
        await add(actor, 'WRONG2')
    return refusal.value


async def parents_of(child: Actor, reader: Actor | None = None) -> links.Parents:
    def read(tx: Transaction) -> links.Parents:
        return links.of_child(tx, reader or child, child_id=child.user_id)

    return await database.read(read)


def parent(*, code: str) -> NewAccount:
    return NewAccount(name='Mum Rivera', email='mum@example.org', password='correct horse', role=Role.PARENT, code=code)
