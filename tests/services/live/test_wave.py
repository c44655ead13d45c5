"""The wave of a class: how far those on the projector were, all together, and nothing that tells of one of them."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine

from services.core import clock, database
from services.live import rooms
from services.live.board import wave
from services.progress import enrollments
from tests.factories.classes import ClassAtHand, a_class, join_class, mark, tap, undo
from tests.support.eventually import eventually

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L14', 'L10')]

PEOPLE = ['Lena Low', 'Otto Old', 'Mia May', 'Ben Bay', 'Ida Ice', 'Lena Lang']


async def test_it_rises_from_the_start_until_now_and_knows_what_was_done_before_the_class() -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        klass = await a_class(learners=PEOPLE[:5], checkpoints=2)
        for who in klass.learners:
            await join_class(klass, by=who)
        time.shift(timedelta(seconds=20))
        await mark(klass.checkpoints[0], by=klass.learners[0])
        await tap(klass, klass.checkpoints[0], by=klass.learners[0])
        time.shift(timedelta(seconds=40))
        for who in klass.learners:
            await tap(klass, klass.checkpoints[1], by=who)
        await undo(klass, klass.checkpoints[1], by=klass.learners[4])
        time.shift(timedelta(seconds=5))

        seconds, percents = await the_wave(klass)

    assert seconds == [0, 15, 30, 45, 60, 65]
    assert percents == (0, 0, 10, 10, 50, 50), 'a step that was done twice counts once, one taken back not at all'
    front = await rooms.enter(klass.course_id)
    assert percents[-1] == front.board.percent


async def test_it_is_of_those_who_are_shown_and_of_five_at_least() -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        klass = await a_class(learners=PEOPLE, checkpoints=1)
        for who in klass.learners:
            await join_class(klass, by=who)
        await tap(klass, klass.checkpoints[0], by=klass.learners[0])
        time.shift(timedelta(minutes=1))
        assert (await the_wave(klass))[1][-1] == 16

        await hide(klass, 0)
        assert (await the_wave(klass))[1] == (0,) * 5, 'whoever hides takes their steps out of the past, too'
        await hide(klass, 1)
        front = await rooms.enter(klass.course_id)
        assert wave.asked(front.board, clock.now()) is None


async def the_wave(klass: ClassAtHand) -> tuple[list[int], Sequence[int]]:
    """Return the seconds since the start, and how far the class was at each."""
    front = await rooms.enter(klass.course_id)
    wanted = wave.asked(front.board, clock.now())
    assert wanted
    seconds = [round((moment - wanted.moments[0]).total_seconds()) for moment in wanted.moments]
    return seconds, await database.read(wave.of_class, klass.teacher, wanted)


async def hide(klass: ClassAtHand, who: int) -> None:
    front = await rooms.enter(klass.course_id)
    await database.write(enrollments.hide, klass.learners[who], klass.course_id, True)
    await eventually(lambda: front.board.learners[klass.learners[who].user_id].is_hidden)
