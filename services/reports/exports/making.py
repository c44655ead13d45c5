"""The job that makes a long table as a file; a killed server begins it anew."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from uuid import uuid4

from sqlalchemy import delete, select
from sqlmodel import col

from models import CourseExport
from services.core import database, threads
from services.core.errors import DomainError, NotSaved, Refused
from services.core.jobs import Kind
from services.core.phrases import Phrase, phrase, stored
from services.core.spooling import check_room
from services.core.transaction import Transaction
from services.reports import made_files
from services.reports.exports import asking, tables
from services.reports.exports.asking import Asked, Scope
from services.reports.exports.cells import Row
from services.reports.exports.writing import Writer, drop, writer
from services.reports.made_files import CLEAR_EVERY, LONGEST_PROBLEM
from settings import settings

NAME, CLEARING = 'exports', 'old exports'
COUNTED_EVERY = 50_000
"""rows after which it is noted how many are written, and looked whether there is room for more"""
FULL = phrase('The disk of the server is full. The file is made by itself once there is room.')


def kind() -> Kind:
    """Return the job that makes files."""
    return Kind(name=NAME, work=lambda key: make(int(key)))


def clearing() -> Kind:
    """Return the job that clears away what is older than a week."""
    return Kind(name=CLEARING, work=lambda _: clear_away(), repeats=CLEAR_EVERY)


async def make(export_id: int) -> None:
    """Make a file, from the beginning; what nobody wants any more leaves nothing behind.

    What is written has a name that no other process has: one that stopped for a while, and lost the job, may go on
    for a moment. What is refused is not tried again, as the same rows would be written each time.
    """
    begun = await database.read(_begin, export_id)
    if begun is None:
        await database.write(_forget_unmade, export_id)
        return
    row, found = begun
    part = path_of(row).with_suffix(f'.{uuid4().hex}.part')
    try:
        await threads.shared.go_on(_make_room, export_id)
        is_wanted = await _write(row, found, part)
        if is_wanted:
            await threads.shared.go_on(part.replace, path_of(row))
            is_wanted = await database.write(_finish, export_id)
        if not is_wanted:
            path_of(row).unlink(missing_ok=True)
    except OSError as error:
        problem = made_files.problem_of(error, full=FULL)
        await database.write(made_files.put_off, CourseExport, export_id, problem)
        raise NotSaved(problem) from error
    except Refused as refusal:
        await database.write(_stop, export_id, refusal.sentence)
    except DomainError as problem:
        await database.write(made_files.put_off, CourseExport, export_id, problem.sentence)
        raise
    finally:
        part.unlink(missing_ok=True)


async def clear_away() -> None:
    """Remove what is older than a week, what never got ready, what somebody was in who is erased, and what is left."""
    for export_id in await database.read(made_files.outdated, CourseExport):
        await database.write(_forget, export_id)
    there = await threads.shared.go_on(_all_files)  # first: a file that is begun later has a row that is known
    known = await database.read(_known)
    await threads.shared.go_on(_remove_unknown, there, known)


def path_of(row: CourseExport) -> Path:
    """Return where a file is kept."""
    return _folder() / f'{row.id}.{row.form.value}'


def _folder() -> Path:
    return settings().data_dir / 'exports'


async def _write(row: CourseExport, found: Scope, part: Path) -> bool:
    """Write all rows, a page at a time, each read on its own; returns whether the file is wanted still."""
    with part.open('wb') as file:
        into = writer(row.form, file, tables.columns(found), found.say, has_commas=row.has_commas)
        try:
            if not await _write_rows(row.id, found, into):
                drop(into)
                return False
            await threads.shared.go_on(_close, into, file)
        except BaseException:
            drop(into)
            raise
    return True


async def _write_rows(export_id: int, found: Scope, into: Writer) -> bool:
    position: int | None = 0
    made = counted = 0
    while position is not None:
        page = await database.read(tables.page, found, position)
        await threads.shared.go_on(_add, into, page.rows)
        made, position = made + len(page.rows), page.next
        if made - counted >= COUNTED_EVERY or position is None:
            counted = made
            if not await database.write(_count, export_id, made):
                return False
    return True


def _add(into: Writer, rows: Sequence[Row]) -> None:
    into.add(rows)
    check_room()


def _close(into: Writer, file: IO[bytes]) -> None:
    into.close()
    file.flush()
    os.fsync(file.fileno())


def _make_room(export_id: int) -> None:
    """Make the folder, and remove what a killed server has left of a file."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in _folder().glob(f'{export_id}.*.part'):
        left.unlink(missing_ok=True)


def _all_files() -> list[Path]:
    return list(_folder().glob('*'))


def _remove_unknown(there: Sequence[Path], known: frozenset[str]) -> None:
    """Remove the files that no row speaks of, whole or begun."""
    for path in there:
        if path.name.partition('.')[0] not in known:
            path.unlink(missing_ok=True)


def _begin(tx: Transaction, export_id: int) -> tuple[CourseExport, Scope] | None:
    """Return what is to be made; None where it is made, or where the teacher may not have it any more."""
    row = tx.session.get(CourseExport, export_id)
    if row is None or row.ended_at is not None:
        return None
    course = made_files.still_taught(tx, row)
    if course is None:
        return None
    try:
        found = asking.of_course(tx, course, asked_of(row), language=row.language, zone=row.zone)
    except DomainError:
        return None
    return row, found


def asked_of(row: CourseExport) -> Asked:
    """Return what a file was asked for with."""
    people = tuple(int(user_id) for user_id in row.people.split(',') if user_id)
    return Asked(
        what=row.what,
        people=people,
        group=row.group_name,
        since=row.since,
        until=row.until,
        has_names=row.has_names,
    )


def _count(tx: Transaction, export_id: int, made: int) -> bool:
    row = tx.session.get(CourseExport, export_id)
    if row is None:
        return False
    row.made, row.problem = made, ''
    tx.session.add(row)
    return True


def _finish(tx: Transaction, export_id: int) -> bool:
    """Note that a file is ready, and notify the teacher; returns whether it is wanted still."""
    row = tx.session.get(CourseExport, export_id)
    if row is None:
        return False
    row.ended_at, row.problem = tx.now, ''
    tx.session.add(row)
    tx.session.flush()
    title = phrase('Your file “{table}” is ready to download.', table=tables.NAMES[row.what])
    made_files.say_ready(tx, row, title, key=f'export:{export_id}', address=f'/courses/{row.course_id}/exports')
    tx.note('export ready', course=row.course_id, rows=row.made)
    return True


def _stop(tx: Transaction, export_id: int, problem: Phrase) -> None:
    """Note that a file cannot be made, and why; the teacher may ask for another one."""
    row = tx.session.get(CourseExport, export_id)
    if row is not None:
        row.ended_at, row.problem = tx.now, stored(problem, most=LONGEST_PROBLEM)
        tx.session.add(row)


def _forget_unmade(tx: Transaction, export_id: int) -> None:
    row = tx.session.get(CourseExport, export_id)
    if row is not None and row.ended_at is None:
        _forget(tx, export_id)


def _forget(tx: Transaction, export_id: int) -> None:
    tx.execute(delete(CourseExport).where(col(CourseExport.id) == export_id))
    tx.note('export cleared away', export=export_id)


def _known(tx: Transaction) -> frozenset[str]:
    return frozenset(str(export_id) for export_id in tx.execute(select(col(CourseExport.id))).scalars())
