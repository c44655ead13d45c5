"""Study time under whatever may happen: random histories of several devices, and what must hold after each of them.

What counts is worked out here from the signs of life alone: the time from one to the next, of all devices of a person,
if it is short enough. Nothing of it may be counted twice, and nothing else may be counted.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Activity, LearningSession, StudyTime, Verb
from services import verify
from services.access import Actor
from services.accounts import sign_ins
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.study import session_end, sessions
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.factories.study import a_morning

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S7'), pytest.mark.usefixtures('db')]

IDLE_AFTER = 120
Command = tuple[str, int, int, int]
"""What happens, on which device, at which checkpoint, and how many seconds it is about."""

devices, checkpoints = st.integers(0, 2), st.integers(0, 2)
COMMANDS = st.one_of(
    st.tuples(st.sampled_from(['arrive', 'beat', 'beat', 'play', 'repeat']), devices, checkpoints, st.just(0)),
    st.tuples(st.just('pass'), st.just(0), st.just(0), st.integers(1, 90)),
    st.tuples(st.just('pass'), st.just(0), st.just(0), st.sampled_from([119, 120, 121, 300, 1799, 1800, 5000])),
    st.tuples(st.just('late'), devices, checkpoints, st.integers(1, 150)),
    st.tuples(st.sampled_from(['leave', 'sign out', 'die', 'upkeep']), devices, st.just(0), st.just(0)),
)
JUMPS = st.tuples(st.just('jump'), st.just(0), st.just(0), st.sampled_from([-7200, -100, -1, 1, 100, 7200]))

WORK_TOGETHER: list[Command] = [
    *(('beat', 0, 0, 0), ('pass', 0, 0, 60), ('beat', 1, 1, 0), ('pass', 0, 0, 30)),
    *(('late', 0, 0, 20), ('pass', 0, 0, 30), ('repeat', 1, 0, 0), ('leave', 1, 0, 0)),
    *(('pass', 0, 0, 50), ('beat', 0, 2, 0), ('die', 0, 0, 0)),
]
GO_BACK_TO_THE_FIRST: list[Command] = [
    *(('beat', 1, 0, 0), ('pass', 0, 0, 10), ('beat', 0, 0, 0), ('pass', 0, 0, 20), ('beat', 0, 0, 0)),
    *(('leave', 0, 0, 0), ('pass', 0, 0, 10), ('beat', 1, 0, 0)),
]
BEGUN_TOO_LATE: list[Command] = [('pass', 0, 0, 1), ('late', 0, 0, 2), ('leave', 0, 0, 0)]
IN_ONE_MOMENT: list[Command] = [
    *(('arrive', 0, 0, 0), ('arrive', 1, 0, 0), ('arrive', 0, 0, 0), ('pass', 0, 0, 1), ('arrive', 0, 0, 0)),
]
TOLD_TOO_LATE: list[Command] = [
    *(('beat', 0, 0, 0), ('pass', 0, 0, 10), ('beat', 1, 0, 0), ('pass', 0, 0, 60), ('beat', 1, 0, 0)),
    *(('late', 0, 0, 50), ('leave', 0, 0, 0)),
]

quickly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life, in seconds since the beginning."""

    at: float
    device: str
    checkpoint: int
    cut: bool = False
    """whether the time from it to the next one may get lost, because something ended or began in between"""


@dataclass(slots=True)
class History:
    """One learner with three devices, and everything that is known of their use without asking the services."""

    course: CourseAtHand
    tx: Transaction
    learner: Actor
    devices: list[tuple[str, Actor]] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=count)
    passed: float = 0
    jumps: int = 0
    signs: list[Sign] = field(default_factory=list)
    told: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    """by device, everything that it said: where, and when"""

    def do(self, command: Command) -> None:
        what, number, checkpoint, seconds = command
        device = self.devices[number] if self.devices else ('', self.learner)
        match what:
            case 'pass':
                self.pass_time(seconds)
            case 'jump':
                self.jumps += 1
                self.tx.now += timedelta(seconds=seconds)
            case 'arrive':
                self.sign(
                    device,
                    checkpoint,
                    0,
                    lambda actor, checkpoint: sessions.arrive(self.tx, actor, checkpoint, interacts=True),
                )
            case 'beat' | 'play':
                plays = what == 'play'
                self.sign(
                    device,
                    checkpoint,
                    0,
                    lambda actor, checkpoint: sessions.beat(self.tx, actor, checkpoint, plays=plays),
                )
            case 'late':
                self.beat_late(device, checkpoint, seconds)
            case 'repeat':
                for told_checkpoint, at in self.told.get(device[0], [])[-1:]:
                    self.beat_late(device, told_checkpoint, self.passed - at)
            case _:
                self.end(what, number, device)

    def pass_time(self, seconds: float) -> None:
        self.passed += seconds
        self.tx.now += timedelta(seconds=seconds)

    def beat_late(self, device: tuple[str, Actor], checkpoint: int, seconds: float) -> None:
        at = self.tx.now - timedelta(seconds=seconds)
        self.sign(
            device, checkpoint, seconds, lambda actor, checkpoint: sessions.beat(self.tx, actor, checkpoint, at=at)
        )

    def sign(
        self, device: tuple[str, Actor], checkpoint: int, ago: float, verb: Callable[[Actor, int], object]
    ) -> None:
        """Let a device give a sign of life; one that is older than the last one of any device says nothing new."""
        name, actor = device
        was_open = name in self.open()
        verb(actor, self.course.checkpoints[checkpoint])
        if name not in self.open():
            return
        at = self.passed - ago
        last = self.signs[-1].at if self.signs else -1
        self.told.setdefault(name, []).append((checkpoint, at))
        if at > last or (at == last and not ago):
            # of two devices used in the very same moment, either may be the one that was used last
            self.signs.append(Sign(at, name, checkpoint, cut=at == last and name != self.signs[-1].device))
        if not was_open and ago > 0:
            self.cut()
            self.signs.append(Sign(self.passed, name, checkpoint))
            self.told[name].insert(-1, (checkpoint, self.passed))  # the session begins now, not when the sign was given

    def end(self, what: str, number: int, device: tuple[str, Actor]) -> None:
        before = self.open()
        match what:
            case 'leave':
                sessions.leave(self.tx, device[1], self.course.course_id)
            case 'sign out':
                sign_ins.sign_out(self.tx, device[1])
                self.sign_in(number)
            case 'die':
                session_end.close_all(self.tx)
            case 'upkeep':
                session_end.close_silent(self.tx)
        if before != self.open():
            self.cut()

    def cut(self) -> None:
        if self.signs:
            self.signs[-1] = replace(self.signs[-1], cut=True)

    def sign_in(self, number: int) -> None:
        name = f'Device {next(self.names)}'
        self.devices[number] = name, sign_ins.enter(self.tx, self.learner.user_id, name).actor

    def rows(self) -> list[LearningSession]:
        self.tx.session.expire_all()
        mine = select(LearningSession).where(col(LearningSession.user_id) == self.learner.user_id)
        return list(self.tx.session.scalars(mine.order_by(col(LearningSession.id))))

    def open(self) -> set[str]:
        return {row.device for row in self.rows() if row.ended_at is None}


async def live_through(begin_anew: Callable[[], None], commands: Sequence[Command], fraction: float = 0) -> None:
    """Let it all happen on the real services, and look at what they made of it."""
    note(f'{list(commands)} {fraction}')
    begin_anew()
    course = await a_course()
    learner = await a_guest(code=course.code)

    def happen(tx: Transaction) -> None:
        began = tx.now = a_morning()
        history = History(course=course, tx=tx, learner=learner)
        history.devices = [('', learner)] * 3
        for number in range(3):
            history.sign_in(number)
        for command in commands:
            with suppress(DomainError):
                history.do(command)
            history.pass_time(fraction)
            check_sums(history)
        check_times(history)
        if not history.jumps:
            check_ends(history, began.timestamp())
        session_end.close_all(tx)
        check_log(history)

    await database.write(happen)
    assert await database.read(verify.differences) == []


def seconds_of(history: History) -> dict[tuple[str, int], int]:
    """Return what the services have counted, by device and checkpoint."""
    names = {row.id: row.device for row in history.rows()}
    mine = select(StudyTime).where(col(StudyTime.user_id) == history.learner.user_id)
    found: dict[tuple[str, int], int] = {}
    for row in history.tx.session.scalars(mine):
        key = names[row.session_id], history.course.checkpoints.index(row.checkpoint_id)
        found[key] = found.get(key, 0) + row.seconds
    return found


def check_sums(history: History) -> None:
    """The time of a session is the sum of its times at checkpoints, and fits into its length."""
    sums: dict[int, int] = {}
    rows = history.rows()
    for time in history.tx.session.scalars(
        select(StudyTime).where(col(StudyTime.session_id).in_([r.id for r in rows]))
    ):
        assert time.seconds >= 0
        sums[time.session_id] = sums.get(time.session_id, 0) + time.seconds
    for row in rows:
        assert row.active_seconds == sums[row.id]
        assert row.idle_seconds >= 0
        if not history.jumps:
            length = (row.ended_at or history.tx.now) - row.started_at
            assert row.active_seconds + row.idle_seconds <= length.total_seconds()


def check_times(history: History) -> None:
    """All that was study is counted, for the device and checkpoint of the earlier sign; nothing is counted twice or
    idle.
    """
    surely: dict[tuple[str, int], float] = {}
    at_most: float = 0
    for earlier, later in pairwise(history.signs):
        gap = later.at - earlier.at
        if gap > IDLE_AFTER:
            continue
        at_most += gap
        if not earlier.cut:
            key = earlier.device, earlier.checkpoint
            surely[key] = surely.get(key, 0) + gap
    counted = seconds_of(history)
    total = sum(counted.values())
    assert total <= at_most + history.jumps * IDLE_AFTER
    if not history.jumps:
        assert total <= history.passed
        moments = [history.passed, *(sign.at for sign in history.signs)]
        broken = len(history.signs) if any(moment != int(moment) for moment in moments) else 0
        for key, seconds in surely.items():
            assert counted.get(key, 0) >= seconds - broken
        if not broken and not any(sign.cut for sign in history.signs):
            assert {key: seconds for key, seconds in counted.items() if seconds} == {
                key: seconds for key, seconds in surely.items() if seconds
            }


def check_ends(history: History, began: float) -> None:
    """A session ends at its last sign of life, or at that of the device that took over."""
    for row in history.rows():
        if row.ended_at is None:
            continue
        until = row.ended_at.timestamp() - began
        used = [at for _, at in history.told[row.device]]
        took_over = [later.at for earlier, later in pairwise(history.signs) if earlier.device == row.device]
        assert any(abs(until - moment) <= 1 for moment in used + took_over), (until, history.signs)


def check_log(history: History) -> None:
    """The log tells of the same seconds."""
    told = select(Activity).where(col(Activity.user_id) == history.learner.user_id, col(Activity.verb) == Verb.STUDIED)
    assert sum(row.seconds or 0 for row in history.tx.session.scalars(told)) == sum(seconds_of(history).values())


@quickly
@given(commands=st.lists(COMMANDS, min_size=3, max_size=30), fraction=st.sampled_from([0, 0, 0.4]))
@example(commands=WORK_TOGETHER, fraction=0)
@example(commands=GO_BACK_TO_THE_FIRST, fraction=0)
@example(commands=TOLD_TOO_LATE, fraction=0)
@example(commands=BEGUN_TOO_LATE, fraction=0)
@example(commands=IN_ONE_MOMENT, fraction=0)
async def test_whatever_devices_do_no_second_is_lost_invented_or_counted_twice(
    begin_anew: Callable[[], None], commands: Sequence[Command], fraction: float
) -> None:
    await live_through(begin_anew, commands, fraction)


@quickly
@given(commands=st.lists(st.one_of(COMMANDS, JUMPS), min_size=3, max_size=30))
async def test_whatever_the_clock_does_no_hours_are_gained(
    begin_anew: Callable[[], None], commands: Sequence[Command]
) -> None:
    await live_through(begin_anew, commands)
