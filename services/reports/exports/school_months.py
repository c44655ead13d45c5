"""The time that all courses of a school invested by month, for its admins: the rows of one course after another.

Only whole months that are over are said. With days to choose, the difference of two spans would be what the few did who
learned on one day; and with the running month, what somebody did since the last look.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from gettext import NullTranslations
from io import BytesIO

from sqlalchemy import select
from sqlmodel import col

from models import Course, ExportForm, ExportTable
from services import access
from services.access import Actor
from services.core import database, languages, threads, zones
from services.core.errors import Invalid, Refused
from services.core.transaction import Transaction
from services.reports.exports import asking, months
from services.reports.exports.asking import Asked
from services.reports.exports.cells import Cell, Row
from services.reports.exports.writing import drop, writer

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CourseMonth:
    """The time of one course in one month; the figures are None where too few learners are in them."""

    month: str
    """such as 2026-03"""
    course: str
    """its title"""
    month_learners: float | None
    study_hours: float | None
    class_hours: float | None
    mean_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTime:
    """The courses of a school by month."""

    since: date
    until: date
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    """by month, then by course"""

    @property
    def months(self) -> tuple[CourseMonth, ...]:
        """The same rows with names, for programs."""
        return tuple(
            CourseMonth(str(month), str(course), *map(_number, figures)) for month, course, *figures in self.rows
        )


async def of_school(
    actor: Actor | None, *, since: date | None = None, until: date | None = None, language: str = ''
) -> SchoolTime:
    """Return the time of all courses in the months in which the days lie, as far as they are over, for an admin.

    Each course is read on its own, so that nothing else waits long.
    """
    asked, courses = await database.read(_begun, actor, Asked(what=ExportTable.MONTHS, since=since, until=until))
    rows: list[Row] = []
    for course_id in courses:
        rows += await database.read(_rows, actor, course_id, asked, language)
    assert asked.since is not None
    assert asked.until is not None
    return SchoolTime(
        since=asked.since,
        until=asked.until,
        heads=tuple(column.name.spoken(_words(language)) for column in months.OF_SCHOOL),
        rows=tuple(sorted(rows, key=lambda row: str(row[0]))),
    )


async def file_of(found: SchoolTime, form: ExportForm, *, has_commas: bool = False, language: str = '') -> bytes:
    """Return the table as CSV or as a workbook, with the cells of the page."""
    return await threads.shared.run(_written, found, form, has_commas=has_commas, language=language)


def _begun(tx: Transaction, actor: Actor | None, asked: Asked) -> tuple[Asked, list[int]]:
    """Return the days that are asked for, and all courses by title."""
    access.note_look(tx, access.admin(tx, actor), 'school analytics')
    since, until = _months(tx, asked)
    if until - since > LONGEST:
        raise Invalid('Choose at most a year.', field='since')
    courses = select(col(Course.id)).where(col(Course.deleted_at).is_(None)).order_by(col(Course.title), col(Course.id))
    return Asked(what=asked.what, since=since, until=until), list(tx.execute(courses).scalars())


def _months(tx: Transaction, asked: Asked) -> tuple[date, date]:
    """Return the first and the last day of the months in which the days lie that are asked for."""
    since, until = asking.span(tx, asked)
    next_month = (until.replace(day=28) + 4 * DAY).replace(day=1)
    # a day late, so that the month is over in the zone of each learner
    this_month = (zones.local_date(zones.school(), tx.now) - DAY).replace(day=1)
    since, until = since.replace(day=1), min(next_month, this_month) - DAY
    if since > until:
        raise Invalid('Choose a month that is over.', field='since')
    return since, until


def _rows(tx: Transaction, actor: Actor | None, course_id: int, asked: Asked, language: str) -> list[Row]:
    access.admin(tx, actor)
    course = tx.session.get(Course, course_id)
    try:
        return months.course_rows(tx, asking.of_course(tx, course, asked, language=language)) if course else []
    except Refused:  # nobody learns there
        return []


def _number(cell: Cell) -> float | None:
    """Return a figure; None where there is none, or words say that it is of too few."""
    return cell if isinstance(cell, int | float) else None


def _written(found: SchoolTime, form: ExportForm, *, has_commas: bool, language: str) -> bytes:
    file, words = BytesIO(), _words(language)
    into = writer(form, file, months.OF_SCHOOL, lambda said: said.spoken(words), has_commas=has_commas)
    try:
        into.add(found.rows)
    finally:
        drop(into)
    return file.getvalue()


def _words(language: str) -> NullTranslations:
    return languages.translations(language)
