"""Links for a new password: who makes them, for whom, and how often they work."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from services.access import Actor
from services.accounts import profiles, resets
from services.accounts.sign_ins import Entered, sign_in
from services.core import clock, database
from services.core.errors import DomainError, Gone, Invalid, NotFound, NotSignedIn, Refused, WrongPassword
from services.courses import catalog
from services.people import joining
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import PASSWORD, a_guest, a_student, an_account, an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A6')]

NEW = 'a better password'


async def test_a_link_sets_a_new_password_and_signs_out_everywhere_else() -> None:
    course, sami = await a_course_with_sami()
    link = await link_for(course.teacher, sami.actor)

    entered = await resets.choose_password(link, NEW, device='Library')

    assert entered.actor.user_id == sami.actor.user_id
    assert await sign_in(email='sami@example.org', password=NEW, device='Laptop')
    with pytest.raises(WrongPassword):
        await sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')
    with pytest.raises(NotSignedIn):
        await database.read(profiles.own, sami.actor)


async def test_a_link_works_once_also_when_it_is_used_twice_at_once() -> None:
    course, sami = await a_course_with_sami()
    link = await link_for(course.teacher, sami.actor)

    outcomes = await asyncio.gather(
        resets.choose_password(link, NEW, device='A'),
        resets.choose_password(link, 'another password', device='B'),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ['Entered', 'Gone']
    with pytest.raises(Gone, match='used already'):
        await database.read(resets.holder, link)


async def test_a_link_lasts_for_an_hour() -> None:
    course, sami = await a_course_with_sami()
    now = clock.now()
    with time_machine.travel(now, tick=False) as travelling:
        link = await link_for(course.teacher, sami.actor)
        travelling.move_to(now + timedelta(minutes=59, seconds=59))
        assert await database.read(resets.holder, link) == 'sami@example.org'
        travelling.move_to(now + timedelta(hours=1))
        with pytest.raises(Gone):
            await resets.choose_password(link, NEW, device='Library')


async def test_a_newer_link_ends_the_older_one() -> None:
    course, sami = await a_course_with_sami()
    older, newer = [await link_for(course.teacher, sami.actor) for _ in range(2)]

    with pytest.raises(Gone):
        await resets.choose_password(older, NEW, device='Library')
    assert await resets.choose_password(newer, NEW, device='Library')


@pytest.mark.parametrize('link', ['', 'made-up', 'bWFkZS11cA.MTIz', '\x00', 'é'])
async def test_a_made_up_link_leads_nowhere(link: str) -> None:
    with pytest.raises(NotFound, match='leads nowhere'):
        await resets.choose_password(link, NEW, device='Library')


async def test_a_password_that_registering_refuses_leaves_the_link_open() -> None:
    course, sami = await a_course_with_sami()
    link = await link_for(course.teacher, sami.actor)

    with pytest.raises(Invalid) as refusal:
        await resets.choose_password(link, 'password1', device='Library')

    assert refusal.value.field == 'password'
    assert await resets.choose_password(link, NEW, device='Library')


async def test_instructors_make_links_for_students_of_their_own_courses_only() -> None:
    course = await a_course()
    colleague, elsewhere, student = await an_instructor(), await a_course(title='Water'), await a_student()
    await database.write(joining.join, colleague, code=course.code)
    await database.write(joining.join, student, code=elsewhere.code)

    for person in colleague, student, await an_admin(), course.teacher:
        with pytest.raises(NotFound, match='no such person'):
            await link_for(course.teacher, person)


async def test_who_learns_in_a_deleted_course_is_out_of_reach() -> None:
    course, sami = await a_course_with_sami()
    await database.write(catalog.delete, course.teacher, course.course_id)

    with pytest.raises(NotFound):
        await link_for(course.teacher, sami.actor)


async def test_guests_have_no_password() -> None:
    course = await a_course()

    with pytest.raises(Refused, match='own code'):
        await link_for(course.teacher, await a_guest(code=course.code))


async def test_an_admin_makes_links_for_anybody_by_address() -> None:
    admin = await an_admin()
    await an_instructor(email='ines@example.org')

    link = await database.write(resets.make_link_for, admin, email=' Ines@Example.org')

    assert await database.read(resets.holder, link) == 'ines@example.org'
    with pytest.raises(Invalid, match='no account'):
        await database.write(resets.make_link_for, admin, email='nobody@example.org')


async def test_it_leaves_a_line_in_the_journal_and_the_link_is_not_in_it(
    server_log_lines: list[dict[str, object]],
) -> None:
    course, sami = await a_course_with_sami()
    link = await link_for(course.teacher, sami.actor)
    await resets.choose_password(link, NEW, device='Library')
    await database.write(lambda _tx: None)

    (line,) = (line for line in server_log_lines if line['event'] == 'password reset')
    assert (line['user'], line['made_by']) == (sami.actor.user_id, course.teacher.user_id)
    assert link not in str(server_log_lines)


async def test_who_guessed_too_often_may_sign_in_again() -> None:
    course, sami = await a_course_with_sami()
    for _ in range(12):
        with pytest.raises(DomainError):
            await sign_in(email='sami@example.org', password='wrong', device='Laptop')
    link = await link_for(course.teacher, sami.actor)

    await resets.choose_password(link, NEW, device='Library')

    assert await sign_in(email='sami@example.org', password=NEW, device='Laptop')


async def a_course_with_sami() -> tuple[CourseAtHand, Entered]:
    course, sami = await a_course(), await an_account(email='sami@example.org')
    await database.write(joining.join, sami.actor, code=course.code)
    return course, sami


async def link_for(maker: Actor, person: Actor) -> str:
    return await database.write(resets.make_link, maker, user_id=person.user_id)
