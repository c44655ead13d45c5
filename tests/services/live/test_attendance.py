"""Who was there, and for how long: whatever comes and goes, the roll is what the log says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, true
from sqlmodel import col

from models import Attendance, Verb
from services import verify
from services.access import Actor
from services.accounts import sign_ins
from services.activity import taps
from services.activity.taps import Tap
from services.core import clock, database, jobs
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.live import elsewhere, housekeeping, joining, rooms, sessions
from services.live.attendance import report
from services.live.attendance import stays as attendance_stays
from services.live.board.views import Names
from services.live.elsewhere import Elsewhere
from services.people import groups, participants
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    assert_log_and_projections_agree,
    join_class,
    tap,
)
from tests.factories.people import a_guest
from tests.support.eventually import eventually
from tests.support.lesson import Command, a_lesson

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L12')]

numbers = st.integers(min_value=0, max_value=3)


class Line:
    """A line to other processes on which nothing is said."""

    is_heard = False

    def say(self, topic: str, message: Mapping[str, Any]) -> None:
        """Tell nobody."""

    def has_heard_for(self, seconds: float) -> bool:
        """Tell whether the line is there."""
        return self.is_heard


coming_and_going = st.tuples(
    st.sampled_from(['join', 'come', 'come', 'leave', 'leave', 'complete', 'end', 'start', 'next class']),
    numbers,
    numbers,
)


async def test_two_stays_are_added_up() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        began = clock.now()
        await join_class(klass)
        time.shift(600)
        await leave(klass)
        time.shift(1000)
        await join_class(klass)
        await join_class(klass)  # on a second device
        time.shift(300)
        await leave(klass)
        time.shift(50)
        await leave(klass)

    row = await the_row()
    assert (row.came_at, row.here_since, row.seconds) == (began, None, 900)
    assert row.left_at == began + timedelta(seconds=1900)
    await assert_log_and_projections_agree()


async def test_the_end_of_a_class_ends_all_stays_once() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(1200)
        end = clock.now()
        await database.write(sessions.end, klass.teacher, klass.course_id)
        at_end = await the_row()
        time.shift(90)
        await leave(klass)

    assert (at_end.here_since, at_end.left_at, at_end.seconds) == (None, end, 1200)
    assert (await the_row()).model_dump() == at_end.model_dump()
    await assert_log_and_projections_agree()


async def test_whose_page_dies_left_when_it_was_last_heard_of() -> None:
    klass = await a_class()
    front = await rooms.enter(klass.course_id)
    who = klass.learner.user_id
    with time_machine.travel(clock.now(), tick=False) as time:
        front.arrive(who)
        await joining.come(front, klass.learner)
        time.shift(600)
        front.presences.lose(who, front._loop.time() - 44)  # since when its page was kept in vain
        front.leave(who)
        await joining.go(front, klass.learner)
        noted = clock.now()

    row = await the_row()
    assert (row.left_at, row.seconds) == (noted - timedelta(seconds=44), 556)
    await assert_log_and_projections_agree()


async def test_leaving_silently_after_the_end_changes_nothing() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(60)
        await database.write(sessions.end, klass.teacher, klass.course_id)
        time.shift(10)
        await taps.take(
            Tap(actor=klass.learner, session_id=klass.session_id, verb=Verb.LEFT, tap_id='late', seconds=40)
        )

    assert (await the_row()).seconds == 60
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_after_a_crash_who_does_not_come_back_left_with_their_last_sign() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual'])
    lena, otto, pia = klass.learners
    with time_machine.travel(clock.now(), tick=False) as time:
        for who in klass.learners:
            await join_class(klass, by=who)
        time.shift(300)
        last = clock.now()
        await tap(klass, klass.checkpoints[0], by=otto)
        time.shift(120)  # the server dies, and is back at once
        rooms.close_all()
        await joining.tidy(silent_for=timedelta(minutes=15))
        assert len(await stays()) == 3
        (await rooms.enter(klass.course_id)).arrive(lena.user_id)
        time.shift(60)
        await joining.tidy(silent_for=timedelta(minutes=1))

        assert set(await stays()) == {(klass.session_id, lena.user_id)}
        assert (await the_row(otto)).left_at == last
        assert (await the_row(otto)).seconds == 300
        assert (await the_row(pia)).seconds == 0
        time.shift(60)
        await join_class(klass, by=pia)
        time.shift(20)
        await database.write(sessions.end, klass.teacher, klass.course_id)

    assert [(await the_row(who)).seconds for who in klass.learners] == [560, 300, 20]
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_a_class_that_the_server_did_not_survive_ends_with_its_last_sign() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(300)
        last = clock.now()
        await tap(klass, klass.checkpoints[0])
        time.shift(170 * 60)
        await joining.tidy(silent_for=timedelta(minutes=15))
        time.shift(10 * 60)
        assert await close_forgotten() == [klass.session_id]

    session = await database.read(sessions.latest, klass.course_id)
    assert session
    assert session.ended_at == last
    assert (await the_row()).seconds == 300
    await assert_log_and_projections_agree()


async def test_who_signs_out_in_class_has_left() -> None:
    klass = await a_class()
    front = await rooms.enter(klass.course_id)
    with time_machine.travel(clock.now(), tick=False) as time:
        front.arrive(klass.learner.user_id)
        await joining.come(front, klass.learner)
        time.shift(300)
        await tap(klass, klass.checkpoints[0])
        await database.write(sign_ins.sign_out, klass.learner)
        front.leave(klass.learner.user_id)
        await joining.go(front, klass.learner)
        time.shift(60)
        await joining.tidy(silent_for=timedelta(minutes=1))
        time.shift(600)
        await database.write(sessions.end, klass.teacher, klass.course_id)

    assert (await the_row()).seconds == 300


async def test_a_clock_that_is_set_back_gives_no_negative_time() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(-60)
        await leave(klass)

    assert (await the_row()).seconds == 0


async def test_the_rate_counts_the_classes_since_they_enrolled() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(600)
        await next_class(klass)
        pia = await a_guest(code=klass.code, name='Pia Punctual')
        time.shift(60)
        again = await next_class(klass)
        await join_class(again)
        await join_class(again, by=pia)
        time.shift(150)

        roll = await database.read(report.of_course, klass.teacher, klass.course_id)

    lena, otto, pias = roll.learners
    assert (lena.minutes, lena.counts, lena.rate) == ((10, None, 2), (True, True, True), 66)
    assert (otto.minutes, otto.counts, otto.rate) == ((None, None, None), (True, True, True), 0)
    assert (pias.minutes, pias.counts, pias.rate) == ((None, None, 2), (False, True, True), 50)
    assert [held.came for held in roll.classes] == [1, 0, 2]


async def test_no_class_counts_for_learners_who_were_taken_out_before_it() -> None:
    klass = await a_class(learners=['Lena Low', 'Olga Own'])
    lena, olga = klass.learners
    course = klass.teacher, klass.course_id
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass, by=lena)
        time.shift(600)
        await database.write(participants.remove, *course, user_id=lena.user_id)
        time.shift(60)
        again = await next_class(klass)
        await join_class(again, by=olga)
        time.shift(60)
        roll = await database.read(report.of_course, *course)
        of_class = await database.read(report.of_class, *course, again.session_id)

        assert [(each.name, each.attended, each.held, each.is_removed) for each in roll.learners] == [
            ('Olga Own', 1, 2, False),
            ('Lena Low', 1, 1, True),
        ], 'who has left comes last'
        assert roll.learners[1].counts == (True, False)
        assert of_class.absent == (), 'who has left the course can miss nothing in it'

        await database.write(participants.bring_back, *course, user_id=lena.user_id)
        back = await database.read(report.of_class, *course, again.session_id)

    assert [each.name for each in back.absent] == ['Lena Low']


async def test_of_a_group_as_many_came_as_are_named() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    course, lena = (klass.teacher, klass.course_id), klass.learners[0]
    await database.write(groups.put, *course, user_id=lena.user_id, name='Forest')
    for learner in klass.learners:
        await join_class(klass, by=learner)

    roll = await database.read(report.of_course, *course, group='Forest')
    of_class = await database.read(report.of_class, *course, klass.session_id, group='Forest')

    assert ([each.name for each in roll.learners], roll.classes[0].came) == (['Lena Low'], 1)
    assert ([each.name for each in of_class.present], of_class.held.came) == (['Lena Low'], 1)


async def test_the_roll_of_one_class_tells_who_came_and_who_did_not() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(300)
        roll = await database.read(report.of_class, klass.teacher, klass.course_id, klass.session_id)

    (lena,) = roll.present
    assert (lena.name, lena.minutes, lena.is_here, lena.left_at) == ('Lena Low', 5, True, None)
    assert [each.name for each in roll.absent] == ['Otto Old']


async def test_the_roll_of_a_class_of_another_course_is_not_found() -> None:
    klass, other = await a_class(), await a_class()

    with pytest.raises(NotFound, match='no such class'):
        await database.read(report.of_class, other.teacher, other.course_id, klass.session_id)


async def test_a_class_that_was_never_ended_ends_as_of_its_last_activity() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now(), tick=False) as time:
        await join_class(klass)
        time.shift(1200)
        last = clock.now()
        await tap(klass, klass.checkpoints[0])
        time.shift(179 * 60)
        assert await close_forgotten() == []
        time.shift(60)
        assert await close_forgotten(except_in={klass.course_id}) == []

        assert await close_forgotten() == [klass.session_id]
        assert await close_forgotten() == []

    session = await database.read(sessions.latest, klass.course_id)
    assert session
    assert session.ended_at == last
    row = await the_row()
    assert (row.here_since, row.left_at, row.seconds) == (None, last, 1200)
    await assert_log_and_projections_agree()


async def test_a_class_to_which_nobody_came_ends_as_of_its_start() -> None:
    klass = await a_class()
    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False):
        assert await close_forgotten() == [klass.session_id]

    session = await database.read(sessions.latest, klass.course_id)
    assert session
    assert session.ended_at == session.started_at


async def test_upkeep_ends_what_was_forgotten_and_tells_the_journal(server_log_lines: list[dict[str, object]]) -> None:
    watched, forgotten = await a_class(), await a_class()
    (await rooms.enter(watched.course_id)).arrive(watched.learner.user_id)
    await rooms.enter(forgotten.course_id)

    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False):
        await jobs.run_due([housekeeping.kind()])

    assert [line for line in server_log_lines if line['event'] == 'forgotten class ended']
    front, other = await rooms.enter(watched.course_id), await rooms.enter(forgotten.course_id)
    assert (front.board.is_running, other.board.is_running) == (True, False)


async def test_a_projector_that_was_left_on_does_not_keep_a_class_open() -> None:
    klass, led = await a_class(), await a_class()
    left_on = await rooms.enter(klass.course_id)
    left_on.screens.watch_grid(Names.ALIAS, lambda _: None)
    left_on.screens.watch_help(lambda: None)
    (await rooms.enter(led.course_id)).screens.watch_grid(Names.TEACHER, lambda _: None)

    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False):
        await jobs.run_due([housekeeping.kind()])

    await eventually(lambda: not left_on.board.is_running)
    assert (await rooms.enter(led.course_id)).board.is_running


async def test_upkeep_ends_the_stays_of_those_who_do_not_come_back() -> None:
    klass = await a_class()
    await join_class(klass)
    kinds = [housekeeping.kind()]

    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False) as travelling:
        await jobs.run_due(kinds)
        assert await stays() != {}, 'after a start everybody has a minute to come back'
        travelling.shift(housekeeping.CHECK_EVERY)
        await jobs.run_due(kinds)

    assert (await rooms.enter(klass.course_id)).board.is_running
    assert await stays() == {}
    await assert_log_and_projections_agree()


async def test_upkeep_takes_nobody_for_gone_while_other_processes_are_not_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    klass = await a_class()
    await join_class(klass)
    line = Line()
    monkeypatch.setattr(elsewhere, 'here', Elsewhere())
    elsewhere.here.begin(line)

    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False) as travelling:
        await jobs.run_due([housekeeping.kind()])
        assert (await rooms.enter(klass.course_id)).board.is_running, 'the class may be in front of another process'
        assert await stays() != {}
        line.is_heard = True
        travelling.shift(housekeeping.CHECK_EVERY)
        await jobs.run_due([housekeeping.kind()])

    assert not (await rooms.enter(klass.course_id)).board.is_running


async def test_upkeep_goes_on_after_a_database_in_trouble(
    server_log_lines: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class()
    kinds = [housekeeping.kind()]
    close = sessions.close_forgotten

    def once_in_trouble(*args: object, **kwargs: object) -> list[int]:
        monkeypatch.setattr(sessions, 'close_forgotten', close)
        raise ZeroDivisionError

    monkeypatch.setattr(sessions, 'close_forgotten', once_in_trouble)
    with time_machine.travel(clock.now() + timedelta(hours=4), tick=False) as travelling:
        await jobs.run_due(kinds)
        travelling.shift(housekeeping.CHECK_EVERY)
        await jobs.run_due(kinds)

    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error']
    assert not (await rooms.enter(klass.course_id)).board.is_running


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=st.lists(coming_and_going, min_size=3, max_size=25))
@example(commands=[('come', 0, 0), ('end', 0, 0), ('leave', 0, 0), ('start', 0, 0), ('leave', 0, 0), ('come', 0, 0)])
async def test_whatever_comes_and_goes_the_roll_is_what_the_log_says(
    begin_anew: Callable[[], None], commands: Sequence[Command]
) -> None:
    begin_anew()
    lesson, stop = await a_lesson()
    beginning: list[Command] = [('join', 0, 0), ('join', 1, 0), ('start', 0, 0)]
    try:
        with time_machine.travel(clock.now(), tick=False) as time:
            for command in [*beginning, *commands]:
                await lesson.do(command)
                time.shift(7)
        assert await database.read(verify.differences) == []
    finally:
        stop()


async def next_class(klass: ClassAtHand) -> ClassAtHand:
    await database.write(sessions.end, klass.teacher, klass.course_id)
    return replace(klass, session_id=await database.write(sessions.start, klass.teacher, klass.course_id))


async def close_forgotten(except_in: Collection[int] = ()) -> list[int]:
    return await database.write(sessions.close_forgotten, idle_for=timedelta(minutes=180), except_in=except_in)


async def leave(klass: ClassAtHand) -> None:
    await tap(klass, None, verb=Verb.LEFT)


async def stays() -> dict[attendance_stays.Key, attendance_stays.Stays]:
    return await database.read(attendance_stays.going_on)


async def the_row(of: Actor | None = None) -> Attendance:
    def read(tx: Transaction) -> Attendance:
        theirs = (col(Attendance.user_id) == of.user_id) if of else true()
        return tx.session.scalars(select(Attendance).where(theirs)).one()

    return await database.read(read)
