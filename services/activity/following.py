"""Followers of the activity log: what may come a moment after the receipt, such as totals, points or notices.

A follower takes the log in commit order, slice by slice. Each slice is one transaction that also moves its position,
so that nothing is skipped and nothing is taken twice, whatever is killed. One process moves a follower at a time.
Slices stay short, so that taps do not wait.
"""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Dialect, bindparam, false, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models import Activity, FollowerState, table
from services.activity import archive
from services.activity.archive_order import Reader
from services.core import database, hub, server_log
from services.core.errors import DomainError, Refused
from services.core.events import Event, Recorded
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

LOOK_EVERY = 0.25
"""seconds from one look for something new to the next; followers look in turn, so that no tap waits for all of them"""
UNTOLD = 20
"""times `LOOK_EVERY`: how long it waits where this process hears of nothing, as another one may have written"""
LEASE = timedelta(seconds=15)
SLICE_SECONDS, LONG_SLICE_SECONDS = 0.002, 0.008
"""how long a slice may hold the writer, with a tap waiting; the second one on a long way"""
LONG_WAY = 5_000
"""activities in a row, such as when totals are made anew: short slices would spend most of the time on beginning"""
FEWEST, ENOUGH, MOST = 10, 100, 1_000
"""Activities in a slice. The further behind, the nearer to the second, even if that takes longer: most of a short slice
on PostgreSQL is its beginning and its commit, and it would never catch up with a class that taps."""
AGAIN_AFTER = 5.0
"""seconds until a slice that failed is tried again"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Something that follows the log."""

    name: str
    take: Callable[[Transaction, Sequence[Recorded]], None]
    """add a slice of the log, oldest first, to what it keeps"""
    clear: Callable[[Transaction], bool]
    """remove some of what it keeps, in a few milliseconds; returns whether there is more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far one follower is behind the log."""

    name: str
    position: int
    behind: int
    """ids of the log that it has not taken yet"""
    is_clearing: bool
    problem: str


@dataclass(slots=True)
class Pace:
    """How many activities go into a slice: as many as fit into the time that it may take."""

    size: int = FEWEST
    way: int = 0
    """activities since it began to catch up"""

    def took(self, taken: int, seconds: float) -> None:
        """Take note of a slice."""
        self.way += taken
        if taken and seconds:
            most = LONG_SLICE_SECONDS if self.way > LONG_WAY else SLICE_SECONDS
            fitting = int(taken * most / seconds)
            if fitting > self.size:  # it may have been an easy one
                fitting = (self.size + fitting) // 2 + 1
            self.size = min(MOST, max(FEWEST, min(self.way // 4, ENOUGH), fitting))


def _told() -> asyncio.Event:
    """Return what says that there is something: what came before this process did is looked for at once."""
    told = asyncio.Event()
    told.set()
    return told


@dataclass(slots=True)
class Running:
    """One follower as this process moves it."""

    follower: Follower
    name: str = field(default_factory=lambda: f'{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}')
    pace: Pace = field(default_factory=Pace)
    reader: Reader = field(default_factory=Reader)
    turn: float = 0.0
    """a moment of `time.monotonic`, from which on its turn is every `LOOK_EVERY` seconds"""
    told: asyncio.Event = field(default_factory=_told)
    """set when something has happened; where nothing has, it looks seldom"""
    held_for: float = 0.0
    """seconds for which another process has the lease still, as the last look found"""

    async def catch_up(self, *, in_this_turn: bool = False) -> int:
        """Take everything that is new; returns how many activities that was. Nothing if another process is at it.

        `in_this_turn` leaves what comes meanwhile to the next one: while a class taps there is always more, and each
        slice is a commit that taps wait for.
        """
        taken = self.pace.way = 0
        while found := await database.read(_next, self):
            began = time.monotonic()
            moved = await database.write(_take, self, found)
            if moved is None:
                break
            taken += moved
            if in_this_turn and found.is_last:
                break
            await asyncio.sleep(min(0.05, time.monotonic() - began) / 4)  # others have their turn
        return taken

    async def keep_following(self) -> None:
        """Follow until the task is cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(UNTOLD * LOOK_EVERY):
                    await self.told.wait()
            await asyncio.sleep(until_turn(self.turn, time.monotonic()))
            self.told.clear()
            server_log.begin_request()
            pause = 0.0
            try:
                await self.catch_up(in_this_turn=True)
                pause = min(self.held_for, LEASE.total_seconds())
            except DomainError as error:  # such as a database that does not answer at the moment
                server_log.write_problem('follower failed', error)
                if isinstance(error, Refused):  # an archived month is damaged, and somebody has to bring it back
                    await self._note(error)
                pause = self._again()
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on, and soon it may work
                server_log.write_problem('follower failed', error)
                await self._note(error)
                pause = self._again()
            await asyncio.sleep(pause)

    def _again(self) -> float:
        self.told.set()
        return AGAIN_AFTER

    async def _note(self, error: Exception) -> None:
        try:
            await database.write(_note_problem, self.follower.name, f'{type(error).__name__}: {error}'[:200])
        except DomainError as again:
            server_log.write_problem('follower failed', again)


def until_turn(turn: float, now: float) -> float:
    """Return the seconds until a follower looks again; those that waited for the same commit part again by that."""
    return LOOK_EVERY - (now - turn) % LOOK_EVERY


def start(followers: Sequence[Follower]) -> list[asyncio.Task[None]]:
    """Let all of them follow from now on, until their tasks are cancelled."""
    loop = asyncio.get_running_loop()
    now, apart = time.monotonic(), LOOK_EVERY / max(1, len(followers))
    running = [Running(each, turn=now + place * apart) for place, each in enumerate(followers)]
    tasks = [loop.create_task(each.keep_following(), name=f'follower {each.follower.name}') for each in running]

    def tell(_: Sequence[Event]) -> None:
        for each in running:
            each.told.set()

    if tasks:
        stop = hub.watch_everywhere(tell)
        tasks[0].add_done_callback(lambda _: stop())
    return tasks


def rebuild(tx: Transaction, follower: Follower) -> None:
    """Let a follower forget everything and begin anew, while the school is open; `lags` tells how far it is."""
    _BEGIN.rows(tx.connection, **_NEW, name=follower.name)
    tx.execute(update(FollowerState).where(_states.c.name == follower.name).values(is_clearing=True))
    tx.note('follower rebuilt', follower=follower.name)


def lags(tx: Transaction, followers: Sequence[Follower]) -> list[Lag]:
    """Return how far each follower is behind the log."""
    newest = tx.execute(select(func.max(_log.c.id))).scalar() or 0
    states = {row.name: row for row in tx.session.scalars(select(FollowerState))}
    return [
        Lag(
            name=each.name,
            position=state.position if state else 0,
            behind=newest - (state.position if state and not state.is_clearing else 0),
            is_clearing=bool(state and state.is_clearing),
            problem=state.problem if state else '',
        )
        for each in followers
        for state in (states.get(each.name),)
    ]


def position(tx: Transaction, name: str) -> int | None:
    """Return up to which id a follower has taken the log; None while it is being cleared."""
    for at, is_clearing, *_ in _STATE.rows(tx.connection, name=name):
        return None if is_clearing else int(at)
    return 0


def held_position(tx: Transaction, name: str) -> int | None:
    """Return the `position`, and keep the follower there until the end of the transaction."""
    for at, is_clearing in _HELD.rows(tx.connection, name=name):
        return None if is_clearing else int(at)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is next for a follower."""

    position: int
    is_known: bool
    is_clearing: bool
    activities: list[Recorded]
    is_last: bool
    """whether there was no more when it was read"""


def _next(tx: Transaction, running: Running) -> _Found | None:
    """Return what is next; None where nothing is, or another process is at it."""
    rows = _STATE.rows(tx.connection, name=running.follower.name)
    at, is_clearing, leased_by, leased_until = rows[0] if rows else (0, False, '', None)
    is_held = leased_by not in ('', running.name) and leased_until and leased_until > tx.now
    running.held_for = (leased_until - tx.now).total_seconds() if is_held else 0.0
    if is_held:
        return None
    activities = [] if is_clearing else running.reader.after(tx, at, running.pace.size)
    if not (activities or is_clearing):
        return None
    is_full = is_clearing or len(activities) == running.pace.size
    return _Found(
        position=at,
        is_known=bool(rows),
        is_clearing=bool(is_clearing),
        activities=activities,
        is_last=not is_full and archive.ends(tx, at) is None,  # a month of the archive may end within a slice
    )


def _take(tx: Transaction, running: Running, found: _Found) -> int | None:
    """Take a slice and move the position with it; None if another process was faster, and nothing was done."""
    began = time.perf_counter()
    if not found.is_known:
        _BEGIN.rows(tx.connection, **_NEW, name=running.follower.name)
    if not _move(tx, running, found):
        return None
    if found.is_clearing:
        if not running.follower.clear(tx):
            _CLEARED.rows(tx.connection, name=running.follower.name)
        return 0
    running.follower.take(tx, found.activities)
    running.pace.took(len(found.activities), time.perf_counter() - began)
    return len(found.activities)


def _move(tx: Transaction, running: Running, found: _Found) -> bool:
    """Move the position, if it is where it was found and no other process holds the lease."""
    moved = _MOVE.rows(
        tx.connection,
        name=running.follower.name,
        since=found.position,
        was_clearing=found.is_clearing,
        to=found.activities[-1].id if found.activities else found.position,
        process=running.name,
        now=tx.now,
        until=tx.now + LEASE,
    )
    return bool(moved)


def _note_problem(tx: Transaction, name: str, problem: str) -> None:
    tx.execute(update(FollowerState).where(_states.c.name == name).values(problem=problem))


_states, _log = table(FollowerState), table(Activity)
_ONE = _states.c.name == bindparam('name')
_STATE = Prepared(
    select(_states.c.position, _states.c.is_clearing, _states.c.leased_by, _states.c.leased_until).where(_ONE)
)
_HELD = Prepared(select(_states.c.position, _states.c.is_clearing).where(_ONE).with_for_update())
_NEW = {'position': 0, 'is_clearing': False, 'leased_by': '', 'problem': ''}


def _beginning(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_states) if dialect.name == 'sqlite' else postgresql.insert(_states)
    return row.on_conflict_do_nothing()


_BEGIN = Prepared(_beginning, columns=('name', *_NEW))
_CLEARED = Prepared(update(_states).where(_ONE).values(position=0, is_clearing=false()))
_MOMENT = _states.c.leased_until.type
_MOVE = Prepared(
    update(_states)
    .where(
        _ONE,
        _states.c.position == bindparam('since'),
        _states.c.is_clearing == bindparam('was_clearing', type_=_states.c.is_clearing.type),
        (_states.c.leased_by == bindparam('process'))
        | _states.c.leased_until.is_(None)
        | (_states.c.leased_until <= bindparam('now', type_=_MOMENT)),
    )
    .values(
        position=bindparam('to'),
        leased_by=bindparam('process'),
        leased_until=bindparam('until', type_=_MOMENT),
        problem='',
    )
    .returning(_states.c.position)
)
