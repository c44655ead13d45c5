"""A live class, round by round: students join, tap steadily, tap all at once; and the alternative beside it."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bench import ledger, school
from bench.figures import Table, percentile
from bench.load import all_at_most, burst, steady
from bench.peers.flask_socketio_student import PeerStudent, PeerWatcher
from bench.server import Home, Server, launched
from bench.student import Student, Tap, Tapper
from bench.watcher import Watcher

AT_ONCE = 50  # so many students are on their way in at the same time
STEADY = {'taps', 'looks'}  # parts that need a steady load
PATIENCE = 180.0  # seconds for any one stage
QUIET_RATES = (25, 50)  # taps per second at which little happens
IDLE_SECONDS = 5.0
WARM_UP = 20  # pages that are opened before anything is counted
Person = TypeVar('Person')
Note = Callable[[str, float], None]


class Closable(Protocol):
    """Whoever has to go away in the end."""

    async def close(self) -> None:
        """Go away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything."""

    students: int = 1000
    checkpoints: int = 30
    per_second: float = 200.0
    seconds: float = 20.0
    within: float = 0.1


async def class_round(table: Table, size: Size, parts: Collection[str]) -> None:
    """A class on Waymark, from the form behind the code to the comparison with the database."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=size.checkpoints)
        async with Server(home, launched('main.py')) as server:
            began = time.monotonic()
            students = students_of(size, server)
            watcher = Watcher(server.origin, course.instructor)
            try:
                await watcher.open(course.live_path)
                await _join(table, server, students, course.code)
                await server.quiet()
                taps = await _tap_now_and_then(server, students, size, parts, table.ours)
                taps += await _tap(server, students, watcher.arrived, size, parts, table.ours)
                table.ours('collector', 1000 * server.longest_pause(began, time.monotonic()))
                table.ours('resident', server.memory())
                if taps:
                    _audit(ledger.audit(home.database, ledger.LOGGED, taps), table.ours)
                    _audit(ledger.audit(home.database, ledger.PROJECTED, taps), table.ours)
            finally:
                await close_all([*students, watcher])


async def peer_round(table: Table, size: Size, parts: Collection[str]) -> None:
    """The same taps on Flask-SocketIO, which has no page, no log and no grid to care for."""
    with Home() as home:
        async with Server(home, [sys.executable, '-m', 'bench.peers.flask_socketio_app']) as server:
            students = [PeerStudent(f'Student {number:04}', server.origin) for number in range(size.students)]
            watcher = PeerWatcher(server.origin)
            try:
                await watcher.open()
                await each(students, lambda student: student.connect())
                await server.quiet()
                taps = await _tap(server, students, watcher.arrived, size, parts, table.peers)
                _audit(ledger.audit(home.folder / 'peer.db', ledger.PEER, taps), table.peers)
            finally:
                await close_all([*students, watcher])


async def page_round(table: Table, size: Size) -> None:
    """What one student page costs a server that has done nothing else: it was started anew after everyone joined."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=size.checkpoints)
        students: list[Student] = []
        try:
            async with Server(home, launched('main.py')) as server:
                students = students_of(size, server)
                await each(students, lambda student: student.join(course.code))
            async with Server(home, launched('main.py')) as server:
                await each(students[:WARM_UP], open_page)
                memory, cpu = await server.settled_memory(), server.cpu()
                await each(students[WARM_UP:], open_page)
                table.ours('page', 1000 * (server.cpu() - cpu) / (size.students - WARM_UP))
                table.ours('memory', (await server.settled_memory() - memory) / (size.students - WARM_UP))
        finally:
            await close_all(students)


async def _join(table: Table, server: Server, students: Sequence[Student], code: str) -> None:
    """Everybody opens the form, fills it in, and opens the page of the class."""

    async def arrive(student: Student) -> None:
        await student.join(code)
        await open_page(student)

    start, cpu, own_cpu = time.perf_counter(), server.cpu(), time.process_time()
    await each(students, arrive)
    seconds = time.perf_counter() - start
    table.ours('join', seconds)
    table.ours('join cpu', 1000 * (server.cpu() - cpu) / len(students))
    print(f'  joined; generator {100 * (time.process_time() - own_cpu) / seconds:.0f} % of a core', flush=True)


async def _tap_now_and_then(
    server: Server, students: Sequence[Tapper], size: Size, parts: Collection[str], note: Note
) -> list[Tap]:
    """Look at a class in which nobody taps, and at one in which few do."""
    taps: list[Tap] = []
    if 'taps' not in parts:
        return taps
    cpu = server.cpu()
    await asyncio.sleep(IDLE_SECONDS)
    note('idle', 100 * (server.cpu() - cpu) / IDLE_SECONDS)
    for rate in QUIET_RATES:
        outcome = await steady(students, per_second=rate, seconds=size.seconds)
        print(f'  {rate} taps/s: {outcome}', flush=True)
        note(f'receipt p50 at {rate}/s', 1000 * percentile(outcome.receipts, 50))
        note(f'receipt p99 at {rate}/s', 1000 * percentile(outcome.receipts, 99))
        taps += outcome.taps
    return taps


async def _tap(
    server: Server,
    students: Sequence[Tapper],
    arrived: dict[tuple[str, str], float],
    size: Size,
    parts: Collection[str],
    note: Note,
) -> list[Tap]:
    taps: list[Tap] = []
    skipped = 0
    if STEADY.intersection(parts):
        cpu, began = server.cpu(), time.monotonic()
        outcome = await steady(students, per_second=size.per_second, seconds=size.seconds)
        note('tap cpu', 1000 * (server.cpu() - cpu) / max(1, len(outcome.taps)))
        print(f'  steady: {outcome}', flush=True)
        note('receipt p50', 1000 * percentile(outcome.receipts, 50))
        note('receipt p99', 1000 * percentile(outcome.receipts, 99))
        note('looks', 100 * server.looks(began, time.monotonic()))
        note('grid p99', 1000 * percentile(outcome.grid_delays(arrived), 99))
        taps += outcome.taps
        skipped += outcome.skipped
    if 'burst' in parts:
        outcome = await burst(students, within=size.within)
        print(f'  burst: {outcome}', flush=True)
        note('last receipt', outcome.last_receipt)
        note('last cell', max(outcome.grid_delays(arrived), default=0.0))
        taps += outcome.taps
        skipped += outcome.skipped
    if not taps:
        return taps
    note('skipped', skipped)
    note('unanswered', sum(tap.answered is None for tap in taps))
    note('unseen', sum((tap.student, tap.checkpoint) not in arrived for tap in taps))
    return taps


def _audit(found: ledger.Audit, note: Note) -> None:
    note('lost', found.lost)
    note('doubled', found.doubled)


def students_of(size: Size, server: Server) -> list[Student]:
    """As many students as there are to be, who have not joined yet."""
    return [Student(f'Student {number:04}', server.origin) for number in range(size.students)]


async def open_page(student: Student) -> None:
    """Open the page of the class, with its socket."""
    await student.load()
    await student.connect()


async def each(people: Sequence[Person], act: Callable[[Person], Awaitable[object]]) -> None:
    """Let everybody do something, as many at a time as come in at once."""
    async with asyncio.timeout(PATIENCE):
        await all_at_most(AT_ONCE, people, act)


async def close_all(people: Sequence[Closable]) -> None:
    """Let everybody go away, and say whose connection had failed."""
    results = await asyncio.gather(*(person.close() for person in people), return_exceptions=True)
    if failures := [result for result in results if result is not None]:
        print(f'  {len(failures)} of {len(people)} connections had failed, the first with {failures[0]!r}', flush=True)
