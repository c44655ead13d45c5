"""Enrollments: one learner in one course, and the percentage that follows from their progress."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, bindparam, distinct, func, insert, select, update
from sqlmodel import col

from models import Checkpoint, Enrollment, Progress, Verb, table
from services.core import log
from services.core.database import Transaction
from services.core.events import PersonNamed, Recorded
from services.core.log import Entry


def enroll(tx: Transaction, *, course_id: int, user_id: int, name: str) -> bool:
    """Let a person take part in a course; twice is no error. Returns whether they are new."""
    place = {'course_id': course_id, 'user_id': user_id}
    if tx.run(_PLACE, place).first():
        return False
    tx.run(_ENROLL, {**place, 'enrolled_at': tx.now, 'percent': 0})
    log.append(tx, [Entry(user_id=user_id, tap_id=f'enrolled:{course_id}', verb=Verb.ENROLLED, course_id=course_id)])
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
    chosen = {'course': course_id, 'users': list(user_ids or ()), 'everybody': user_ids is None}
    before = tx.run(_BEFORE, chosen).all()
    after = {row.id: row.percent for row in tx.run(_RECOUNT, chosen)}
    finished: list[int] = []
    changed = 0
    for row in before:
        new = after[row.id]
        if new != row.percent:
            changed += 1
            request = tx.request_id or tx.request_ids.get(row.user_id, '')
            facts = {'course': course_id, 'user': row.user_id, 'old_percent': row.percent, 'new_percent': new}
            tx.note('recalculated', request=request, **facts)
            if new == 100 and row.completed_at is None:
                finished.append(row.user_id)
    _complete(tx, course_id, finished)
    return changed


def counted() -> ColumnElement[bool]:
    """Return the condition under which a checkpoint counts."""
    return col(Checkpoint.deleted_at).is_(None) & ~col(Checkpoint.is_preview)


def _complete(tx: Transaction, course_id: int, user_ids: Sequence[int]) -> None:
    if not user_ids:
        return
    theirs = (col(Enrollment.course_id) == course_id) & col(Enrollment.user_id).in_(user_ids)
    tx.execute(update(Enrollment).where(theirs).values(completed_at=tx.now))
    log.append(
        tx,
        [
            Entry(user_id=user_id, tap_id=f'completed:{course_id}', verb=Verb.COURSE_COMPLETED, course_id=course_id)
            for user_id in user_ids
        ],
    )
    tx.note('course completed', course=course_id, users=list(user_ids))


_enrollments, _progress, _checkpoints = table(Enrollment), table(Progress), table(Checkpoint)

_CHOSEN = (_enrollments.c.course_id == bindparam('course')) & (
    bindparam('everybody') | _enrollments.c.user_id.in_(bindparam('users', expanding=True))
)
_COUNTED = _checkpoints.c.deleted_at.is_(None) & ~_checkpoints.c.is_preview
_TOTAL = select(func.count()).where(_checkpoints.c.course_id == bindparam('course'), _COUNTED).scalar_subquery()
_DONE = (
    select(func.count(distinct(_progress.c.checkpoint_id)))
    .join(_checkpoints, _checkpoints.c.id == _progress.c.checkpoint_id)
    .where(
        _progress.c.course_id == bindparam('course'),
        _progress.c.user_id == _enrollments.c.user_id,
        _progress.c.completed_at.is_not(None),
        _COUNTED,
    )
    .correlate(_enrollments)
    .scalar_subquery()
)
_PERCENT = func.coalesce((_DONE * 100).op('/')(func.nullif(_TOTAL, 0)), 0)
_BEFORE = (
    select(_enrollments.c.id, _enrollments.c.user_id, _enrollments.c.percent, _enrollments.c.completed_at)
    .where(_CHOSEN)
    .order_by(_enrollments.c.id)
    .with_for_update()
)
_RECOUNT = (
    update(_enrollments).where(_CHOSEN).values(percent=_PERCENT).returning(_enrollments.c.id, _enrollments.c.percent)
)
_PLACE = select(_enrollments.c.id).where(
    _enrollments.c.course_id == bindparam('course_id'), _enrollments.c.user_id == bindparam('user_id')
)
_ENROLL = insert(_enrollments)
