"""Weeks that are over: kept with the goal that held, reached or missed, and never written anew."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col
from structlog.testing import capture_logs

from models import Activity, ClosedWeek, Enrollment, Verb
from services import projections, timed
from services.access import Actor
from services.accounts import profiles
from services.activity import log
from services.core import database, jobs
from services.core.errors import NotEnrolled, NotFound
from services.core.events import Recorded
from services.core.transaction import Transaction
from services.courses import catalog
from services.goals import closed_weeks, closing_weeks, weekly
from services.goals.closed_weeks import PastWeek
from services.goals.status import Outlook
from services.people import merging, participants
from services.progress import states
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark
from tests.factories.people import a_guest, an_instructor, another_device

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S13')]

THURSDAY = datetime(2030, 1, 10, 9, tzinfo=UTC)
MONDAYS = date(2030, 1, 7), date(2030, 1, 14), date(2030, 1, 21)
WEEK = timedelta(days=7)


async def test_weeks_are_kept_with_the_goal_that_held_and_can_be_missed() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=9)
        clock.shift(WEEK)
        await choose(lena, course, 2)
        await mark(course.checkpoints[1], by=lena)
        await mark(course.checkpoints[2], by=lena)
        await closing_weeks.close_all()
        assert await past(lena, course) == ()  # the first week was not all hers, and the second is not over
        clock.shift(WEEK)
        await closing_weeks.close_all()
        await choose(lena, course, 4)
        clock.shift(WEEK)
        await closing_weeks.close_all()

        assert await past(lena, course) == (
            PastWeek(monday=MONDAYS[2], done=0, goal=4, outlook=Outlook.MISSED),
            PastWeek(monday=MONDAYS[1], done=2, goal=2, outlook=Outlook.ACHIEVED),
        )
        assert await database.read(closed_weeks.own, lena) == {course.course_id: await past(lena, course)}
    await assert_log_and_projections_agree()


async def test_a_week_that_was_reached_is_kept_though_the_learner_joined_in_it() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        await choose(lena, course, 1)
        clock.shift(WEEK)
        await closing_weeks.close_all()

        assert [(week.monday, week.done, week.goal) for week in await past(lena, course)] == [(MONDAYS[0], 1, 1)]


async def test_what_is_undone_later_and_done_twice_changes_no_week() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        await choose(lena, course, 1)
        clock.shift(WEEK)
        await closing_weeks.close_all()
        await mark(course.checkpoints[0], by=lena, verb=Verb.UNDONE)
        await closing_weeks.close_all()
        await closing_weeks.close_all()

        (week,) = await past(lena, course)
        assert (week.done, len(await told(Verb.WEEK_CLOSED))) == (1, 1)


async def test_the_goal_of_a_week_is_that_of_its_end_though_another_is_chosen_before_it_is_closed() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=3)
        clock.shift(WEEK)
        await mark(course.checkpoints[1], by=lena)
        clock.move_to(THURSDAY + timedelta(days=11))
        await choose(lena, course, 1)
        await closing_weeks.close_all()

        assert [(week.monday, week.goal) for week in await past(lena, course)] == [(MONDAYS[1], 5)]


async def test_a_week_is_that_of_the_learner() -> None:
    with time_machine.travel(datetime(2030, 1, 14, 2, tzinfo=UTC), tick=False) as clock:
        course = await a_course(checkpoints=2)
        zoned = {name: await a_learner_in(course, name) for name in ('America/New_York', 'Asia/Tokyo')}
        for learner in zoned.values():
            await choose(learner, course, 1)
            await mark(course.checkpoints[0], by=learner)
        await closing_weeks.close_all()
        assert [await past(learner, course) for learner in zoned.values()] == [(), ()]
        clock.move_to(datetime(2030, 1, 14, 5, 1, tzinfo=UTC))
        await closing_weeks.close_all()
        new_york = await past(zoned['America/New_York'], course)
        clock.move_to(datetime(2030, 1, 20, 15, 1, tzinfo=UTC))
        await closing_weeks.close_all()
        tokyo = await past(zoned['Asia/Tokyo'], course)

        assert [week.monday for week in new_york] == [MONDAYS[0]]  # it was still Sunday there
        assert [week.monday for week in tokyo] == [MONDAYS[1]]


@pytest.mark.parametrize('how', ['paused', 'paused for a part', 'archived', 'taken out', 'complete', 'silent'])
async def test_no_week_is_missed_that_the_learner_did_not_have(how: str) -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        await choose(lena, course, 5)
        place = lena, course.course_id
        if how in {'paused', 'paused for a part'}:
            await database.write(states.pause, *place)
        if how == 'archived':
            await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
        if how == 'taken out':
            await database.write(participants.remove, course.teacher, course.course_id, user_id=lena.user_id)
        if how == 'complete':
            clock.shift(WEEK)
            await mark(course.checkpoints[1], by=lena)
        if how == 'silent':
            clock.shift((closing_weeks.SILENT_WEEKS - 1) * WEEK)
        clock.shift(WEEK)
        if how == 'paused for a part':
            await database.write(states.resume, *place)
        clock.shift(WEEK)
        await closing_weeks.close_all()

        missed = [week.monday for week in await kept()]
        if how == 'silent':
            assert missed  # as long as it is not too long
            clock.shift(5 * WEEK)
            await closing_weeks.close_all()
            assert [week.monday for week in await kept()] == missed
        else:
            assert missed == []


async def test_weeks_that_ended_while_no_server_ran_are_closed_too() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        clock.shift(3 * WEEK)
        await closing_weeks.close_all()

        assert [week.monday for week in await past(lena, course)] == [MONDAYS[2], MONDAYS[1]]


async def test_a_goal_that_is_changed_leaves_a_trace_and_one_that_is_not_leaves_none() -> None:
    course, lena = await a_learner_at_work(checkpoints=2)
    for number in 3, 3, 7:
        await choose(lena, course, number)

    traces = await told(Verb.GOAL_CHOSEN)
    assert [(each.user_id, each.course_id, each.details) for each in traces] == [
        (lena.user_id, course.course_id, {'checkpoints': 3, 'before': 5}),
        (lena.user_id, course.course_id, {'checkpoints': 7, 'before': 3}),
    ]
    assert await goal(lena, course) == 7
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(
    ('spoil', 'what'),
    [
        (lambda tx: tx.execute(update(ClosedWeek).values(done=40)), 'closed week'),
        (lambda tx: tx.execute(update(Enrollment).values(weekly_goal=40)), 'weekly goal'),
    ],
)
async def test_what_differs_from_the_log_is_found(spoil: Callable[[Transaction], object], what: str) -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        await choose(lena, course, 1)
        clock.shift(WEEK)
        await closing_weeks.close_all()
        await database.write(spoil)

        found = await database.read(_differences, lena.user_id)
        await database.write(merging.rebuild, {lena.user_id})

        assert len(found) == 1
        assert what in found[0]
    await assert_log_and_projections_agree()


async def test_the_weeks_of_a_guest_become_those_of_the_person() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, guest = await a_learner_at_work(checkpoints=2)
        person = await a_guest(code=course.code, name='Lena Brandt')
        await choose(guest, course, 1)
        clock.shift(WEEK)
        await closing_weeks.close_all()
        who = {'guest_id': guest.user_id}
        await database.write(merging.merge, course.teacher, course.course_id, **who, into_id=person.user_id)
        merged = await past(person, course)
        await assert_log_and_projections_agree()
        await database.write(merging.unmerge, course.teacher, course.course_id, **who)

        assert [week.monday for week in merged] == [MONDAYS[0]]
        assert await past(person, course) == ()
    await assert_log_and_projections_agree()


@pytest.mark.req('O1')
async def test_those_who_teach_see_the_weeks_of_a_learner_and_it_is_noted() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        otto = await a_guest(code=course.code, name='Otto')
        clock.shift(2 * WEEK)
        await closing_weeks.close_all()
        them = course.course_id, lena.user_id

        with capture_logs() as lines:
            seen = await database.read(closed_weeks.of_learner, course.teacher, *them)

        assert seen == await past(lena, course)
        assert len(seen) == 1
        (look,) = (line for line in lines if line['event'] == 'dashboard opened')
        assert (look['page'], look['by'], look['about']) == ('weekly goals', course.teacher.user_id, lena.user_id)
        for other in otto, lena, await an_instructor(email='third@example.org'):
            with pytest.raises(NotFound):
                await database.read(closed_weeks.of_learner, other, *them)
        with pytest.raises(NotEnrolled):
            await database.read(closed_weeks.own_in, course.teacher, course.course_id)


async def test_the_job_closes_weeks_by_the_clock() -> None:
    with time_machine.travel(THURSDAY, tick=False) as clock:
        course, lena = await a_learner_at_work(checkpoints=2)
        await jobs.run_due(timed.kinds())
        clock.shift(2 * WEEK)
        await jobs.run_due(timed.kinds())

        assert len(await past(lena, course)) == 1


async def a_learner_at_work(*, checkpoints: int) -> tuple[CourseAtHand, Actor]:
    course = await a_course(checkpoints=checkpoints)
    lena = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=lena)
    return course, lena


async def a_learner_in(course: CourseAtHand, time_zone: str) -> Actor:
    learner = await a_guest(code=course.code, name=time_zone)
    await database.write(profiles.live_in, learner, time_zone=time_zone)
    return await another_device(of=learner)


async def choose(learner: Actor, course: CourseAtHand, number: int) -> None:
    await database.write(weekly.choose, learner, course.course_id, checkpoints=number)


async def past(learner: Actor, course: CourseAtHand) -> tuple[PastWeek, ...]:
    return await database.read(closed_weeks.own_in, learner, course.course_id)


async def kept() -> list[ClosedWeek]:
    """Everybody's weeks."""
    return await database.read(_kept)


def _kept(tx: Transaction) -> list[ClosedWeek]:
    return list(tx.session.scalars(select(ClosedWeek).order_by(col(ClosedWeek.monday))))


def _differences(tx: Transaction, user_id: int) -> list[str]:
    part = merging.part_of(tx, frozenset({user_id}), {})
    return [line for projection in projections.ALL for line in projection.differences(tx, part)]


async def told(verb: Verb) -> list[Recorded]:
    return await database.read(log.read, col(Activity.verb) == verb)


async def goal(learner: Actor, course: CourseAtHand) -> int:
    return (await database.read(weekly.weeks, learner))[course.course_id].goal
