"""Links for a new password: who makes them, for whom, and how often they work."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from services.access import Actor
from services.accounts import administration, profiles, resets
from services.accounts.first_step import sign_in
from services.accounts.resets import LinkOwner
from services.accounts.sign_ins import Entered
from services.core import clock, database
from services.core.errors import DomainError, Forbidden, Gone, Invalid, NotFound, NotSignedIn, Refused, WrongPassword
from services.courses import catalog
from services.people import joining
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import PASSWORD, a_guest, an_account, an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A6')]

NEW = 'a better password'


async def test_a_link_sets_a_new_password_and_signs_out_everywhere_else() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    link = await link_for(admin, sami.actor)

    entered = await resets.choose_password(link, NEW, device='Library')

    assert entered.actor.user_id == sami.actor.user_id
    assert await sign_in(email='sami@example.org', password=NEW, device='Laptop')
    with pytest.raises(WrongPassword):
        await sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')
    with pytest.raises(NotSignedIn):
        await database.read(profiles.own, sami.actor)


async def test_a_link_works_once_also_when_it_is_used_twice_at_once() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    link = await link_for(admin, sami.actor)

    outcomes = await asyncio.gather(
        resets.choose_password(link, NEW, device='A'),
        resets.choose_password(link, 'another password', device='B'),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ['Entered', 'Gone']
    with pytest.raises(Gone, match='used already'):
        await database.read(resets.holder, link)


async def test_a_link_lasts_for_an_hour() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    now = clock.now()
    with time_machine.travel(now, tick=False) as travelling:
        link = await link_for(admin, sami.actor)
        travelling.move_to(now + timedelta(minutes=59, seconds=59))
        assert (await database.read(resets.holder, link)).email == 'sami@example.org'
        travelling.move_to(now + timedelta(hours=1))
        with pytest.raises(Gone):
            await resets.choose_password(link, NEW, device='Library')


async def test_a_newer_link_ends_the_older_one() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    older, newer = [await link_for(admin, sami.actor) for _ in range(2)]

    with pytest.raises(Gone):
        await resets.choose_password(older, NEW, device='Library')
    assert await resets.choose_password(newer, NEW, device='Library')


@pytest.mark.parametrize('link', ['', 'made-up', 'bWFkZS11cA.MTIz', '\x00', 'é'])
async def test_a_made_up_link_leads_nowhere(link: str) -> None:
    with pytest.raises(NotFound, match='leads nowhere'):
        await resets.choose_password(link, NEW, device='Library')


async def test_a_password_that_registering_refuses_leaves_the_link_open() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    link = await link_for(admin, sami.actor)

    with pytest.raises(Invalid) as refusal:
        await resets.choose_password(link, 'password1', device='Library')

    assert refusal.value.field == 'password'
    assert await resets.choose_password(link, NEW, device='Library')


async def test_a_program_changes_no_password_of_an_account_that_is_switched_off() -> None:
    admin, sami = await an_admin(), (await an_account()).actor
    link = await database.write(resets.make_link_for, admin, email='sami@example.org')
    await database.write(administration.disable, admin, user_id=sami.user_id)
    with pytest.raises(Forbidden, match='switched off'):
        await resets.replace_password(link, 'an even better one')
    await database.write(administration.enable, admin, user_id=sami.user_id)
    assert (await sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')).actor.user_id == sami.user_id


async def test_an_instructor_cannot_take_over_an_account_with_an_address() -> None:
    course, sami = await a_course_with_sami()

    with pytest.raises(Forbidden, match='Ask an admin'):
        await link_for(course.teacher, sami.actor)


async def test_instructors_make_links_for_guests_whom_they_teach_only() -> None:
    course, elsewhere = await a_course(), await a_course(title='Water')
    strangers = await a_guest(code=elsewhere.code), await an_admin(), await an_instructor(), course.teacher

    for person in strangers:
        with pytest.raises(NotFound, match='no such person'):
            await link_for(course.teacher, person)
    guest = await a_guest(code=course.code)
    await database.write(catalog.delete, course.teacher, course.course_id)
    with pytest.raises(NotFound):
        await link_for(course.teacher, guest)


async def test_a_guest_comes_back_by_a_link_once_and_stays_signed_in_elsewhere() -> None:
    course = await a_course()
    guest = await a_guest(code=course.code, name='Lena')
    link = await link_for(course.teacher, guest)

    assert await database.read(resets.holder, link) == LinkOwner(name='Lena', email=None, is_guest=True)
    with pytest.raises(Refused, match='no password'):
        await resets.choose_password(link, NEW, device='Library')
    back = await database.write(resets.come_back, link, device='Library')

    assert back.actor.user_id == guest.user_id
    assert await database.read(profiles.own, guest)
    with pytest.raises(Gone):
        await database.write(resets.come_back, link, device='Library')


async def test_a_link_for_an_account_lets_nobody_in_without_a_new_password() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    link = await link_for(admin, sami.actor)

    with pytest.raises(Refused, match='Choose a new password'):
        await database.write(resets.come_back, link, device='Library')


@pytest.mark.both_databases
async def test_the_person_and_every_admin_see_who_made_a_link_for_a_month() -> None:
    admin, sami = await an_admin(name='Olga Admin'), await an_account(email='sami@example.org', name='Sami')
    now = clock.now()
    with time_machine.travel(now, tick=False) as travelling:
        await link_for(admin, sami.actor)

        (seen,) = await database.read(resets.made_for, sami.actor)
        assert (seen.made_by, seen.made_at, seen.used_at) == ('Olga Admin', now, None)
        assert await database.read(resets.of_school, admin) == [seen]
        with pytest.raises(NotFound):
            await database.read(resets.of_school, sami.actor)

        travelling.move_to(now + resets.SHOWN_FOR + resets.LIFETIME + timedelta(seconds=1))
        assert await database.write(resets.forget_old) == 1


async def test_an_admin_makes_links_for_anybody_by_address() -> None:
    admin = await an_admin()
    await an_instructor(email='ines@example.org')

    link = await database.write(resets.make_link_for, admin, email=' Ines@Example.org')

    assert (await database.read(resets.holder, link)).email == 'ines@example.org'
    with pytest.raises(Invalid, match='no account'):
        await database.write(resets.make_link_for, admin, email='nobody@example.org')


async def test_it_leaves_a_line_in_the_journal_and_the_link_is_not_in_it(
    server_log_lines: list[dict[str, object]],
) -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    link = await link_for(admin, sami.actor)
    await resets.choose_password(link, NEW, device='Library')
    await database.write(lambda _tx: None)

    (line,) = (line for line in server_log_lines if line['event'] == 'password reset')
    assert (line['user'], line['made_by']) == (sami.actor.user_id, admin.user_id)
    assert link not in str(server_log_lines)


async def test_who_guessed_too_often_may_sign_in_again() -> None:
    admin, sami = await an_admin(), await an_account(email='sami@example.org')
    for _ in range(12):
        with pytest.raises(DomainError):
            await sign_in(email='sami@example.org', password='wrong', device='Laptop')
    link = await link_for(admin, sami.actor)

    await resets.choose_password(link, NEW, device='Library')

    assert await sign_in(email='sami@example.org', password=NEW, device='Laptop')


async def a_course_with_sami() -> tuple[CourseAtHand, Entered]:
    course, sami = await a_course(), await an_account(email='sami@example.org')
    await database.write(joining.join, sami.actor, code=course.code)
    return course, sami


async def link_for(maker: Actor, person: Actor) -> str:
    return await database.write(resets.make_link, maker, user_id=person.user_id)
