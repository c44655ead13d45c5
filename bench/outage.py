"""The network of a whole class goes and comes back: how soon every page is right again, and whether a tap was lost."""

import asyncio
import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bench import ledger, school
from bench.figures import Table, percentile
from bench.live import Size, close_all, each, open_page, students_of
from bench.load import burst
from bench.server import Home, Server, launched
from bench.student import Student, Tap

MOST = 500  # students
WARM_UP = 3  # checkpoints that everybody has done before
BACK_WITHIN = 5.0  # seconds after the network has gone
SOONEST = 0.5
SETTLED = 5.0  # seconds after which nothing moves any more
SPREAD = 2.0  # seconds in which everybody taps


async def outage_round(table: Table, size: Size) -> None:
    """Let everybody tap, lose the network at once, come back one after the other, and tap again."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=size.checkpoints)
        async with Server(home, launched('main.py')) as server:
            students = students_of(replace(size, students=min(MOST, size.students)), server)
            try:
                await each(students, lambda student: student.join(course.code))
                await each(students, open_page)
                taps = await _tap(students, WARM_UP)
                taps += await _lose_network(students)
                back = await _return(students)
                await asyncio.sleep(SETTLED)
                waits = _waits(students, back, ledger.done(home.database))
                table.ours('outage right', max(waits, default=0.0))
                table.ours('outage p99', percentile(waits, 99))
                table.ours('outage wrong', len(students) - len(waits))
                print(
                    f'  {len(waits)} of {len(students)} pages were right, the last after {max(waits, default=0):.2f} s'
                )
                taps += await _tap(students, 1)
                table.ours('outage unanswered', sum(tap.answered is None for tap in taps[-len(students) :]))
                audit = ledger.audit(home.database, ledger.LOGGED, taps)
                table.ours('outage lost', audit.lost)
                table.ours('outage doubled', audit.doubled)
            finally:
                await close_all(students)


async def _tap(students: Sequence[Student], times: int) -> list[Tap]:
    taps: list[Tap] = []
    for _ in range(times):
        outcome = await burst(students, within=SPREAD)
        taps += outcome.taps
        await asyncio.sleep(1.0)  # until the next checkpoint is shown
    return taps


async def _lose_network(students: Sequence[Student]) -> list[Tap]:
    """Every second student taps in the very moment: the server hears of it, and the receipt finds nobody."""
    taps = [await student.tap() for student in students[::2]]
    for student in students:
        student.lose_network()
    return taps


async def _return(students: Sequence[Student]) -> dict[str, float]:
    """Come back, everybody at another moment; returns when, by name."""
    back: dict[str, float] = {}
    moments = random.Random(7)

    async def come_back(student: Student) -> None:
        await asyncio.sleep(moments.uniform(SOONEST, BACK_WITHIN))
        back[student.name] = time.perf_counter()
        await student.page.connect()

    await asyncio.gather(*(come_back(student) for student in students))
    return back


def _waits(students: Sequence[Student], back: Mapping[str, float], done: Mapping[str, Collection[str]]) -> list[float]:
    """How long after the return of the network each page was right for good; pages that are wrong are left out."""
    waits = []
    for student in students:
        since, checkpoint = student.history[-1]
        if checkpoint == _next(done.get(student.name, ())):
            waits.append(max(0.0, since - back[student.name]))
    return waits


def _next(done: Collection[str]) -> str:
    """The checkpoint after those that are done: they were made in one go, so their ids follow each other."""
    return str(max(map(int, done), default=0) + 1)
