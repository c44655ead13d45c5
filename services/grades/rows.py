"""The rows of a gradebook: what stands in each cell, read once for all learners of a course, or for one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from models import Checkpoint, CourseGroup, Enrollment, GradedItem, GradeOverride, Module, User, table
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.courses.grade_rules import Category
from services.grades import grading, sources
from services.grades.book import Cell, Mark, Row, Thing
from services.grades.grading import HowGraded
from services.grades.overrides import HIGHEST
from services.grades.results import Key, Results
from services.grades.totals import Part, explain
from services.progress.extra_time import own_due, was_before


class Person(NamedTuple):
    """A learner, as far as their row depends on it."""

    user_id: int
    name: str
    group: str
    extra_percent: int
    enrolled_at: datetime


class Rows:
    """What is read once for all rows of a course, or for the row of one learner."""

    def __init__(
        self, tx: Transaction, course_id: int, user_id: int | None = None, hidden: AbstractSet[int] = frozenset()
    ) -> None:
        self._now = tx.now
        self._hidden = hidden
        tx.session.flush()  # all that is read below is asked of the driver itself
        self.how = grading.read(tx, course_id)
        columns = _things(tx, course_id)
        self.things = tuple(thing for thing, _ in columns)
        self._places = {thing.checkpoint_id: place for place, thing in enumerate(self.things)}
        self._created = tuple(created_at for _, created_at in columns)
        self._parts = _parts(self.how, self.things)
        results = sources.results(tx, course_id, user_id)
        self._later, self._scores = results.later, results.by_learner
        self._other, self._late = _other(tx, course_id, user_id, results)
        self._untouched = [self._empty(None, place) for place in range(len(self.things))]
        self._first_due = min((thing.due_at for thing in self.things if thing.due_at), default=None)

    def row(self, person: Person) -> Row:
        """Return the row of a learner."""
        # Thirty thousand cells: what is done for each of them runs in C.
        scores = list(map(self._scores.get(person.user_id, _NO_SCORES).get, self._places))
        empty = self._untouched
        if has_own_dates := self._has_own_dates(person):
            empty = [self._empty(person, place) for place in range(len(self.things))]
        cells = [graded or nothing for graded, nothing in zip(map(_GRADED.get, scores), empty, strict=True)]
        for place, cell in self._changes(person, cells):
            cells[place], scores[place] = cell, cell.score
        before = self._before(cells) if has_own_dates else 0
        counted = scores
        if self.how.missing_counts:
            counted = [0 if mark is Mark.MISSING else score for score, mark in cells]
        return Row(
            user_id=person.user_id,
            name=person.name,
            group=person.group,
            cells=tuple(cells),
            explanation=explain(self._parts, counted, self.how.letters, before=before),
        )

    def _changes(self, person: Person, cells: Sequence[Cell]) -> Iterator[tuple[int, Cell]]:
        """Yield the places where something else stands than a score that was reached in time, or nothing."""
        for checkpoint_id, cell in self._other.get(person.user_id, _NO_CELLS).items():
            place = self._places.get(checkpoint_id)
            if place is not None and (cell is not _WAITING or cells[place].score is None):
                yield place, cell
        for checkpoint_id, handed_in in self._late.get(person.user_id, ()):
            place = self._places.get(checkpoint_id)
            if place is None or cells[place].mark is not Mark.GRADED:
                continue
            if self._is_late(person, place, handed_in):
                yield place, _LATE[cells[place].score or 0]
        for checkpoint_id in self._hidden & self._places.keys():
            place = self._places[checkpoint_id]
            if cells[place].mark in {Mark.GRADED, Mark.LATE}:
                yield place, _HIDDEN

    def _has_own_dates(self, person: Person) -> bool:
        """Tell whether a thing can be due for a learner at another time than for the course, or before they came."""
        is_late_comer = self._first_due is not None and was_before(self._first_due, person.enrolled_at)
        return is_late_comer or bool(person.extra_percent) or person.user_id in self._later

    def _before(self, cells: Sequence[Cell]) -> int:
        """Return how many things that count are not asked of a learner because they were due before."""
        return sum(cells[place].mark is Mark.BEFORE for part in self._parts for place in part.places)

    def _empty(self, person: Person | None, place: int) -> Cell:
        """Return what stands where nothing was handed in; for nobody in particular, without extra time."""
        due_at = self._due(person, place)
        if due_at is None or self._now <= due_at:
            return _NONE
        return _BEFORE if person and was_before(due_at, person.enrolled_at) else _MISSING

    def _is_late(self, person: Person, place: int, at: datetime) -> bool:
        due_at = self._due(person, place)
        return due_at is not None and at > due_at

    def _due(self, person: Person | None, place: int) -> datetime | None:
        """Return when a thing is due for a learner, with their extra time and what was agreed."""
        due_at = self.things[place].due_at
        if due_at is None or person is None:
            return due_at
        since = max(self._created[place], person.enrolled_at)
        own = own_due(due_at, person.extra_percent, since=since) or due_at
        agreed = self._later.get(person.user_id, {}).get(self.things[place].checkpoint_id, due_at)
        return max(due_at, own, agreed)


def _other(
    tx: Transaction, course_id: int, user_id: int | None, results: Results
) -> tuple[dict[int, dict[int, Cell]], dict[int, list[tuple[int, datetime]]]]:
    """Return the cells that no score makes, by learner and checkpoint, and what was handed in late."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for whose, checkpoint_id in results.waiting:
        cells[whose][checkpoint_id] = _WAITING
    for (whose, checkpoint_id), by_hand in _by_hand(tx, course_id, user_id).items():
        cells[whose][checkpoint_id] = _set(by_hand)
    late: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for (whose, checkpoint_id), handed_in in results.late.items():
        late[whose].append((checkpoint_id, handed_in))
    return cells, late


_NO_SCORES: Mapping[int, int] = {}
_NO_CELLS: Mapping[int, Cell] = {}
_NONE, _WAITING = Cell(None, Mark.NONE), Cell(None, Mark.WAITING)
_MISSING, _EXCUSED, _HIDDEN = Cell(None, Mark.MISSING), Cell(None, Mark.EXCUSED), Cell(None, Mark.HIDDEN)
_BEFORE = Cell(None, Mark.BEFORE)
_GRADED: Mapping[int | None, Cell] = {score: Cell(score, Mark.GRADED) for score in range(101)}
_LATE = tuple(Cell(score, Mark.LATE) for score in range(101))
_SET = tuple(Cell(score, Mark.SET) for score in range(HIGHEST + 1))


def _set(score: int | None) -> Cell:
    return _EXCUSED if score is None else _SET[score]


def _parts(how: HowGraded, things: Sequence[Thing]) -> tuple[Part, ...]:
    """Return which things count in which category; in a course without categories, all count the same."""
    counted = [(place, thing) for place, thing in enumerate(things) if thing.counts]
    if not how.categories:
        everything = Category(category_id=0, name='', weight=1)
        return (Part(category=everything, places=tuple(place for place, _ in counted)),)
    return tuple(
        Part(
            category=category,
            places=tuple(place for place, thing in counted if thing.category_id == category.category_id),
        )
        for category in how.categories
    )


def _things(tx: Transaction, course_id: int) -> list[tuple[Thing, datetime]]:
    graded = sources.graded(tx, course_id)
    return [
        (
            Thing(
                checkpoint_id=id_,
                title=title,
                due_at=due_at,
                category_id=category_id,
                counts=counts is None or counts,
            ),
            created_at,
        )
        for id_, title, due_at, created_at, category_id, counts in _THINGS.rows(tx.connection, course=course_id)
        if id_ in graded
    ]


def learners(tx: Transaction, course_id: int, user_id: int | None = None, *, only_here: bool = False) -> list[Person]:
    """Return who learns in a course, by name; one person also where they were taken out."""
    if user_id is None:
        return [Person(*row) for row in _PEOPLE.rows(tx.connection, course=course_id)]
    one = _ONE_HERE if only_here else _ONE
    return [Person(*row) for row in one.rows(tx.connection, course=course_id, user=user_id)]


def _by_hand(tx: Transaction, course_id: int, user_id: int | None) -> dict[Key, int | None]:
    """Return what was set by hand; what was set for a guest counts for the person they turned out to be."""
    if user_id is None:
        found = _SET_BY_HAND.rows(tx.connection, course=course_id)
    else:
        found = _OWN_BY_HAND.rows(tx.connection, course=course_id, user=user_id)
    return {(learner, checkpoint_id): score for learner, checkpoint_id, score in found}


_users, _enrollments = table(User), table(Enrollment)
_groups, _overrides = table(CourseGroup), table(GradeOverride)
_COURSE, _USER = bindparam('course', type_=_users.c.id.type), bindparam('user', type_=_users.c.id.type)
_checkpoints, _modules, _items = table(Checkpoint), table(Module), table(GradedItem)
_THINGS = Prepared(
    select(
        _checkpoints.c.id,
        _checkpoints.c.title,
        _checkpoints.c.due_at,
        _checkpoints.c.created_at,
        _items.c.category_id,
        _items.c.counts,
    )
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .outerjoin(_items, _items.c.checkpoint_id == _checkpoints.c.id)
    .where(_checkpoints.c.course_id == _COURSE, _checkpoints.c.deleted_at.is_(None), _modules.c.deleted_at.is_(None))
    .order_by(_modules.c.position, _checkpoints.c.position)
)
_everybody = (
    select(
        _users.c.id,
        _users.c.name,
        func.coalesce(_groups.c.name, ''),
        _enrollments.c.extra_percent,
        _enrollments.c.enrolled_at,
    )
    .join(_enrollments, _enrollments.c.user_id == _users.c.id)
    .outerjoin(_groups, _groups.c.id == _enrollments.c.group_id)
    .where(_enrollments.c.course_id == _COURSE)
    .order_by(_users.c.plain_name, _users.c.id)
)
_here = _everybody.where(_enrollments.c.removed_at.is_(None), _users.c.merged_into_id.is_(None))
_PEOPLE = Prepared(_here)
_ONE, _ONE_HERE = (Prepared(each.where(_users.c.id == _USER)) for each in (_everybody, _here))
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)
_by_hand_here = (
    select(_whose, _overrides.c.checkpoint_id, _overrides.c.score)
    .join(_users, _users.c.id == _overrides.c.user_id)
    .where(_overrides.c.course_id == _COURSE)
    .order_by(_users.c.merged_into_id.is_(None))
)
_SET_BY_HAND = Prepared(_by_hand_here)
_OWN_BY_HAND = Prepared(_by_hand_here.where(_whose == _USER))
