"""A table as it is shown, and as a file that somebody waits for; what is longer is made in the background."""

from dataclasses import dataclass
from io import BytesIO

from models import ExportForm, ExportTable
from services import access
from services.access import Actor
from services.analytics import course_queries
from services.core import threads
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.live import course_groups
from services.reports.exports import asking, paper, tables
from services.reports.exports.asking import Asked, Scope
from services.reports.exports.cells import Row
from services.reports.exports.writing import drop, writer

SHOWN = 50
"""rows on screen"""
AT_ONCE = 10_000
"""rows of a file for which somebody waits"""
TOO_LONG = phrase('This table is long. Let the file be made in the background.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody who can be chosen."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The beginning of a table."""

    scope: Scope
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    has_more: bool
    is_long: bool
    """whether its files are made in the background"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A table that is short enough to be waited for."""

    scope: Scope
    rows: tuple[Row, ...]


def choices(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Return who can be chosen in a course, by name, and which groups there are; for those who teach it."""
    access.taught_course(tx, actor, course_id)
    found = [each for each in course_queries.learners(tx, course_id) if not each.is_erased]
    people = tuple(Choice(user_id=each.user_id, name=each.name) for each in found)
    return people, course_groups.in_order(each.group for each in found)


def shown(
    tx: Transaction, actor: Actor | None, course_id: int, asked: Asked, *, language: str = '', zone: str = ''
) -> Shown:
    """Return the beginning of a table of a course, for those who teach it."""
    found = asking.scope(tx, actor, course_id, asked, language=language, zone=zone)
    asking.note_look(tx, actor, found)
    rows = _first(tx, found, AT_ONCE if found.what is ExportTable.ACTIVITIES else SHOWN)
    return Shown(
        scope=found,
        heads=tuple(found.say(column.name) for column in tables.columns(found)),
        rows=tuple(rows[:SHOWN]),
        has_more=len(rows) > SHOWN,
        is_long=len(rows) > AT_ONCE or tables.most_rows(found) > AT_ONCE,
    )


def whole(
    tx: Transaction, actor: Actor | None, course_id: int, asked: Asked, *, language: str = '', zone: str = ''
) -> Whole:
    """Return all rows of a table; raises `Refused` where they are too many to be waited for."""
    found = asking.scope(tx, actor, course_id, asked, language=language, zone=zone)
    asking.note_look(tx, actor, found)
    rows = _first(tx, found, AT_ONCE)
    if len(rows) > AT_ONCE:
        raise Refused(TOO_LONG)
    return Whole(scope=found, rows=tuple(rows))


async def file_of(found: Whole, form: ExportForm, *, has_commas: bool = False, language: str = '') -> bytes:
    """Return a table as a file; raises what `paper.make_pdf` raises."""
    if form is ExportForm.PDF:
        return await paper.make_pdf(paper.sheet_of(found.scope, found.rows, language=language))
    return await threads.shared.run(_written, found, form, has_commas=has_commas)


def _written(found: Whole, form: ExportForm, *, has_commas: bool) -> bytes:
    file = BytesIO()
    into = writer(form, file, tables.columns(found.scope), found.scope.say, has_commas=has_commas)
    try:
        into.add(found.rows)
    finally:
        drop(into)
    return file.getvalue()


def _first(tx: Transaction, found: Scope, most: int) -> list[Row]:
    """Return the first rows of a table, and at least one more where there are more."""
    rows: list[Row] = []
    position: int | None = 0
    while position is not None and len(rows) <= most:
        page = tables.page(tx, found, position)
        rows += page.rows
        position = page.next
    return rows
