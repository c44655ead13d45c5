"""The plug is pulled while a server makes the reports of a class, or a long table: the next one goes on."""

import csv
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, update
from sqlmodel import col

from models import Activity, CourseExport, ExportForm, ExportTable, Job, ReportBundle, Verb, table
from services.core import clock, database
from services.core.transaction import Transaction
from services.reports.exports import files
from services.reports.exports.asking import Asked
from services.reports.performance import bundles
from services.reports.performance.document import Options
from tests.factories.classes import ClassAtHand, a_class
from tests.support.eventually import eventually, found_soon
from tests.support.running import Server

pytestmark = pytest.mark.req('R1', 'R2', 'O1')

Made = TypeVar('Made', ReportBundle, CourseExport)
LEARNERS = [f'Learner {number:02}' for number in range(8)]
ROWS = 40_000
FIRST_ROWS = 100_000
"""bytes"""


@pytest.fixture
async def school(tmp_path: Path, data_dir: Path) -> AsyncIterator[Server]:
    """A server that is not started yet."""
    server = Server(tmp_path / 'school')
    server.bring_tables()
    yield server
    server.stop()


async def test_the_reports_of_a_class_go_on_where_they_were(school: Server) -> None:
    async with school.at_hand():
        klass = await a_class(checkpoints=2, learners=LEARNERS)
        bundle_id = await database.write(bundles.start, klass.teacher, klass.course_id, options=Options())
    reports = school.data_dir / 'reports'

    school.start()
    await eventually(lambda: len(printed(reports / str(bundle_id))) >= 3)
    school.kill()
    before = printed(reports / str(bundle_id))
    assert len(before) < len(LEARNERS), 'it was killed in the middle'
    (reports / str(bundle_id) / '99.1234.part').write_bytes(b'%PDF-half')

    await the_lease_ends(school)
    school.start()
    seen: dict[str, int] = {}

    def packed() -> bool:
        seen.update(printed(reports / str(bundle_id)))
        return (reports / f'{bundle_id}.zip').exists()

    await eventually(packed)
    await eventually(lambda: held_in(reports) == [f'{bundle_id}.zip'])
    row = await row_of(school, ReportBundle, bundle_id)
    assert (row.made, row.total, row.problem) == (len(LEARNERS), len(LEARNERS), '')
    assert before.items() <= seen.items(), 'what was printed is not printed again'
    with ZipFile(reports / f'{bundle_id}.zip') as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f'{number:04} {name}.pdf' for number, name in enumerate(LEARNERS, start=1)]
        assert {archive.read(name)[:5] for name in archive.namelist()} == {b'%PDF-'}


async def test_a_long_table_is_begun_anew_and_is_whole(school: Server) -> None:
    async with school.at_hand():
        klass = await a_class(checkpoints=2)
        await database.write(long_past, klass)
        export_id = await database.write(
            files.start,
            klass.teacher,
            klass.course_id,
            asked=Asked(what=ExportTable.ACTIVITIES),
            form=ExportForm.CSV,
            has_commas=False,
            language='',
        )
    folder = school.data_dir / 'exports'

    school.start()
    await eventually(lambda: has_rows(folder))
    school.kill()
    assert not (folder / f'{export_id}.csv').exists(), 'it was killed in the middle'
    assert list(folder.glob('*.part')), 'and left what it had'

    await the_lease_ends(school)
    school.start()
    await eventually(lambda: held_in(folder) == [f'{export_id}.csv'])
    row = await row_of(school, CourseExport, export_id)
    rows = list(csv.reader(StringIO((folder / f'{export_id}.csv').read_text(encoding='utf-8-sig'))))
    assert len(rows) == 1 + row.made
    assert sum(each[4] == 'studied' for each in rows) == ROWS


def printed(folder: Path) -> dict[str, int]:
    """Return the reports that are made, each with the moment of it."""
    found = {}
    for path in folder.glob('*.pdf'):
        with suppress(FileNotFoundError):  # it has just been packed
            found[path.name] = path.stat().st_mtime_ns
    return found


def has_rows(folder: Path) -> bool:
    """Tell whether a table is begun, and not only its head."""
    with suppress(FileNotFoundError):  # it has just been finished
        return any(path.stat().st_size > FIRST_ROWS for path in folder.glob('*.part'))
    return False


async def the_lease_ends(school: Server) -> None:
    """Let the half minute pass after which another server takes a job whose holder is silent."""
    over = update(Job).where(col(Job.lease_until).is_not(None)).values(lease_until=clock.now() - timedelta(seconds=1))
    async with school.at_hand():
        await database.write(lambda tx: tx.execute(over))


def held_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def ready(tx: Transaction, kind: type[Made], id_: int) -> Made | None:
    row = tx.session.get_one(kind, id_)
    return row if row.ended_at else None


async def row_of(school: Server, kind: type[Made], id_: int) -> Made:
    """Return the row of a file, once it is ready."""
    async with school.at_hand():
        return await found_soon(lambda: database.read(ready, kind, id_))


def long_past(tx: Transaction, klass: ClassAtHand) -> None:
    rows = [
        {
            'user_id': klass.learner.user_id,
            'tap_id': f'past-{number}',
            'verb': Verb.STUDIED,
            'course_id': klass.course_id,
            'checkpoint_id': klass.checkpoints[0],
            'seconds': number % 600,
            'at': tx.now,
            'happened_at': tx.now,
            'local_date': tx.now.date(),
            'local_hour': tx.now.hour,
        }
        for number in range(ROWS)
    ]
    tx.execute(insert(table(Activity)), rows)
