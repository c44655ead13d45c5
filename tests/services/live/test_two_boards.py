"""Old board + what was heard = fresh board, in two processes between which messages are lost, late and out of order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from services.core import clock, database, hub, processes, turns
from services.core.events import Event
from services.core.processes import last_number
from services.core.turns import Turns
from services.live.board import loading as boards
from services.live.board.board import Board
from tests.services.live.test_board import BEGINNING, anything, mostly_class, mostly_help, observable
from tests.support.lesson import Command, Lesson, a_lesson

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L4', 'O2')]

ARRIVES, LATE, LOST, GIVES_UP = 'arrives', 'late', 'lost', 'gives up'
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Process:
    """What one process shows, by what it has heard."""

    board: Board
    must_load: bool = False
    turns: Turns = field(init=False)
    on_its_way: list[tuple[int, Sequence[Event]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(publish=self._publish, missed=self._miss)

    def hear_what_is_late(self) -> None:
        late, self.on_its_way = self.on_its_way, []
        for number, events in reversed(late):
            self.turns.take(number, events)

    async def load(self) -> None:
        if self.must_load:
            self.must_load = False
            self.board = await database.read(boards.load, self.board.course_id)

    def _publish(self, events: Sequence[Event]) -> None:
        of_course = [event for event in events if event.course_id == self.board.course_id]
        self.must_load |= self.board.apply(of_course).reload

    def _miss(self) -> None:
        self.must_load = True


@dataclass(slots=True)
class Wire:
    """What stands between two processes: it does with each message what it is told."""

    two: tuple[Process, Process]
    maker: int = 0
    """which of them does what happens now"""
    fate: str = ARRIVES

    def number(self, connection: Connection) -> int:
        return processes._next_number(connection)

    def committed(self, number: int, events: Sequence[Event], then: Callable[[], None]) -> None:
        hub.publish(events)  # to the board of the lesson, which is there to choose from
        self.two[self.maker].turns.take(number, events)
        then()
        other = self.two[1 - self.maker]
        said = [(type(event).__name__, event) for event in events]
        heard = [processes._unpacked(each) for each in orjson.loads(orjson.dumps(said, default=dict))]
        if self.fate == LATE:
            other.on_its_way.append((number, heard))
        elif self.fate != LOST:
            other.turns.take(number, heard)


Step = tuple[Command, int, str]
"""what happens, in which process, and what becomes of the message"""
checkpoints = st.tuples(
    st.one_of(mostly_class, mostly_help, anything),
    st.integers(0, 1),
    st.sampled_from([ARRIVES, ARRIVES, LATE, LOST, GIVES_UP]),
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happening=st.lists(checkpoints, min_size=4, max_size=14), skew=st.sampled_from([-HOUR, 0 * HOUR, HOUR]))
@example(happening=[(('complete', 0, 0), 0, LATE), (('undo', 0, 0), 1, ARRIVES)], skew=-HOUR)
@example(happening=[(('ask', 0, 0), 0, LOST), (('complete', 1, 0), 0, ARRIVES), (('claim', 0, 0), 1, LATE)], skew=HOUR)
async def test_boards_of_two_processes_equal_a_fresh_one_at_any_moment_of_quiet(
    happening: list[Step], skew: timedelta
) -> None:
    lesson, stop = await a_lesson()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, 'PATIENCE', 3600)  # the test says when somebody has waited long enough
        two = await begun(lesson), await begun(lesson)
        wire = Wire(two)
        patch.setattr(database._database().writer, 'others', wire)
        real = clock.now
        patch.setattr(clock, 'now', lambda: real() + skew * wire.maker)
        try:
            for command in BEGINNING:
                await lesson.do(command)
            for command, wire.maker, wire.fate in happening:
                await lesson.do(command)
                for process in two:
                    if wire.fate == GIVES_UP:
                        process.turns._give_up()
                        process.hear_what_is_late()
                    await process.load()

            newest = await database.read(last_number)
            for process in two:
                process.turns.go_on_from(newest)  # the look at the number, once a second
                process.hear_what_is_late()  # and what comes after it changes nothing
                await process.load()
            fresh = await database.read(boards.load, lesson.course.course_id)
        finally:
            stop()
            for process in two:
                process.turns.be_alone()
                process.turns._go_on()  # which forgets that it waits

    assert [observable(process.board) for process in two] == [observable(fresh)] * 2


async def begun(lesson: Lesson) -> Process:
    """Return a process that has just loaded the course."""
    process = Process(await database.read(boards.load, lesson.course.course_id))
    process.turns.go_on_from(await database.read(last_number))
    return process
