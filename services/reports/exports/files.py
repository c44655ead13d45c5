"""Long tables as files, for the teacher who asked: made by a job in the background, kept for a week."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from models import CourseExport, ExportForm, ExportTable
from services import access
from services.access import Actor
from services.core import jobs
from services.core.errors import Gone, NotFound, Refused
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction
from services.reports import made_files
from services.reports.exports import asking, tables
from services.reports.exports.asking import Asked
from services.reports.exports.making import NAME, asked_of, path_of
from services.reports.exports.writing import MEDIA_TYPES
from services.reports.made_files import KEPT_FOR

MOST_KEPT = 20
"""of one teacher"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """One file, as the teacher sees it who asked for it."""

    export_id: int
    what: ExportTable
    form: ExportForm
    group: str
    people: int
    """who were chosen one by one; 0 for everybody"""
    made_at: datetime
    made: int
    is_ready: bool
    ends_at: datetime | None
    """until when it is kept"""
    problem: Phrase | str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is ready."""

    path: Path
    name: str
    media_type: str


def start(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    asked: Asked,
    form: ExportForm,
    has_commas: bool = False,
    language: str = '',
) -> int:
    """Let a file be made; returns its id. Call `jobs.hurry(NAME)` after the commit."""
    actor = access.signed_in(tx, actor)
    found = asking.scope(tx, actor, course_id, asked, language=language, zone=actor.time_zone)
    if form is ExportForm.PDF:
        raise Refused('On paper there is no room for so much. Choose another file.')
    tables.check(found)
    own = col(CourseExport.made_by) == actor.user_id
    if tx.execute(select(func.count()).select_from(CourseExport).where(own)).scalar_one() >= MOST_KEPT:
        raise Refused('You have {most} files already. Delete some of them first.', most=MOST_KEPT)
    if tx.execute(select(col(CourseExport.id)).where(own, col(CourseExport.ended_at).is_(None))).first():
        raise Refused('A file is being made for you already. Wait until it is ready.')
    row = CourseExport(
        course_id=course_id,
        made_by=actor.user_id,
        made_at=tx.now,
        what=asked.what,
        form=form,
        has_commas=has_commas,
        group_name=asked.group,
        people=''.join(f',{user_id},' for user_id in found.learners) if asked.people else '',
        has_names=asked.has_names,
        since=found.since,
        until=found.until,
        language=language[:12],
        zone=actor.time_zone,
    )
    tx.session.add(row)
    tx.session.flush()
    jobs.put(tx, NAME, str(row.id), due_at=tx.now)
    asking.note_look(tx, actor, found)
    tx.note('export asked for', course=course_id, by=actor.user_id, table=asked.what.value, form=form.value)
    return row.id


def own(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[FileShown, ...]:
    """Return the files of a course that the actor asked for, the newest first."""
    actor = access.signed_in(tx, actor)
    access.taught_course(tx, actor, course_id)
    mine = col(CourseExport.course_id) == course_id, col(CourseExport.made_by) == actor.user_id
    rows = tx.session.scalars(select(CourseExport).where(*mine).order_by(col(CourseExport.id).desc()))
    return tuple(_shown(row) for row in rows)


def file_of(tx: Transaction, actor: Actor | None, export_id: int) -> File:
    """Return a file to download, for the teacher who asked for it; absent and not theirs look the same."""
    row = _mine(tx, actor, export_id)
    if row.ended_at is None or row.problem:
        raise Refused('This file is not ready yet.')
    if made_files.is_over(tx, row, path_of(row)):
        raise Gone('This file is gone: files are kept for a week. Have it made again.')
    asked = asked_of(row)
    asking.note_look(tx, actor, asking.scope(tx, actor, row.course_id, asked))
    name = f'{row.what.value}-{row.course_id}-{row.made_at:%Y-%m-%d}.{row.form.value}'
    return File(path=path_of(row), name=name, media_type=MEDIA_TYPES[row.form])


def forget(tx: Transaction, actor: Actor | None, export_id: int) -> None:
    """Delete a file, or let it not be made; what is left on the disk is cleared away within the hour."""
    row = _mine(tx, actor, export_id)
    tx.session.delete(row)
    tx.note('export cleared away', export=export_id)


def _mine(tx: Transaction, actor: Actor | None, export_id: int) -> CourseExport:
    actor = access.signed_in(tx, actor)
    row = tx.session.get(CourseExport, export_id)
    if row is None or row.made_by != actor.user_id:
        raise NotFound('There is no such file.')
    access.taught_course(tx, actor, row.course_id)
    return row


def _shown(row: CourseExport) -> FileShown:
    return FileShown(
        export_id=row.id,
        what=row.what,
        form=row.form,
        group=row.group_name,
        people=len(asked_of(row).people),
        made_at=row.made_at,
        made=row.made,
        is_ready=row.ended_at is not None and not row.problem,
        ends_at=row.ended_at + KEPT_FOR if row.ended_at else None,
        problem=recalled(row.problem) if row.problem else '',
    )
