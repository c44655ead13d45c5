"""Study time: what counts, to whom, when a session ends, and what the log tells of it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import Activity, Verb
from services import timed
from services.access import Actor
from services.accounts import sign_ins
from services.activity import log
from services.core import clock, database, jobs
from services.core.errors import Gone, NotEnrolled, NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.people import joining, participants
from services.study import session_end
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree
from tests.factories.people import a_guest, a_student, another_device
from tests.factories.study import a_morning, arrive, beat, learning_sessions, leave, seconds_at

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S7'), pytest.mark.usefixtures('db')]


async def studied() -> list[tuple[str, int | None, int | None]]:
    """What the log says was studied."""

    def query(tx: Transaction) -> list[tuple[str, int | None, int | None]]:
        rows = tx.session.scalars(select(Activity).where(col(Activity.verb) == Verb.STUDIED).order_by(col(Activity.id)))
        return [(row.tap_id, row.checkpoint_id, row.seconds) for row in rows]

    return await database.read(query)


async def test_time_counts_from_the_first_interaction_to_the_last() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code, device='Phone')
    first, second, _ = course.checkpoints
    with time_machine.travel(a_morning(), tick=False) as time:
        began = clock.now()
        assert not (await arrive(learner, first, interacts=False)).is_open, 'a page that nobody touches is no study'
        assert await learning_sessions() == []
        await arrive(learner, first)
        time.shift(60)
        await beat(learner, first)
        time.shift(30)
        assert (await arrive(learner, second, interacts=False)).is_open
        time.shift(45)
        await beat(learner, second)
        time.shift(20)
        await leave(learner, course.course_id)

    (session,) = await learning_sessions()
    assert (session.device, session.pages_viewed, session.ended_by) == ('Phone', 2, 'left')
    assert (session.started_at, session.ended_at) == (began, began + timedelta(seconds=135))
    assert (session.active_seconds, session.idle_seconds) == (135, 0)
    assert await seconds_at() == {(session.id, first): 90, (session.id, second): 45}
    assert await studied() == [
        (f'studied:{session.id}:{first}', first, 90),
        (f'studied:{session.id}:{second}', second, 45),
    ]
    await assert_log_and_projections_agree()


async def test_a_gap_longer_than_the_limit_is_idle_as_a_whole() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    checkpoint = course.checkpoints[0]
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, checkpoint)
        time.shift(120)
        await beat(learner, checkpoint)
        time.shift(121)
        await beat(learner, checkpoint)
        time.shift(10)
        await beat(learner, checkpoint, plays=True)
        await beat(learner, checkpoint, plays=True)

    (session,) = await learning_sessions()
    assert (session.active_seconds, session.idle_seconds) == (130, 121)
    assert session.videos_watched == 1


async def test_the_same_second_counts_once_and_for_the_device_that_was_used_last() -> None:
    course = await a_course()
    phone = await a_guest(code=course.code)
    tablet = await another_device(of=phone)
    first, second, _ = course.checkpoints
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(phone, first)
        time.shift(30)
        await arrive(tablet, second)
        time.shift(20)
        await beat(phone, first)
        time.shift(15)
        await beat(phone, first, at=clock.now() - timedelta(seconds=15))
        await beat(tablet, second, at=clock.now() - timedelta(seconds=20))
        time.shift(10)
        await beat(tablet, second)
        time.shift(300)
        await arrive(tablet, first)

    on_phone, on_tablet = await learning_sessions()
    assert await seconds_at() == {(on_phone.id, first): 30 + 25, (on_tablet.id, second): 20}
    assert (on_phone.active_seconds, on_tablet.active_seconds) == (55, 20)
    assert (on_phone.idle_seconds, on_tablet.idle_seconds) == (0, 300)


async def test_silence_ends_a_session_at_its_last_sign_of_life() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    checkpoint = course.checkpoints[0]
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, checkpoint)
        time.shift(40)
        last = clock.now()
        await beat(learner, checkpoint)
        time.shift(29 * 60)
        await database.write(session_end.close_silent)
        assert (await learning_sessions())[0].ended_at is None
        time.shift(60)
        await database.write(session_end.close_silent)
        await beat(learner, checkpoint, at=last)
        assert len(await learning_sessions()) == 1, 'a sign that comes much too late begins nothing'
        await beat(learner, checkpoint)

    silent, new = await learning_sessions()
    assert (silent.ended_at, silent.ended_by, silent.active_seconds) == (last, 'silence', 40)
    assert (new.ended_at, new.active_seconds, new.pages_viewed) == (None, 0, 1)
    await assert_log_and_projections_agree()


async def test_upkeep_ends_what_has_fallen_silent() -> None:
    course = await a_course()
    await arrive(await a_guest(code=course.code), course.checkpoints[0])

    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        await jobs.run_due(timed.kinds())

    assert [each.ended_by for each in await learning_sessions()] == ['silence']


async def test_whoever_comes_back_before_the_upkeep_begins_a_new_session_too() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        time.shift(3600)
        await beat(learner, course.checkpoints[0])

    silent, new = await learning_sessions()
    assert (silent.ended_at, silent.idle_seconds) == (silent.started_at, 0)
    assert new.started_at == silent.started_at + timedelta(hours=1)


async def test_what_died_with_the_server_ends_when_it_starts() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        time.shift(15)
        await beat(learner, course.checkpoints[0])
        time.shift(5)
        await database.write(session_end.close_all)

    (session,) = await learning_sessions()
    assert session.ended_at == session.started_at + timedelta(seconds=15)
    assert len(await studied()) == 1
    await assert_log_and_projections_agree()


async def test_signing_out_ends_the_sessions_of_that_device() -> None:
    course = await a_course()
    phone = await a_guest(code=course.code)
    tablet, laptop = await another_device(of=phone), await another_device(of=phone)
    for device in (phone, tablet, laptop):
        await arrive(device, course.checkpoints[0])

    await database.write(sign_ins.sign_out, tablet)
    assert [each.ended_by for each in await learning_sessions()] == ['', 'signed_out', '']
    with pytest.raises(NotSignedIn):
        await beat(tablet, course.checkpoints[0])

    await database.write(sign_ins.sign_out_everywhere, phone)
    assert {each.ended_by for each in await learning_sessions()} == {'signed_out'}


async def test_being_taken_out_of_a_course_ends_what_is_studied_there() -> None:
    course, other = await a_course(), await a_course(title='Air')
    learner = await a_guest(code=course.code)
    await arrive(learner, course.checkpoints[0])

    await database.write(participants.remove, course.teacher, course.course_id, user_id=learner.user_id)

    assert [each.ended_by for each in await learning_sessions()] == ['removed']
    for checkpoint in (course.checkpoints[0], other.checkpoints[0], 999_999):
        with pytest.raises(NotFound, match='no such step'):
            await beat(learner, checkpoint)


async def test_two_courses_on_one_device_are_two_sessions() -> None:
    soil, air = await a_course(), await a_course(title='Air')
    learner = await a_student()
    for course in (soil, air):
        await join(course, learner)
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, soil.checkpoints[0])
        time.shift(10)
        await arrive(learner, air.checkpoints[0])
        time.shift(5)
        await leave(learner, air.course_id)

    assert [(each.course_id, each.active_seconds, each.ended_by) for each in await learning_sessions()] == [
        (soil.course_id, 10, ''),
        (air.course_id, 0, 'left'),
    ]


async def test_a_clock_that_jumps_takes_nothing_back_and_gives_no_hours() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    checkpoint = course.checkpoints[0]
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, checkpoint)
        for jump in (60, -3600, 60, 60, 7200, 60, -86_400, 60):
            time.shift(jump)
            await beat(learner, checkpoint)
        await beat(learner, checkpoint, at=clock.now() + timedelta(days=1))

    sessions = await learning_sessions()
    assert [each.active_seconds for each in sessions] == [60 + 120, 60 + 60]
    assert all(each.idle_seconds == 0 for each in sessions)


async def test_only_what_counts_takes_time() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    preview, deleted, kept = course.checkpoints
    await database.write(checkpoints.edit, course.teacher, preview, details=Details(title='Look', is_preview=True))
    await database.write(checkpoints.delete, course.teacher, deleted)

    with pytest.raises(Refused, match='preview'):
        await arrive(learner, preview)
    with pytest.raises(Gone):
        await arrive(learner, deleted)
    with pytest.raises(NotEnrolled):
        await arrive(course.teacher, kept)
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
    with pytest.raises(Gone):
        await arrive(learner, kept)
    assert await learning_sessions() == []


async def join(course: CourseAtHand, learner: Actor) -> None:
    await database.write(joining.join, learner, code=course.code)


async def test_study_over_midnight_is_that_of_both_days() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    checkpoint = course.checkpoints[0]
    late = a_morning().replace(hour=23, minute=59)
    with time_machine.travel(late, tick=False) as time:
        await arrive(learner, checkpoint)
        time.shift(40)
        await beat(learner, checkpoint)
        time.shift(50)  # midnight was twenty seconds after the last sign
        await beat(learner, checkpoint)
        time.shift(30)
        await beat(learner, checkpoint)
        await leave(learner, course.course_id)

    before, after = await learning_sessions()
    assert (before.active_seconds, before.ended_by) == (59, 'day')
    assert (after.active_seconds, after.ended_by) == (61, 'left')
    assert after.started_at == late + timedelta(minutes=1)
    recorded = await database.read(lambda tx: log.read(tx, col(Activity.verb) == Verb.STUDIED))
    assert [(each.local_date, each.seconds) for each in recorded] == [
        (late.date(), 59),
        (late.date() + timedelta(days=1), 61),
    ]
    await assert_log_and_projections_agree()


async def test_study_that_ended_before_midnight_is_told_for_its_own_day() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    late = a_morning().replace(hour=23, minute=50)
    with time_machine.travel(late, tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        time.shift(60)
        await beat(learner, course.checkpoints[0])
        time.shift(3600)
        await database.write(session_end.close_silent)

    (recorded,) = await database.read(lambda tx: log.read(tx, col(Activity.verb) == Verb.STUDIED))
    assert (recorded.local_date, recorded.local_hour) == (late.date(), 23)
    assert recorded.at.date() == late.date() + timedelta(days=1)
