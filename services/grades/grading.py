"""How a course is graded: its categories with their weights, what counts, and its letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from models import Checkpoint, GradeCategory, GradedItem, Grading, table
from services import access
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.events import GradingChanged
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.courses.grade_rules import Category, Letters, check_categories, checked_letters, checked_name
from services.grades import sources

USUAL_WEIGHT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HowGraded:
    """How a course is graded."""

    categories: tuple[Category, ...]
    letters: Letters
    missing_counts: bool
    """whether what is missing after its due date counts 0"""


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> HowGraded:
    """Return how a course is graded, for those who teach it."""
    access.taught_course(tx, actor, course_id)
    return read(tx, course_id)


def read(tx: Transaction, course_id: int) -> HowGraded:
    """Return how a course is graded; the caller has checked who may see it."""
    ((missing_counts, letters),) = _GRADING.rows(tx.connection, course=course_id) or ((False, ()),)
    return HowGraded(
        categories=tuple(
            Category(category_id=id_, name=name, weight=weight, drop_lowest=drop_lowest)
            for id_, name, weight, drop_lowest in _CATEGORIES.rows(tx.connection, course=course_id)
        ),
        letters=tuple((int(percent), str(letter)) for percent, letter in letters),
        missing_counts=missing_counts,
    )


def set_category(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    name: str,
    weight: int,
    drop_lowest: int = 0,
    category_id: int | None = None,
) -> int:
    """Change a category, or add one where no id is given; returns its id."""
    access.taught_course(tx, actor, course_id)
    rows = _rows(tx, course_id, locked=True)
    row = GradeCategory(course_id=course_id, name='', weight=0, position=len(rows))
    if category_id is not None:
        row = _one(rows, category_id)
    row.name, row.weight, row.drop_lowest = checked_name(name), weight, drop_lowest
    others = [each for each in rows if each is not row]
    check_categories([_category(each) for each in [*others, row]])
    tx.session.add(row)
    tx.session.flush()
    _changed(tx, course_id)
    return row.id


def delete_category(tx: Transaction, actor: Actor | None, course_id: int, *, category_id: int) -> None:
    """Delete a category; what was in it is in none from then on."""
    access.taught_course(tx, actor, course_id)
    rows = _rows(tx, course_id, locked=True)
    row = _one(rows, category_id)
    left = [_category(each) for each in rows if each is not row]
    if left and not any(each.weight for each in left):
        raise Refused('The weights that are left would be 0 together. Give another category a weight first.')
    theirs = col(GradedItem.category_id) == category_id
    tx.execute(update(GradedItem).where(theirs).values(category_id=None))
    tx.session.delete(row)
    tx.session.flush()
    _changed(tx, course_id)


def place(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    category_id: int | None = None,
    counts: bool = True,
) -> None:
    """Put a graded checkpoint into a category, or into none, and say whether it counts."""
    checkpoint = graded_checkpoint(tx, actor, checkpoint_id)
    if category_id is not None:
        _one(_rows(tx, checkpoint.course_id), category_id)
    row = tx.session.get(GradedItem, checkpoint_id)
    row = row or GradedItem(checkpoint_id=checkpoint_id, course_id=checkpoint.course_id)
    row.category_id, row.counts = category_id, counts
    tx.session.add(row)
    _changed(tx, checkpoint.course_id)


def set_letters(tx: Transaction, actor: Actor | None, course_id: int, *, letters: Sequence[tuple[int, str]]) -> None:
    """Say from which percent on a total has which letter; nothing for no letters."""
    access.taught_course(tx, actor, course_id)
    checked = checked_letters(letters)
    row = _grading(tx, course_id)
    row.letters = [[percent, letter] for percent, letter in checked]
    tx.session.add(row)
    _changed(tx, course_id)


def count_missing(tx: Transaction, actor: Actor | None, course_id: int, *, counts: bool) -> None:
    """Say whether what is missing after its due date counts 0, or is left out."""
    access.taught_course(tx, actor, course_id)
    row = _grading(tx, course_id)
    row.missing_counts = counts
    tx.session.add(row)
    _changed(tx, course_id)


def graded_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    """Return a checkpoint that is graded, for those who teach its course; else raise `NotFound`."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    if checkpoint_id not in sources.graded(tx, checkpoint.course_id):
        raise NotFound('This step is not graded.')
    return checkpoint


def _changed(tx: Transaction, course_id: int) -> None:
    tx.announce(GradingChanged(course_id=course_id))
    tx.note('grading changed', course=course_id)


def _rows(tx: Transaction, course_id: int, *, locked: bool = False) -> list[GradeCategory]:
    ours = select(GradeCategory).where(col(GradeCategory.course_id) == course_id)
    in_order = ours.order_by(col(GradeCategory.position), col(GradeCategory.id))
    return list(tx.session.scalars(in_order.with_for_update() if locked else in_order))


def _one(rows: Sequence[GradeCategory], category_id: int) -> GradeCategory:
    found = next((row for row in rows if row.id == category_id), None)
    if found is None:
        raise NotFound('This category is gone. Somebody may have deleted it.')
    return found


def _grading(tx: Transaction, course_id: int) -> Grading:
    return tx.session.get(Grading, course_id) or Grading(course_id=course_id)


def _category(row: GradeCategory) -> Category:
    return Category(category_id=row.id, name=row.name, weight=row.weight, drop_lowest=row.drop_lowest)


_grading_of, _category_of = table(Grading), table(GradeCategory)
_GRADING = Prepared(
    select(_grading_of.c.missing_counts, _grading_of.c.letters).where(_grading_of.c.course_id == bindparam('course'))
)
_CATEGORIES = Prepared(
    select(_category_of.c.id, _category_of.c.name, _category_of.c.weight, _category_of.c.drop_lowest)
    .where(_category_of.c.course_id == bindparam('course'))
    .order_by(_category_of.c.position, _category_of.c.id)
)
