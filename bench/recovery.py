"""A class of 1,000 on two processes: Redis and PostgreSQL are started anew in a burst, and one process is killed."""

import asyncio
import time
from collections.abc import Callable

from bench import ledger
from bench.figures import Figure, Table
from bench.live import each, open_page
from bench.load import burst
from bench.processes import Spread, spread
from bench.student import Student, Tap

STUDENTS = 1000
WITHIN = 1.0
"""seconds in which everybody taps; what breaks does so in the middle"""
PATIENCE = 60.0
AGAIN = 0.5
"""seconds after which somebody whose tap was refused taps again"""

_WORK = f'{STUDENTS:,} tap within 1 s on two processes'
_BACK = f'one process killed: its {STUDENTS // 2} are back after'
GOALS = (
    Figure(key='recovery redis', work=_WORK, name='Redis started anew: all right after', unit='s', goal=3),
    Figure(key='recovery postgres', work=_WORK, name='PostgreSQL started anew: all right after', unit='s', goal=10),
    Figure(key='recovery back', work=_WORK, name=_BACK, unit='s', goal=10, scaled=True),
    Figure(key='recovery process', work=_WORK, name='then: all right after', unit='s', goal=3, scaled=True),
    Figure(key='recovery unanswered', work=_WORK, name='without a receipt', unit='', goal=0, worst=True),
    Figure(key='recovery unseen', work=_WORK, name='never in the grid', unit='', goal=0, worst=True),
    Figure(key='recovery lost', work=_WORK, name='receipted and not in the log', unit='', goal=0, worst=True),
    Figure(key='recovery doubled', work=_WORK, name='twice in the log', unit='', goal=0, worst=True),
)


async def recovery_round(table: Table) -> None:
    """Break one thing after the other, and compare what was receipted with the log in the end."""
    async with spread(count=2, students=STUDENTS) as at:
        taps: list[Tap] = []
        for name, broken in (('redis', at.redis), ('postgres', at.database)):
            taps += await _burst_while(table, name, at, broken.stop, broken.start)
        await _kill(table, at)
        taps += await _burst_while(table, 'process', at)
        audit = ledger.audit_postgres(at.database.url, ledger.LOGGED, taps)
    table.ours('recovery lost', audit.lost)
    table.ours('recovery doubled', audit.doubled)


async def _burst_while(table: Table, name: str, at: Spread, *broken: Callable[[], None]) -> list[Tap]:
    """Let everybody tap while something is stopped and started; note how long afterwards all is answered and seen."""
    tapping = asyncio.ensure_future(burst(at.students, within=WITHIN, patience=0))
    await asyncio.sleep(WITHIN / 2)
    for act in broken:
        await asyncio.to_thread(act)
    began = time.perf_counter()
    taps = (await tapping).taps
    unanswered = await _tap_again(at, taps, until=began + PATIENCE)
    wanted = {(tap.student, tap.checkpoint) for tap in taps if tap.answered is not None}
    while (unseen := wanted - at.watcher.arrived.keys()) and time.perf_counter() < began + PATIENCE:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.02)
    table.ours(f'recovery {name}', time.perf_counter() - began)
    table.ours('recovery unseen', len(unseen))
    table.ours('recovery unanswered', unanswered)
    print(
        f'  {name}: {len(taps)} taps, {unanswered} students without a receipt, {len(unseen)} not in the grid',
        flush=True,
    )
    return taps


async def _tap_again(at: Spread, taps: list[Tap], *, until: float) -> int:
    """Let everybody whose tap was refused tap again, as people do; returns how many never got a receipt."""
    by_name = {student.name: student for student in at.students}
    refused = [tap for tap in taps if tap.answered is None]
    while time.perf_counter() < until:
        await asyncio.sleep(AGAIN)  # what is on its way may still be answered
        refused = [tap for tap in refused if tap.answered is None]
        if not refused:
            break
        refused = [await by_name[tap.student].tap() for tap in refused]
        taps += refused
    return len(refused)


async def _kill(table: Table, at: Spread) -> None:
    """Kill the process that the instructor does not look at; its students load their pages anew in the other one."""
    killed, other = at.servers
    there = [student for student in at.students if student.origin == killed.origin]

    async def come_back(student: Student) -> None:
        student.lose_network()
        student.origin = other.origin
        await open_page(student)

    killed.kill()
    began = time.perf_counter()
    await each(there, come_back)
    table.ours('recovery back', time.perf_counter() - began)
