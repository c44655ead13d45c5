"""The pace of a class: led to a checkpoint, with a time for it, and paused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from models import Verb
from services.activity import taps
from services.activity.taps import Tap
from services.core import database
from services.core.clock import now as present
from services.core.errors import Invalid, Refused
from services.core.events import ClassChanged
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import NameDisplay
from services.live import pacing, rooms, sessions
from services.live.board import loading as boards
from services.live.board import view_builders
from services.live.board.board import Board
from services.live.stream import snapshots
from services.people import groups
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, percent, tap
from tests.support.eventually import eventually

pytestmark = [pytest.mark.req('L9'), pytest.mark.both_databases]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LED = ClassChanged(
    course_id=1,
    session_id=1,
    started_at=NOON,
    ended_at=None,
    current_checkpoint_id=1,
    led_since=NOON,
    names=NameDisplay.ALIAS,
)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ('session', 'minutes', 'now', 'shown'),
    [
        (LED, 10, at(0), '10:00 left'),
        (LED, 10, at(4.5), '5:30 left'),
        (LED, 10, at(10), '0:00 left'),
        (LED, 10, at(12.5), 'over time by 2:30'),
        (replace(LED, paused_at=at(3)), 10, at(50), '7:00 left'),
        (replace(LED, paused_at=at(-3)), 10, at(50), '10:00 left'),
        (LED, None, at(1), None),
        (replace(LED, led_since=None), 10, at(1), None),
    ],
)
def test_the_time_for_a_checkpoint_runs_down_stands_still_and_goes_over(
    session: ClassChanged, minutes: int | None, now: datetime, shown: str | None
) -> None:
    left = pacing.remaining(session, minutes, now)
    assert (left if left is None else str(pacing.countdown(left))) == shown


@pytest.mark.usefixtures('db')
async def test_a_pause_takes_nothing_from_the_time_for_a_checkpoint() -> None:
    klass = await a_class()
    await database.write(
        checkpoints.edit, klass.teacher, klass.checkpoints[0], Details(title='Soil', estimated_minutes=10)
    )
    with time_machine.travel(present(), tick=False) as clock:
        await lead(klass, klass.checkpoints[0])
        clock.shift(timedelta(minutes=4))
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'Fire drill')
        clock.shift(timedelta(minutes=30))
        assert await left(klass) == timedelta(minutes=6)
        assert pacing.until(await board(klass)) is None

        await database.write(sessions.resume, klass.teacher, klass.course_id)
        assert await left(klass) == timedelta(minutes=6)
        assert pacing.until(await board(klass)) == present() + timedelta(minutes=6)
        clock.shift(timedelta(minutes=7))
        assert await left(klass) == timedelta(minutes=-1)


@pytest.mark.usefixtures('db')
async def test_the_time_begins_with_each_checkpoint_and_not_anew_for_the_same_one() -> None:
    klass = await a_class()
    for checkpoint in klass.checkpoints:
        await database.write(checkpoints.edit, klass.teacher, checkpoint, Details(title='Soil', estimated_minutes=5))
    with time_machine.travel(present(), tick=False) as clock:
        await lead(klass, klass.checkpoints[0])
        clock.shift(timedelta(minutes=2))
        await lead(klass, klass.checkpoints[0])
        assert await left(klass) == timedelta(minutes=3)
        await lead(klass, klass.checkpoints[1])
        assert await left(klass) == timedelta(minutes=5)

        await database.write(sessions.pause, klass.teacher, klass.course_id, '')
        clock.shift(timedelta(minutes=2))
        await lead(klass, klass.checkpoints[2])
        clock.shift(timedelta(minutes=2))
        assert await left(klass) == timedelta(minutes=5), 'led on in a pause'
        await database.write(sessions.resume, klass.teacher, klass.course_id)
        assert await left(klass) == timedelta(minutes=5)
        await lead(klass, None)
        assert await left(klass) is None


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize('verb', [Verb.STARTED, Verb.COMPLETED, Verb.UNDONE])
async def test_nothing_is_tapped_while_the_class_is_paused(verb: Verb) -> None:
    klass = await a_class()
    first = await tap(klass, klass.checkpoints[0], tap_id='before')
    await database.write(sessions.pause, klass.teacher, klass.course_id, '  Look at the\n front ')

    with pytest.raises(Refused, match=r'paused: Look at the front\. Tap again'):
        await tap(klass, klass.checkpoints[0], verb=verb)
    assert await tap(klass, klass.checkpoints[0], tap_id='before') == first, 'what is on disk keeps its receipt'
    await join_class(klass)
    await tap(klass, None, verb=Verb.LEFT)
    assert await percent(klass, klass.learner) == 33

    await database.write(sessions.resume, klass.teacher, klass.course_id)
    await tap(klass, klass.checkpoints[1])
    assert await percent(klass, klass.learner) == 66
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_a_tap_that_crosses_with_a_pause_counts_but_not_for_long() -> None:
    klass = await a_class()
    with time_machine.travel(present(), tick=False) as clock:
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'Listen')
        await taps.take(crossing(klass, klass.checkpoints[0]))
        assert await percent(klass, klass.learner) == 33

        clock.shift(taps.CROSSING)
        with pytest.raises(Refused, match='Listen'):
            await taps.take(crossing(klass, klass.checkpoints[1]))


@pytest.mark.usefixtures('db')
async def test_a_second_pause_only_changes_the_reason() -> None:
    klass = await a_class()
    with time_machine.travel(present(), tick=False) as clock:
        began = present()
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'Listen')
        clock.shift(timedelta(minutes=1))
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'Break until ten')

    session = (await board(klass)).session
    assert session
    assert (session.paused_at, session.pause_reason) == (began, 'Break until ten')
    with pytest.raises(Invalid, match='too long'):
        await database.write(sessions.pause, klass.teacher, klass.course_id, 'x' * 121)


@pytest.mark.usefixtures('db')
async def test_going_on_without_a_pause_changes_nothing_and_no_class_cannot_be_paused() -> None:
    klass = await a_class()
    await lead(klass, klass.checkpoints[0])
    before = (await board(klass)).session
    await database.write(sessions.resume, klass.teacher, klass.course_id)
    assert (await board(klass)).session == before

    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Refused, match='No class is running'):
        await database.write(sessions.pause, klass.teacher, klass.course_id, '')


@pytest.mark.usefixtures('db')
async def test_when_most_are_done_the_class_can_move_on() -> None:
    klass = await a_class(checkpoints=2, learners=['Ann', 'Ben', 'Cem', 'Dee', 'Eve'])
    for who in klass.learners:
        await join_class(klass, by=who)
    await lead(klass, klass.checkpoints[0])
    for who in klass.learners[:3]:
        await tap(klass, klass.checkpoints[0], by=who)
    assert pacing.share_done(await board(klass)) is None

    await tap(klass, klass.checkpoints[0], by=klass.learners[3])
    assert pacing.share_done(await board(klass)) == 80

    await lead(klass, klass.checkpoints[1])
    for who in klass.learners:
        await tap(klass, klass.checkpoints[1], by=who)
    assert pacing.share_done(await board(klass)) is None, 'there is nothing after the last step'


@pytest.mark.usefixtures('db')
async def test_the_checkpoints_beside_the_current_one() -> None:
    klass = await a_class()

    async def beside() -> list[int | None]:
        columns = pacing.checkpoint_beside(await board(klass), -1), pacing.checkpoint_beside(await board(klass), 1)
        return [column.checkpoint_id if column else None for column in columns]

    assert await beside() == [None, klass.checkpoints[0]]
    await lead(klass, klass.checkpoints[1])
    assert await beside() == [klass.checkpoints[0], klass.checkpoints[2]]
    await lead(klass, klass.checkpoints[2])
    assert await beside() == [klass.checkpoints[1], None]


@pytest.mark.usefixtures('db')
async def test_a_learner_is_told_why_and_until_when() -> None:
    klass = await a_class()
    await database.write(
        checkpoints.edit, klass.teacher, klass.checkpoints[0], Details(title='Soil', estimated_minutes=5)
    )
    await lead(klass, klass.checkpoints[0])
    view = view_builders.own_view(await board(klass), klass.learner.user_id)
    assert view.pause is None
    assert view.until is not None

    await database.write(sessions.pause, klass.teacher, klass.course_id, 'Listen!')
    view = view_builders.own_view(await board(klass), klass.learner.user_id)
    assert (str(view.pause), view.until) == ('The class is paused: Listen!', None)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    assert view_builders.own_view(await board(klass), klass.learner.user_id).pause is None


async def lead(klass: ClassAtHand, checkpoint: int | None) -> None:
    await database.write(sessions.set_current, klass.teacher, klass.course_id, checkpoint)


async def board(klass: ClassAtHand) -> Board:
    return await database.read(boards.load, klass.course_id)


async def left(klass: ClassAtHand) -> timedelta | None:
    return pacing.time_left(await board(klass), present())


def crossing(klass: ClassAtHand, checkpoint: int) -> Tap:
    return Tap(
        actor=klass.learner,
        session_id=klass.session_id,
        verb=Verb.COMPLETED,
        tap_id=f'crossing {checkpoint}',
        checkpoint_id=checkpoint,
        on_its_way=True,
    )


@pytest.mark.req('C7')
@pytest.mark.usefixtures('db')
async def test_extra_time_moves_the_end_for_one_learner_alone() -> None:
    klass = await a_class(learners=('Lena', 'Otto'))
    lena, otto = klass.learners
    for number, checkpoint in enumerate(klass.checkpoints):
        timed = Details(title=f'Step {number}', estimated_minutes=10)
        await database.write(checkpoints.edit, klass.teacher, checkpoint, timed)
    await database.write(groups.give_extra_time, klass.teacher, klass.course_id, user_id=lena.user_id, percent=25)
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[0])

    front = await rooms.enter(klass.course_id)
    board = front.board
    led_since = board.session.led_since if board.session else None
    assert led_since
    assert view_builders.own_view(board, lena.user_id).until == led_since + timedelta(minutes=12.5)
    assert view_builders.own_view(board, otto.user_id).until == pacing.until(board) == led_since + timedelta(minutes=10)
    told = snapshots.own_state(board, lena.user_id, 'x').session
    assert told
    assert told.until == led_since + timedelta(minutes=12.5)

    seen: list[datetime | None] = []
    front.screens.watch_own(lena.user_id, lambda: seen.append(front.own_view(lena.user_id).until), lambda _: None)
    await database.write(groups.give_extra_time, klass.teacher, klass.course_id, user_id=lena.user_id, percent=100)
    await eventually(lambda: led_since + timedelta(minutes=20) in seen)


@pytest.mark.usefixtures('db')
async def test_a_class_at_its_own_pace_can_have_a_time() -> None:
    klass = await a_class(learners=['Lena Slow', 'Otto Old'])
    lena, otto = klass.learners
    await database.write(groups.give_extra_time, klass.teacher, klass.course_id, user_id=lena.user_id, percent=50)
    assert pacing.until(await board(klass)) is None

    await database.write(sessions.set_time, klass.teacher, klass.course_id, 10)

    stands = await board(klass)
    assert stands.session
    assert (since := stands.session.timer_since)
    assert pacing.time_left(stands, since) == timedelta(minutes=10)
    assert view_builders.own_view(stands, otto.user_id).until == since + timedelta(minutes=10)
    assert view_builders.own_view(stands, lena.user_id).until == since + timedelta(minutes=15)
    assert pacing.has_set_time(stands)

    await database.write(sessions.give_time, klass.teacher, klass.course_id)
    assert pacing.time_left(await board(klass), since) == timedelta(minutes=11)

    await database.write(sessions.set_time, klass.teacher, klass.course_id, None)
    stands = await board(klass)
    assert pacing.time_left(stands, since) is None
    assert not pacing.has_set_time(stands)
    with pytest.raises(Refused):
        await database.write(sessions.give_time, klass.teacher, klass.course_id)


@pytest.mark.usefixtures('db')
async def test_a_time_that_was_set_goes_before_the_estimate_until_the_class_is_led_elsewhere() -> None:
    klass = await a_class()
    first, second = klass.checkpoints[:2]
    await database.write(checkpoints.edit, klass.teacher, second, Details(title='Wet the sample', estimated_minutes=7))
    await database.write(sessions.set_current, klass.teacher, klass.course_id, first)
    await database.write(sessions.set_time, klass.teacher, klass.course_id, 3)
    stands = await board(klass)
    assert stands.session
    assert (since := stands.session.timer_since)
    assert pacing.time_left(stands, since) == timedelta(minutes=3)

    await database.write(sessions.set_current, klass.teacher, klass.course_id, first)
    assert pacing.has_set_time(await board(klass)), 'it is led nowhere else'

    await database.write(sessions.set_current, klass.teacher, klass.course_id, second)

    stands = await board(klass)
    assert stands.session
    assert stands.session.led_since
    assert pacing.time_left(stands, stands.session.led_since) == timedelta(minutes=7)


@pytest.mark.usefixtures('db')
async def test_a_time_that_was_set_stands_still_in_a_pause() -> None:
    klass = await a_class()
    start = present()
    with time_machine.travel(start, tick=False):
        await database.write(sessions.set_time, klass.teacher, klass.course_id, 10)
    with time_machine.travel(start + timedelta(minutes=4), tick=False):
        await database.write(sessions.pause, klass.teacher, klass.course_id, '')
    stands = await board(klass)
    assert pacing.until(stands) is None
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        assert pacing.time_left(stands, present()) == timedelta(minutes=6)
        await database.write(sessions.resume, klass.teacher, klass.course_id)
        assert pacing.time_left(await board(klass), present()) == timedelta(minutes=6)


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize('minutes', [0, -1, 601])
async def test_a_time_has_between_one_and_six_hundred_minutes(minutes: int) -> None:
    klass = await a_class()
    with pytest.raises(Invalid):
        await database.write(sessions.set_time, klass.teacher, klass.course_id, minutes)
