"""A table of a million rows as CSV, made in the background beside taps: how long, and how much memory it takes."""

import asyncio
import gc
import time

import psutil  # type: ignore[import-untyped]
from sqlalchemy import insert

from bench.figures import Table, percentile
from bench.tapping import course_with, person, tapping
from models import Activity, ExportForm, ExportTable, Role, Verb, table
from services.access import Actor
from services.core import database, jobs
from services.core.transaction import Transaction
from services.reports.exports import files, making
from services.reports.exports.asking import Asked

ROWS, LEARNERS = 1_000_000, 200
AT_ONCE = 5_000
LOOK_EVERY = 0.05
"""seconds between two looks at the memory"""


async def export_round(result: Table) -> None:
    """Write a long log down and let the job make a file of it, in a database that is open."""
    admin = await database.write(person, 'Ada Admin', Role.ADMIN)
    learners = [await database.write(person, f'Learner {number}', Role.STUDENT) for number in range(LEARNERS)]
    course_id, checkpoint = await course_with(admin, *learners)
    for start in range(0, ROWS, AT_ONCE):
        await database.write(_remember, learners, course_id, checkpoint, start)
    export_id = await database.write(
        files.start,
        admin,
        course_id,
        asked=Asked(what=ExportTable.ACTIVITIES),
        form=ExportForm.CSV,
        has_commas=False,
        language='',
    )
    gc.collect()
    before, most = _resident(), asyncio.create_task(_most_resident())
    async with tapping(learners[0], checkpoint) as waits:
        began = time.perf_counter()
        await jobs.run_due([making.kind()])
        took = time.perf_counter() - began
    most.cancel()
    (made,) = [each for each in await database.read(files.own, admin, course_id) if each.export_id == export_id]
    assert made.is_ready, made.problem
    result.ours('export rows', made.made / took)
    result.ours('export seconds', took)
    result.ours('export memory', max(_seen, default=before) - before)
    result.ours('export wait', 1000 * percentile(waits, 99))
    _seen.clear()
    await database.write(files.forget, admin, export_id)


def _remember(tx: Transaction, learners: list[Actor], course_id: int, checkpoint: int, start: int) -> None:
    tx.execute(
        insert(table(Activity)),
        [
            {
                'user_id': learners[number % len(learners)].user_id,
                'tap_id': f'export-{number}',
                'verb': Verb.STUDIED,
                'course_id': course_id,
                'checkpoint_id': checkpoint,
                'seconds': number % 600,
                'at': tx.now,
                'happened_at': tx.now,
                'local_date': tx.now.date(),
                'local_hour': tx.now.hour,
            }
            for number in range(start, min(start + AT_ONCE, ROWS))
        ],
    )


async def _most_resident() -> None:
    while True:
        _seen.append(_resident())
        await asyncio.sleep(LOOK_EVERY)


def _resident() -> float:
    """Return the memory of this process in MB."""
    return float(psutil.Process().memory_info().rss) / 1_000_000


_seen: list[float] = []
