"""Guests' codes are there for those who teach them, at any time; and the limits of guests are said where they look."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from services.access import Actor
from services.accounts.guessing import Origin
from services.core import clock, database
from services.core.errors import NotFound, Refused, TooManyAttempts
from services.people import groups, guest_codes, guest_limits, joining, participants
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest, a_student, an_instructor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A5', 'C7')]


@pytest.fixture(autouse=True)
def _nobody_was_turned_away() -> Iterator[None]:
    yield
    guest_limits.forget()
    joining.guests_from_browser.clear()


async def test_codes_are_seen_by_those_who_teach_and_each_look_is_noted(
    server_log_lines: list[dict[str, object]],
) -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
    sami = await a_student()
    await database.write(joining.join, sami, code=course.code)
    await database.write(groups.put, course.teacher, course.course_id, user_id=otto.user_id, name='Blue')

    found = await database.read(guest_codes.of_course, course.teacher, course.course_id)
    blue = await database.read(guest_codes.of_course, course.teacher, course.course_id, group='Blue')
    one = await database.read(guest_codes.one, course.teacher, course.course_id, user_id=lena.user_id)

    assert [(each.name, each.group) for each in found] == [('Lena', ''), ('Otto', 'Blue')]
    assert [each.name for each in blue] == ['Otto']
    assert one == found[0]
    assert await comes_back(one.code) == lena.user_id
    looks = [line for line in server_log_lines if line['event'] == 'guest codes seen']
    assert [(line['course'], line['by'], line['guests'], line.get('user')) for line in looks] == [
        (course.course_id, course.teacher.user_id, 2, None),
        (course.course_id, course.teacher.user_id, 1, None),
        (course.course_id, course.teacher.user_id, 1, lena.user_id),
    ]
    assert not [line for line in server_log_lines for code in found if code.code in str(line)]


async def test_a_new_code_ends_the_old_one(server_log_lines: list[dict[str, object]]) -> None:
    course = await a_course()
    lena = await a_guest(code=course.code, name='Lena')
    before = await code_of(course, lena)

    renewed = await database.write(guest_codes.renew, course.teacher, course.course_id, user_id=lena.user_id)

    assert renewed.code == await code_of(course, lena) != before
    assert await comes_back(renewed.code) == lena.user_id
    with pytest.raises(NotFound):
        await comes_back(before)
    assert await database.read(joining.rejoin_code, lena) == renewed.code  # who is in stays in
    (noted,) = [line for line in server_log_lines if line['event'] == 'guest code renewed']
    assert (noted['user'], noted['by']) == (lena.user_id, course.teacher.user_id)


async def test_who_has_an_account_was_taken_out_or_learns_elsewhere_has_no_code_here() -> None:
    course, elsewhere = await a_course(), await a_course(title='Air')
    sami, gone, other = await a_student(), await a_guest(code=course.code), await a_guest(code=elsewhere.code)
    await database.write(joining.join, sami, code=course.code)
    await database.write(participants.remove, course.teacher, course.course_id, user_id=gone.user_id)

    for verb in guest_codes.one, guest_codes.renew:
        for who in sami, gone:
            with pytest.raises(Refused, match='Only a guest'):
                await database.write(verb, course.teacher, course.course_id, user_id=who.user_id)
        with pytest.raises(NotFound):
            await database.write(verb, course.teacher, course.course_id, user_id=other.user_id)
        third = await an_instructor(email=f'{verb.__name__}@example.org')
        with pytest.raises(NotFound):
            await database.write(verb, third, course.course_id, user_id=gone.user_id)
    assert await database.read(guest_codes.of_course, course.teacher, course.course_id) == ()


async def test_those_who_teach_are_told_before_a_course_is_full_of_guests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_limits, 'MOST_GUESTS', 10)
    course = await a_course()
    for number in range(8):
        await a_guest(code=course.code, name=f'Guest {number}')
    assert await told(course) == []
    await a_guest(code=course.code, name='The ninth')
    assert await told(course) == ['This course has 9 guests; it takes 10. A new code keeps strangers out.']
    await a_guest(code=course.code, name='The tenth')
    (full,) = await told(course)
    assert full.startswith('This course has 10 guests and takes no more.')


async def test_those_who_teach_are_told_for_an_hour_that_a_browser_was_turned_away() -> None:
    course, other = await a_course(), await a_course(title='Air')
    shared = Origin(address='192.0.2.1', browser='shared')
    for _ in range(guest_limits.FROM_BROWSER):
        with joining.arriving(shared, code=course.code):
            pass
    assert await told(course) == []
    for _ in range(2):
        with pytest.raises(TooManyAttempts), joining.arriving(shared, code=f' {course.code.lower()} '):
            pytest.fail('one too many')
    with pytest.raises(TooManyAttempts), joining.arriving(shared, code='nonsense' * 50):
        pytest.fail('one too many')

    (sentence,) = await told(course)
    assert sentence.startswith('In the last hour 2 attempts to join were turned away: 20 guests can join on one device')
    assert await told(other) == []
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert await told(course) == []


def test_what_is_remembered_of_who_was_turned_away_is_bounded() -> None:
    for number in range(guest_limits.MOST_CODES + 5):
        guest_limits.turn_away(f'{number:06}'.translate(str.maketrans('01', 'AB')))
    for _ in range(guest_limits.MOST_TIMES + 5):
        guest_limits.turn_away('ABCDEF')
    assert len(guest_limits._turned_away) == guest_limits.MOST_CODES
    assert len(guest_limits._turned_away['ABCDEF']) == guest_limits.MOST_TIMES


async def code_of(course: CourseAtHand, guest: Actor) -> str:
    return (await database.read(guest_codes.one, course.teacher, course.course_id, user_id=guest.user_id)).code


async def comes_back(code: str) -> int:
    joined = await database.write(joining.rejoin, code=code, device='Tablet', address='192.0.2.2')
    assert joined.entered
    return joined.entered.actor.user_id


async def told(course: CourseAtHand) -> list[str]:
    return [str(each) for each in await database.read(guest_limits.told, course.teacher, course.course_id)]
