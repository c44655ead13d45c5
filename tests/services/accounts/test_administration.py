"""What an admin does with the people of the school: finding, roles, switching off, signing out."""

import asyncio

import pytest

from models import Role
from services import access
from services.access import Actor
from services.accounts import administration, first_step, profiles, registration, resets, sign_ins, tokens, way_back
from services.accounts.administration import Account
from services.accounts.registration import NewAccount
from services.core import database
from services.core.errors import DomainError, Forbidden, Invalid, NotFound, NotSignedIn, Refused
from services.courses import catalog, school_list
from services.people import joining
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_guest, a_student, an_account, an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]


@pytest.mark.both_databases
async def test_people_are_found_by_a_part_of_their_name_or_address() -> None:
    admin = await an_admin(name='Olga Admin')
    amina = await a_student(name='Amina Diallo', email='amina@example.org')
    await a_student(name='Ben 100% Okafor')

    assert [person.name for person in await found(admin, 'DIALLO')] == ['Amina Diallo']
    assert [person.user_id for person in await found(admin, 'amina@')] == [amina.user_id]
    assert [person.name for person in await found(admin, '%')] == ['Ben 100% Okafor']
    assert len(await found(admin, ' ')) == 3
    assert (await found(admin, 'amina'))[0].last_seen_at


async def test_a_long_list_comes_in_pages() -> None:
    admin = await an_admin()
    for number in range(3):
        await a_student(name=f'Student {number}')

    first = await database.read(administration.people, admin, search='student', limit=2)
    rest = await database.read(administration.people, admin, search='student', after=first[-1].user_id)

    assert [person.name for person in (*first, *rest)] == ['Student 0', 'Student 1', 'Student 2']


async def test_a_new_role_holds_at_once_because_all_devices_are_signed_out() -> None:
    admin, course = await an_admin(), await a_course()

    await change_role(admin, course.teacher, Role.STUDENT)

    with pytest.raises(NotSignedIn):
        await database.read(catalog.facts, course.teacher, course.course_id)
    back = (await database.write(sign_ins.enter, course.teacher.user_id, 'Laptop')).actor
    with pytest.raises(NotFound):
        await database.read(catalog.facts, back, course.course_id)


async def test_who_is_no_instructor_any_more_reads_nobodys_figures_and_signs_in_as_no_guest() -> None:
    admin, course = await an_admin(), await a_course()
    guest = await a_guest(code=course.code, name='Lena Learner')

    await change_role(admin, course.teacher, Role.STUDENT)

    back = (await database.write(sign_ins.enter, course.teacher.user_id, 'Laptop')).actor
    with pytest.raises(NotFound):
        await database.read(access.learning, back, guest.user_id)
    with pytest.raises(NotFound):
        await database.write(resets.make_link, back, user_id=guest.user_id)


@pytest.mark.both_databases
async def test_the_last_admin_stays_also_when_two_take_each_other_away_at_once() -> None:
    ada, olga = await an_admin(), await an_admin(name='Olga')

    outcomes = await asyncio.gather(
        change_role(ada, olga, Role.STUDENT), change_role(olga, ada, Role.STUDENT), return_exceptions=True
    )

    assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1
    left = ada if isinstance(outcomes[1], DomainError) else olga
    for take_away in (
        administration.disable,
        lambda *them, **who: administration.change_role(*them, **who, role=Role.STUDENT),
    ):
        with pytest.raises(Refused, match='is the only admin'):
            await database.write(take_away, left, user_id=left.user_id)


async def test_guests_get_no_role() -> None:
    guest = await a_guest(code=(await a_course()).code)

    with pytest.raises(Refused, match='guests learn'):
        await change_role(await an_admin(), guest, Role.ADMIN)


async def test_who_is_switched_off_is_out_at_once_and_cannot_come_back_until_switched_on() -> None:
    admin, sami = await an_admin(), (await an_account(email='sami@example.org')).actor

    await database.write(administration.disable, admin, user_id=sami.user_id)

    with pytest.raises(NotSignedIn):
        await database.read(profiles.own, sami)
    for enter in first_step.sign_in, tokens.sign_in:
        with pytest.raises(Forbidden, match='switched off'):
            await enter(email='sami@example.org', password=PASSWORD, device='Laptop')
    (shown,) = await found(admin, 'sami@')
    assert shown.is_disabled

    await database.write(administration.enable, admin, user_id=sami.user_id)
    assert await first_step.sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')


async def test_a_guest_who_is_switched_off_does_not_come_back_with_their_code() -> None:
    admin, guest = await an_admin(), await a_guest(code=(await a_course()).code)
    code = await database.read(joining.rejoin_code, guest)

    await database.write(administration.disable, admin, user_id=guest.user_id)

    with pytest.raises(Forbidden, match='switched off'):
        await database.write(joining.rejoin, code=code, device='Phone', address='')


async def test_an_admin_signs_somebody_out_everywhere() -> None:
    admin, sami = await an_admin(), await a_student()

    assert await database.write(administration.sign_out, admin, user_id=sami.user_id) == 1

    with pytest.raises(NotSignedIn):
        await database.read(profiles.own, sami)


async def test_nobody_but_admins_sees_or_changes_the_school() -> None:
    sami = await a_student()
    for person in await an_instructor(), await a_student():
        with pytest.raises(NotFound):
            await found(person, '')
        with pytest.raises(NotFound):
            await database.read(school_list.courses, person)
        with pytest.raises(NotFound):
            await database.write(registration.invite_admin, person)
        for verb in administration.disable, administration.enable, administration.sign_out, administration.one:
            with pytest.raises(NotFound):
                await database.write(verb, person, user_id=sami.user_id)


async def test_an_admin_invites_another_one() -> None:
    token = await database.write(registration.invite_admin, await an_admin())

    olga = NewAccount(name='Olga', email='olga@example.org', password=PASSWORD, invitation=token)

    assert (await registration.register(olga, device='Laptop')).actor.role is Role.ADMIN


@pytest.mark.both_databases
async def test_the_command_on_the_server_makes_an_account_an_admin_again() -> None:
    sami = (await an_account(email='sami@example.org')).actor
    await database.write(administration.disable, await an_admin(), user_id=sami.user_id)

    assert await database.write(way_back.for_account, 'Sami@example.org')

    assert (await database.write(sign_ins.enter, sami.user_id, 'Laptop')).actor.role is Role.ADMIN
    with pytest.raises(Invalid, match='no account'):
        await database.write(way_back.for_account, 'nobody@example.org')


@pytest.mark.both_databases
async def test_courses_of_the_school_are_found_by_title_and_by_who_owns_them() -> None:
    admin = await an_admin()
    await a_course(title='Soil', by=await an_instructor(name='Ines Instructor'))
    water = await a_course(title='Water', by=await an_instructor(name='Wanda Instructor'))
    gone = await a_course(title='Gone')
    await database.write(catalog.delete, gone.teacher, gone.course_id)

    async def titles(search: str) -> list[str]:
        return [course.title for course in await database.read(school_list.courses, admin, search=search)]

    assert await titles('') == ['Soil', 'Water']
    assert await titles('WAT') == ['Water']
    assert await titles('wanda') == ['Water']
    (course,) = await database.read(school_list.courses, admin, search='water')
    assert (course.owner, course.learners, course.course_id) == ('Wanda Instructor', 0, water.course_id)


async def found(admin: Actor, search: str) -> list[Account]:
    return await database.read(administration.people, admin, search=search)


async def change_role(admin: Actor, person: Actor, role: Role) -> None:
    await database.write(administration.change_role, admin, user_id=person.user_id, role=role)
