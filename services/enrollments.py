"""Enrollments: one learner in one course, and the percentage that follows from their progress."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, distinct, func, select, update
from sqlmodel import col

from models import Checkpoint, Enrollment, Progress, Verb
from services.core import log
from services.core.database import Transaction
from services.core.events import PersonNamed, Recorded
from services.core.log import Entry


def enroll(tx: Transaction, *, course_id: int, user_id: int, name: str) -> bool:
    """Let a person take part in a course; twice is no error. Returns whether they are new."""
    mine = (col(Enrollment.course_id) == course_id) & (col(Enrollment.user_id) == user_id)
    if tx.execute(select(col(Enrollment.id)).where(mine)).first():
        return False
    tx.session.add(Enrollment(course_id=course_id, user_id=user_id, enrolled_at=tx.now))
    tx.session.flush()
    log.append(tx, [Entry(user_id=user_id, tap_id=f'enrolled {course_id}', verb=Verb.ENROLLED, course_id=course_id)])
    tx.announce(PersonNamed(course_id=course_id, user_id=user_id, name=name))
    return True


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Recount the enrollments that activities just recorded can have moved."""
    moved: dict[int, set[int]] = {}
    for activity in activities:
        if activity.verb in {Verb.COMPLETED, Verb.UNDONE}:
            moved.setdefault(activity.course_id, set()).add(activity.user_id)
    for course_id, user_ids in sorted(moved.items()):
        recount(tx, course_id, user_ids)


def recount(tx: Transaction, course_id: int, user_ids: Collection[int] | None = None) -> int:
    """Set the percentage of some or all who are enrolled in a course; returns how many changed.

    Percentage = completed / counted checkpoints, rounded down; done in either mode is done.
    Whoever reaches 100 for the first time has completed the course, for good.
    """
    chosen = col(Enrollment.course_id) == course_id
    if user_ids is not None:
        chosen &= col(Enrollment.user_id).in_(user_ids)
    columns = col(Enrollment.id), col(Enrollment.user_id), col(Enrollment.percent), col(Enrollment.completed_at)
    before = tx.execute(select(*columns).where(chosen).order_by(col(Enrollment.id)).with_for_update()).all()
    percent = _percent(tx, course_id)
    changing = update(Enrollment).where(chosen, col(Enrollment.percent) != percent).values(percent=percent)
    after = dict(tx.execute(changing.returning(col(Enrollment.id), col(Enrollment.percent))).tuples().all())
    finished: list[int] = []
    for enrollment_id, user_id, old, completed_at in before:
        if (new := after.get(enrollment_id)) is not None:
            tx.note('recalculated', course=course_id, user=user_id, old_percent=old, new_percent=new)
            if new == 100 and completed_at is None:
                finished.append(user_id)
    _complete(tx, course_id, finished)
    return len(after)


def counted() -> ColumnElement[bool]:
    """Return the condition under which a checkpoint counts."""
    return col(Checkpoint.deleted_at).is_(None) & ~col(Checkpoint.is_preview)


def _percent(tx: Transaction, course_id: int) -> ColumnElement[int]:
    total = tx.execute(
        select(func.count()).select_from(Checkpoint).where(col(Checkpoint.course_id) == course_id, counted())
    ).scalar_one()
    done = (
        select(func.count(distinct(col(Progress.checkpoint_id))))
        .join(Checkpoint, col(Checkpoint.id) == col(Progress.checkpoint_id))
        .where(
            col(Progress.course_id) == course_id,
            col(Progress.user_id) == col(Enrollment.user_id),
            col(Progress.completed_at).is_not(None),
            counted(),
        )
        .correlate(Enrollment)
        .scalar_subquery()
    )
    return (done * 100).op('/')(max(total, 1))


def _complete(tx: Transaction, course_id: int, user_ids: Sequence[int]) -> None:
    if not user_ids:
        return
    theirs = (col(Enrollment.course_id) == course_id) & col(Enrollment.user_id).in_(user_ids)
    tx.execute(update(Enrollment).where(theirs).values(completed_at=tx.now))
    log.append(
        tx,
        [
            Entry(user_id=user_id, tap_id=f'completed {course_id}', verb=Verb.COURSE_COMPLETED, course_id=course_id)
            for user_id in user_ids
        ],
    )
    tx.note('course completed', course=course_id, users=list(user_ids))
