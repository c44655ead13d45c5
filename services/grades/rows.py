"""The rows of a gradebook: what stands in each cell, read once for all learners of a course, or for one."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

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
        self.how = grading.read(tx, course_id)
        columns = _things(tx, course_id)
        self.things = tuple(thing for thing, _ in columns)
        self._places = {thing.checkpoint_id: place for place, thing in enumerate(self.things)}
        self._created = tuple(created_at for _, created_at in columns)
        self._parts = _parts(self.how, self.things)
        results = sources.results(tx, course_id, user_id)
        self._later = results.later
        self._cells, self._late = _cells(tx, course_id, user_id, results)
        self._untouched = [self._empty(None, place) for place in range(len(self.things))]
        self._first_due = min((thing.due_at for thing in self.things if thing.due_at), default=None)

    def row(self, person: Person) -> Row:
        """Return the row of a learner."""
        there = self._cells.get(person.user_id, {})
        for checkpoint_id, handed_in in self._late.get(person.user_id, ()):
            score, mark = there[checkpoint_id]
            place = self._places.get(checkpoint_id)
            if place is None or score is None or mark is not Mark.GRADED:
                continue
            if self._is_late(person, place, handed_in):
                there[checkpoint_id] = _LATE[score]
        for checkpoint_id in self._hidden & there.keys():
            if there[checkpoint_id].mark in {Mark.GRADED, Mark.LATE}:
                there[checkpoint_id] = _HIDDEN
        empty = self._untouched
        if has_own_dates := self._has_own_dates(person):
            empty = [self._empty(person, place) for place in range(len(self.things))]
        # Thirty thousand cells: this loop runs in C.
        cells = tuple(map(there.get, self._places, empty))
        before = self._before(cells) if has_own_dates else 0
        return Row(
            user_id=person.user_id,
            name=person.name,
            group=person.group,
            cells=cells,
            explanation=explain(self._parts, self._counted(cells), self.how.letters, before=before),
        )

    def _has_own_dates(self, person: Person) -> bool:
        """Tell whether a thing can be due for a learner at another time than for the course, or before they came."""
        is_late_comer = self._first_due is not None and was_before(self._first_due, person.enrolled_at)
        return is_late_comer or bool(person.extra_percent) or person.user_id in self._later

    def _before(self, cells: Sequence[Cell]) -> int:
        """Return how many things that count are not asked of a learner because they were due before."""
        return sum(cells[place].mark is Mark.BEFORE for part in self._parts for place in part.places)

    def _counted(self, cells: Sequence[Cell]) -> Sequence[int | None]:
        if not self.how.missing_counts:
            return next(zip(*cells, strict=True), ())
        return [0 if mark is Mark.MISSING else score for score, mark in cells]

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


def _cells(
    tx: Transaction, course_id: int, user_id: int | None, results: Results
) -> tuple[dict[int, dict[int, Cell]], dict[int, list[tuple[int, datetime]]]]:
    """Return the cells in which there is something, by learner and checkpoint, and what was handed in late."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for whose, checkpoint_id in results.waiting:
        cells[whose][checkpoint_id] = _WAITING
    for whose, own in results.by_learner.items():
        cells[whose].update(zip(own, map(_GRADED.__getitem__, own.values()), strict=True))
    for (whose, checkpoint_id), by_hand in _by_hand(tx, course_id, user_id).items():
        cells[whose][checkpoint_id] = _set(by_hand)
    late: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for (whose, checkpoint_id), handed_in in results.late.items():
        late[whose].append((checkpoint_id, handed_in))
    return cells, late


_NONE, _WAITING = Cell(None, Mark.NONE), Cell(None, Mark.WAITING)
_MISSING, _EXCUSED, _HIDDEN = Cell(None, Mark.MISSING), Cell(None, Mark.EXCUSED), Cell(None, Mark.HIDDEN)
_BEFORE = Cell(None, Mark.BEFORE)
_GRADED = tuple(Cell(score, Mark.GRADED) for score in range(101))
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
    rows = tx.execute(
        select(Checkpoint, GradedItem)
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .outerjoin(GradedItem, col(GradedItem.checkpoint_id) == col(Checkpoint.id))
        .where(
            col(Checkpoint.course_id) == course_id,
            col(Checkpoint.id).in_(graded),
            col(Checkpoint.deleted_at).is_(None),
            col(Module.deleted_at).is_(None),
        )
        .order_by(col(Module.position), col(Checkpoint.position))
    )
    return [(_thing(checkpoint, item), checkpoint.created_at) for checkpoint, item in rows]


def _thing(checkpoint: Checkpoint, item: GradedItem | None) -> Thing:
    return Thing(
        checkpoint_id=checkpoint.id,
        title=checkpoint.title,
        due_at=checkpoint.due_at,
        category_id=item.category_id if item else None,
        counts=item.counts if item else True,
    )


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
