"""Reports about learners of a big course: one with pictures, and a class of them beside taps; and a long table."""

import asyncio
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF

from bench import as_served, build_gradebook, exports
from bench.figures import Table, percentile
from bench.tapping import course_with, person, tapping
from commands import tables
from models import Role
from services import projections
from services.core import database, typesetting
from services.core.transaction import Transaction
from services.enums import ReportDetail, ReportKind, ReportReader
from services.reports.performance import building, bundle_making, paper
from services.reports.performance.document import Contact, Options
from settings import settings

LEARNERS, QUIZZES, ONE_BY_ONE, TOGETHER, WHOLE = 60, 30, 15, 24, 500
EVERYTHING = Options(kind=ReportKind.COMPREHENSIVE, detail=ReportDetail.COMPREHENSIVE)
TAPPING = ('Ada Admin', Role.ADMIN), ('Tom Tall', Role.STUDENT)
READERS = frozenset({ReportReader.STUDENT, ReportReader.PARENT})


async def report_rounds(result: Table, rounds: int) -> None:
    """Make reports in a course of its own on the disk."""
    with tempfile.TemporaryDirectory(prefix='waymark-bench-', dir=Path(__file__).parent) as folder:
        os.environ['DATA_DIR'] = folder
        settings.cache_clear()
        tables.migrate(settings())
        opened = database.open_at(settings().database_url, projections.ALL)
        try:
            built = await build_gradebook.build(opened.engines.writing, QUIZZES, LEARNERS)
            as_served.tune()
            for _ in range(rounds):
                await _round(result, int(str(built['course_id'])))
                await exports.export_round(result)
        finally:
            database.close()
    settings.cache_clear()


async def _round(result: Table, course_id: int) -> None:
    people = await database.read(lambda tx: list(tx.session.scalars(bundle_making.learners_of(course_id, ''))))
    values, whole = [], []
    for user_id in people[:ONE_BY_ONE]:
        began = _cpu()
        facts = await database.read(_facts, course_id, user_id)
        values.append(_cpu() - began)
        await typesetting.make_pdf(paper.TEMPLATE, facts, all_letters=False)
        whole.append(_cpu() - began)
    result.ours('report value', 1000 * statistics.median(values))
    result.ours('report pdf', 1000 * statistics.median(whole))

    admin, tom = [await database.write(person, name, role) for name, role in TAPPING]
    _, checkpoint = await course_with(admin, tom)
    stops = asyncio.create_task(_longest_stop())
    async with tapping(tom, checkpoint) as waits:
        began = time.perf_counter()
        two = asyncio.Semaphore(bundle_making.AT_ONCE)
        await asyncio.gather(*(_one(two, course_id, user_id) for user_id in people[:TOGETHER]))
        result.ours('report class', WHOLE / TOGETHER * (time.perf_counter() - began))
    stops.cancel()
    result.ours('report wait', 1000 * percentile(waits, 99))
    result.ours('report stop', 1000 * max(_stops, default=0.0))
    _stops.clear()


def _cpu() -> float:
    """Return the seconds of CPU of this process and of those that it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


async def _one(two: asyncio.Semaphore, course_id: int, user_id: int) -> None:
    async with two:
        facts = await database.read(_facts, course_id, user_id)
        await typesetting.make_pdf(paper.TEMPLATE, facts, all_letters=False)


def _facts(tx: Transaction, course_id: int, user_id: int) -> dict[str, object]:
    by = Contact(user_id=1, name='Ines Instructor')
    return paper.facts_of(
        building.made(tx, [course_id], user_id, by=by, options=EVERYTHING, seen_by=READERS), language=''
    )


async def _longest_stop() -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        _stops.append(time.perf_counter() - began - 0.005)


_stops: list[float] = []
