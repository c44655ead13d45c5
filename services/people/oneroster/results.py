"""The grades of the classes of a list, for the system from which the list came: OneRoster 1.2, as CSV.

What a learner may not see yet has no score in it: only what is decided leaves Waymark. Extra credit is said in the
comment, because no score may be above the maximum of its line item.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Checkpoint, Course, RosterClass, RosterPerson, User
from services import access
from services.access import Actor
from services.core import clock, database, threads, zones
from services.core.csv import safe_cell
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.core.zip_stream import entry
from services.grades import gradebook, sources
from services.grades.book import Cell, Mark, Thing

TABLES = [
    'academicSessions',
    'categories',
    'classResources',
    'classes',
    'courseResources',
    'courses',
    'demographics',
    'enrollments',
    'lineItemLearningObjectiveIds',
    'lineItemScoreScales',
    'lineItems',
    'orgs',
    'resources',
    'resultLearningObjectiveIds',
    'resultScoreScales',
    'results',
    'roles',
    'scoreScales',
    'userProfiles',
    'userResources',
    'users',
]
MAXIMUM = 100
CATEGORY = 'waymark'
"""the one category of all that is graded here"""
CATEGORIES = ('sourcedId', 'status', 'dateLastModified', 'title', 'weight')
LINE_ITEMS = (
    'sourcedId',
    'status',
    'dateLastModified',
    'title',
    'description',
    'assignDate',
    'dueDate',
    'classSourcedId',
    'categorySourcedId',
    'gradingPeriodSourcedId',
    'resultValueMin',
    'resultValueMax',
    'schoolSourcedId',
)
RESULTS = (
    'sourcedId',
    'status',
    'dateLastModified',
    'lineItemSourcedId',
    'studentSourcedId',
    'scoreStatus',
    'score',
    'scoreDate',
    'comment',
    'textScore',
    'classSourcedId',
    'inProgress',
    'incomplete',
    'late',
    'missing',
)
STATUS = {
    Mark.GRADED: 'fully graded',
    Mark.LATE: 'fully graded',
    Mark.SET: 'fully graded',
    Mark.EXCUSED: 'exempt',
    Mark.WAITING: 'submitted',
    Mark.HIDDEN: 'submitted',
    Mark.MISSING: 'not submitted',
}

Line = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system whose lists were brought in here."""

    name: str
    classes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    id: str
    course_id: int
    school: str
    term: str


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Source, ...]:
    """Return the systems whose lists were brought in here, for an admin."""
    access.admin(tx, actor)
    rows = tx.execute(select(col(RosterClass.source), func.count()).group_by(col(RosterClass.source)))
    return tuple(Source(name=name, classes=count) for name, count in sorted(rows.all()))


async def export(actor: Actor | None, source: str) -> bytes:
    """Return the ZIP file with the grades of every class of a system; class by class, so that no read is long."""
    items: list[Line] = []
    results: list[Line] = []
    for each in await database.read(_classes, actor, source):
        more_items, more_results = await database.read(_of_class, actor, source, each)
        items += more_items
        results += more_results
    return await threads.shared.run(_zipped, items, results)


def _classes(tx: Transaction, actor: Actor | None, source: str) -> list[_Class]:
    actor = access.admin(tx, actor)
    rows = tx.session.scalars(
        select(RosterClass)
        .join(Course, col(Course.id) == col(RosterClass.course_id))
        .where(col(RosterClass.source) == source, col(Course.deleted_at).is_(None))
        .order_by(col(RosterClass.sourced_id))
    ).all()
    if not rows:
        raise NotFound('No classes of this system were brought in here.')
    tx.note('results exported', by=actor.user_id, source=source, classes=len(rows))
    return [
        _Class(id=row.sourced_id, course_id=row.course_id, school=row.school, term=next(iter(row.terms), ''))
        for row in rows
    ]


def _of_class(tx: Transaction, actor: Actor | None, source: str, of: _Class) -> tuple[list[Line], list[Line]]:
    """Return what is graded in a class, and what its learners have reached."""
    book = gradebook.of_course(tx, actor, of.course_id)
    known = _ids(tx, source, [row.user_id for row in book.rows])
    made = _days(tx, [thing.checkpoint_id for thing in book.things])
    items = [_item(thing, of, made[thing.checkpoint_id]) for thing in book.things]
    results: list[Line] = []
    for row in book.rows:
        if row.user_id not in known:
            continue  # joined with a code: the other system does not know them
        hidden = sources.hidden(tx, of.course_id, row.user_id)
        for thing, cell in zip(book.things, row.cells, strict=True):
            shown = Cell(None, Mark.HIDDEN) if thing.checkpoint_id in hidden and _is_decided(cell) else cell
            results += _result(thing, shown, known[row.user_id], row.user_id, of)
    return items, results


def _is_decided(cell: Cell) -> bool:
    return cell.mark in {Mark.GRADED, Mark.LATE}


def _ids(tx: Transaction, source: str, user_ids: Sequence[int]) -> dict[int, str]:
    """Return by which id the other system knows some people."""
    guest = aliased(User)
    whose = func.coalesce(col(guest.merged_into_id), col(guest.id))
    rows = tx.execute(
        select(whose, col(RosterPerson.sourced_id))
        .join(guest, col(guest.id) == col(RosterPerson.user_id))
        .where(col(RosterPerson.source) == source, whose.in_(user_ids))
        .order_by(col(RosterPerson.id).desc())
    )
    return dict(rows.all())


def _days(tx: Transaction, checkpoint_ids: Sequence[int]) -> dict[int, str]:
    made = select(col(Checkpoint.id), col(Checkpoint.created_at)).where(col(Checkpoint.id).in_(checkpoint_ids))
    return {id_: created_at.astimezone(zones.school()).date().isoformat() for id_, created_at in tx.execute(made)}


def _item(thing: Thing, of: _Class, made: str) -> Line:
    due = thing.due_at.astimezone(zones.school()).date().isoformat() if thing.due_at else made
    title = str(safe_cell(thing.title))
    return [_id(thing), '', '', title, '', made, due, of.id, CATEGORY, of.term, '0', str(MAXIMUM), of.school]


def _result(thing: Thing, cell: Cell, student: str, user_id: int, of: _Class) -> Iterator[Line]:
    """Yield one result; none where there is nothing to say."""
    if (status := STATUS.get(cell.mark)) is None:
        return
    score = '' if cell.score is None else str(min(cell.score, MAXIMUM))
    extra = f'{cell.score} / {MAXIMUM}' if cell.score is not None and cell.score > MAXIMUM else ''
    today = clock.now().astimezone(zones.school()).date().isoformat()
    late, missing = str(cell.mark is Mark.LATE).lower(), str(cell.mark is Mark.MISSING).lower()
    known = [f'{_id(thing)}-{user_id}', '', '', _id(thing), student, status, score, today, extra, '', of.id]
    yield [*known, 'false', 'false', late, missing]


def _id(thing: Thing) -> str:
    return f'waymark-{thing.checkpoint_id}'


def _zipped(items: Sequence[Line], results: Sequence[Line]) -> bytes:
    tables: dict[str, Sequence[Sequence[str]]] = {
        'categories': [CATEGORIES, (CATEGORY, '', '', 'Waymark', '')],
        'lineItems': [LINE_ITEMS, *items],
        'results': [RESULTS, *results],
    }
    manifest = [('propertyName', 'value'), ('manifest.version', '1.0'), ('oneroster.version', '1.2')]
    manifest += [(f'file.{name}', 'bulk' if name in tables else 'absent') for name in TABLES]
    manifest += [('source.systemName', 'Waymark'), ('source.systemCode', 'waymark')]
    archive = io.BytesIO()
    with ZipFile(archive, 'w') as into:
        for name, rows in {'manifest': manifest, **tables}.items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            into.writestr(entry(f'{name}.csv', ZIP_DEFLATED), text.getvalue())
    return archive.getvalue()
