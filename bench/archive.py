"""Measures the archive of one month: `python -m bench.archive <activities> [<learners>]`.

It makes the school of `bench.verify` in the database of the settings, which must be empty; three months later the month
leaves the log, while somebody else writes all the time. The last line is JSON.
Goals: 1,000,000 activities in at most 60 s, and nobody waits longer than 100 ms.
"""

import asyncio
import os
import sys
import time
from datetime import timedelta

import orjson

from bench import verify as school
from bench.figures import percentile
from models import CommitNumber
from services import verify
from services.accounts import sign_ins
from services.activity import archive
from services.core import clock, database, server_log
from services.core.database import Transaction
from services.upkeep import archiving
from settings import settings

WRITE_EVERY = 0.02
TEACHER = 1
"""who was there first"""


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
