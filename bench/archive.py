"""Measures the archive of one month: `python -m bench.archive <activities> [<learners>]`.

It makes the school of `bench.verify` in the database of the settings, which must be empty; three months later the month
leaves the log, while somebody else writes all the time. The last line is JSON. `python -m bench --only archive` does it
with a million activities of 2,000 learners, in a process and a folder of its own.
"""

import asyncio
import os
import sys
import time
from datetime import timedelta

import orjson

from bench import verify as school
from bench.figures import Figure, Table, percentile
from bench.school import built_by
from bench.server import Home
from models import CommitNumber
from services import verify
from services.accounts import sign_ins
from services.activity import archive
from services.core import clock, database, server_log
from services.core.transaction import Transaction
from services.upkeep import archiving
from settings import settings

WRITE_EVERY = 0.02
TEACHER = 1
"""who was there first"""
ACTIVITIES, FEW, LEARNERS = 1_000_000, 50_000, 2_000
BUILT_AFTER = 1_800.0
"""seconds, at most"""

_WORK = f'a month of {ACTIVITIES:,} activities, {LEARNERS:,} learners'
GOALS = (
    Figure(key='archive', work=_WORK, name='archived after', unit='s', goal=60, scaled=True),
    Figure(key='archive cpu', work=_WORK, name='its CPU, writes of others included', unit='s'),
    Figure(key='archive wait', work=_WORK, name='longest wait of a write meanwhile', unit='ms', goal=100, scaled=True),
    Figure(key='archive differences', work=_WORK, name='differences afterwards', unit='', goal=0, worst=True),
)


async def archive_round(table: Table, *, is_small: bool) -> None:
    """Archive a month in a school of its own."""
    with Home() as home:
        size = (FEW, LEARNERS // 10) if is_small else (ACTIVITIES, LEARNERS)
        found = await built_by('bench.archive', home, *size, patience=BUILT_AFTER)
    table.ours('archive', found['seconds'])
    table.ours('archive cpu', found['CPU seconds'])
    table.ours('archive wait', found['longest write ms'])
    table.ours('archive differences', found['differences'])
    print(f'  {found["archived"]:,} of {found["activities"]:,} activities have left the log', flush=True)


async def measure(*, activities: int, learners: int) -> dict[str, object]:
    """Return the figures."""
    clock.now = lambda: school.AT
    await school.build(activities=activities, learners=learners)
    clock.now = lambda: school.AT + timedelta(days=92)
    await database.write(sign_ins.enter, TEACHER, 'Laptop')  # a log does not end with what is archived
    waits: list[float] = []
    others = asyncio.create_task(_keep_writing(waits))
    began, cpu = time.perf_counter(), time.process_time()
    await archiving.archive_all()
    seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    others.cancel()
    return {
        'activities': activities,
        'learners': learners,
        'archived': await database.read(archive.count_all),
        'seconds': round(seconds, 1),
        'CPU seconds': round(busy, 1),
        'file MB': round(archive.path(school.AT.date()).stat().st_size / 1e6, 1),
        **{f'write p{p} ms': round(1000 * percentile(waits, p), 1) for p in (50, 99)},
        'longest write ms': round(1000 * max(waits), 1),
        'differences': len(await database.read(verify.differences)),
    }


async def _keep_writing(waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await database.write(_look)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(WRITE_EVERY)


def _look(tx: Transaction) -> None:
    tx.session.get(CommitNumber, 1)


def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    os.environ['ACTIVITY_ARCHIVE_MONTHS'] = '1'
    settings.cache_clear()
    activities = int(sys.argv[1])
    learners = int(sys.argv[2]) if len(sys.argv) > 2 else max(1, activities // 1000)
    try:
        print(orjson.dumps(asyncio.run(measure(activities=activities, learners=learners))).decode())
    finally:
        database.close()


if __name__ == '__main__':
    main()
