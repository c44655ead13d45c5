"""A back-up of a school with a million activities while a class taps, and how long it takes to bring it back."""

import asyncio
import sys
import time
from pathlib import Path

from bench.figures import Figure, Table, percentile
from bench.live import close_all, each, open_page
from bench.load import Outcome, steady
from bench.school import School, built_by
from bench.server import ROOT, Home, Server, launched
from bench.student import Student

ACTIVITIES = 1_000_000
FEW = 50_000
"""activities of a short round"""
STUDENTS = 200
PER_SECOND = 100.0
CHECKPOINTS = 200
"""more than anybody does while a back-up is made"""
SECONDS = 10.0
BUILT_AFTER = 1_800.0
"""seconds, at most"""

_WORK = f'SQLite, {ACTIVITIES:,} activities, {PER_SECOND:g} taps/s'
GOALS = (
    Figure(key='backup before p99', work=_WORK, name='receipt p99 before', unit='ms'),
    Figure(key='backup p99', work=_WORK, name='receipt p99 during the back-up', unit='ms', goal=60, scaled=True),
    Figure(key='backup', work=_WORK, name='back-up made after', unit='s', goal=60, scaled=True),
    Figure(key='backup restore', work=_WORK, name='restored and compared after', unit='s', goal=300, scaled=True),
    Figure(key='backup unanswered', work=_WORK, name='without a receipt', unit='', goal=0, worst=True),
)


async def backup_round(table: Table, *, is_small: bool) -> None:
    """Make a back-up beside taps, and restore it in another place."""
    with Home() as home, Home() as other:
        activities = FEW if is_small else ACTIVITIES
        found = await built_by('bench.build_long_school', home, activities, CHECKPOINTS, patience=BUILT_AFTER)
        async with Server(home, launched('main.py')) as server:
            students = [Student(f'Student {number:04}', server.origin) for number in range(STUDENTS)]
            try:
                await _back_up(table, School(**found), students, home, other.folder / 'school.zip')
            finally:
                await close_all(students)
        table.ours('backup restore', await _command(other, 'restore', '--yes', str(other.folder / 'school.zip')))
        print(f'  {activities:,} activities', flush=True)


async def _back_up(table: Table, course: School, students: list[Student], home: Home, file: Path) -> None:
    await each(students, lambda student: student.join(course.code))
    await each(students, open_page)
    before = await steady(students, per_second=PER_SECOND, seconds=SECONDS)
    making = asyncio.create_task(_command(home, 'backup', str(file)))
    during = Outcome()
    while not making.done():
        some = await steady(students, per_second=PER_SECOND, seconds=2.0)
        during.taps += some.taps
    table.ours('backup before p99', 1000 * percentile(before.receipts, 99))
    table.ours('backup p99', 1000 * percentile(during.receipts, 99))
    table.ours('backup unanswered', before.unanswered + during.unanswered)
    table.ours('backup', await making)
    print(f'  {len(during.taps)} taps beside it', flush=True)


async def _command(home: Home, *arguments: str) -> float:
    """Run a command of the operator; returns the seconds that it took."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, 'main.py', *arguments), cwd=ROOT, env=home.environment, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise RuntimeError(f'{arguments[0]} has failed; what it said is above')
    return time.perf_counter() - began
