"""All due dates of a course, moved by some days at once: a course that begins later, or a week without school."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Module
from services import access
from services.access import Actor
from services.core.errors import Invalid, Refused
from services.core.events import CourseChanged
from services.core.transaction import Transaction
from services.courses.checkpoints import check_due

MOST_DAYS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A checkpoint that would be due at another moment."""

    checkpoint_id: int
    title: str
    was: datetime
    due_at: datetime


def plan(tx: Transaction, actor: Actor | None, course_id: int, *, days: int) -> tuple[Moved, ...]:
    """Return what `move` would do, in the order of the checkpoints; nothing is changed.

    The time of day stays as it is where the teacher lives, also when clocks are put forward or back in between.
    """
    access.taught_course(tx, actor, course_id)
    zone = access.signed_in(tx, actor).zone
    if not -MOST_DAYS <= days <= MOST_DAYS:
        raise Invalid('Type a number from {least} to {most}.', least=-MOST_DAYS, most=MOST_DAYS, field='days')
    found = []
    for row in _due(tx, course_id):
        assert row.due_at is not None
        due_at = check_due((row.due_at.astimezone(zone) + timedelta(days=days)).astimezone(UTC))
        assert due_at is not None
        found.append(Moved(checkpoint_id=row.id, title=row.title, was=row.due_at, due_at=due_at))
    return tuple(found)


def move(tx: Transaction, actor: Actor | None, course_id: int, *, days: int) -> int:
    """Move all due dates of a course and return how many that were; later dates that were agreed on stay."""
    moved = {each.checkpoint_id: each.due_at for each in plan(tx, actor, course_id, days=days)}
    if not moved:
        raise Refused('No step of this course has a due date.')
    if not days:
        return 0
    for row in _due(tx, course_id):
        row.due_at, row.updated_at = moved[row.id], tx.now
        tx.session.add(row)
    tx.announce(CourseChanged(course_id=course_id))
    tx.note('due dates moved', course=course_id, days=days, steps=len(moved))
    return len(moved)


def _due(tx: Transaction, course_id: int) -> list[Checkpoint]:
    here = (
        select(Checkpoint)
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .where(col(Checkpoint.course_id) == course_id, col(Checkpoint.due_at).is_not(None))
        .where(col(Checkpoint.deleted_at).is_(None), col(Module.deleted_at).is_(None))
        .order_by(col(Module.position), col(Checkpoint.position))
    )
    return list(tx.session.scalars(here))
