"""Enrollments: one learner in one course, and the percentage that follows from their progress."""

from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, distinct, func, insert, select, update
from sqlmodel import col

from models import Checkpoint, Enrollment, Progress, Verb, table
from services import access
from services.access import Actor
from services.core import log
from services.core.among import among
from services.core.database import Transaction
from services.core.errors import NotEnrolled, Removed
from services.core.events import PersonHidden, PersonNamed, Recorded
from services.core.log import Entry
from services.core.prepared import Prepared


def enroll(tx: Transaction, *, course_id: int, user_id: int, name: str) -> bool:
    """Let a person take part in a course; twice is no error. Returns whether they are new."""
    place = {'course_id': course_id, 'user_id': user_id}
    for (removed_at,) in _PLACE.rows(tx.connection, **place):
        if removed_at:
            raise Removed
        return False
    _ENROLL.rows(tx.connection, **place, enrolled_at=tx.now, percent=0, custom={})
    log.append(tx, [Entry(user_id=user_id, tap_id=f'enrolled:{course_id}', verb=Verb.ENROLLED, course_id=course_id)])
    tx.announce(PersonNamed(course_id=course_id, user_id=user_id, name=name))
    return True


def hide(tx: Transaction, actor: Actor | None, course_id: int, hidden: bool) -> None:
    """Choose whether one is shown on the projector of a course that one takes part in."""
    access.course(tx, actor, course_id)
    user_id = actor.user_id if actor else 0
    mine = (col(Enrollment.course_id) == course_id) & (col(Enrollment.user_id) == user_id)
    chosen = tx.execute(update(Enrollment).where(mine).values(is_hidden=hidden).returning(col(Enrollment.id)))
    if chosen.first() is None:
        raise NotEnrolled
    tx.announce(PersonHidden(course_id=course_id, user_id=user_id, hidden=hidden))
    tx.note('hidden from the projector' if hidden else 'shown on the projector', course=course_id, user=user_id)


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Recount the enrollments that activities just recorded can have moved."""
    moved: dict[int, set[int]] = {}
    for activity in activities:
        if activity.verb in {Verb.COMPLETED, Verb.UNDONE}:
            moved.setdefault(activity.course_id, set()).add(activity.user_id)
    for course_id, user_ids in sorted(moved.items()):
        recount(tx, course_id, user_ids)


def recount(
    tx: Transaction, course_id: int, user_ids: Collection[int] | None = None, *, with_guest: int | None = None
) -> int:
    """Set the percentage of some or all who are enrolled in a course; returns how many changed.

    Percentage = completed / counted checkpoints, rounded down; done in either mode is done.
    Whoever reaches 100 for the first time has completed the course, for good; but `with_guest` only for as long
    as the work of that guest is theirs (see `services.merging`).
    """
    everybody = user_ids is None
    chosen = {'course': course_id} if user_ids is None else {'course': course_id, 'users': list(user_ids)}
    before = _BEFORE[everybody].rows(tx.connection, **chosen)
    after: dict[int, int] = dict(_RECOUNT[everybody].rows(tx.connection, **chosen))
    finished: list[int] = []
    changed = 0
    for id_, user_id, old, completed_at in before:
        new = after[id_]
        if new != old:
            changed += 1
            request = tx.request_id or tx.request_ids.get(user_id, '')
            facts = {'course': course_id, 'user': user_id, 'old_percent': old, 'new_percent': new}
            tx.note('recalculated', request=request, **facts)
            if new == 100 and completed_at is None:
                finished.append(user_id)
    _complete(tx, course_id, finished, with_guest)
    return changed


def counted() -> ColumnElement[bool]:
    """Return the condition under which a checkpoint counts."""
    return col(Checkpoint.deleted_at).is_(None) & ~col(Checkpoint.is_preview)


def _complete(tx: Transaction, course_id: int, user_ids: Sequence[int], with_guest: int | None) -> None:
    if not user_ids:
        return
    theirs = (col(Enrollment.course_id) == course_id) & col(Enrollment.user_id).in_(user_ids)
    tx.execute(update(Enrollment).where(theirs).values(completed_at=tx.now))
    log.append(
        tx,
        [
            Entry(
                user_id=user_id,
                tap_id=f'completed:{course_id}' + (f':{uuid4().hex}' if with_guest else ''),
                verb=Verb.COURSE_COMPLETED,
                course_id=course_id,
                about_id=with_guest,
            )
            for user_id in user_ids
        ],
    )
    tx.note('course completed', course=course_id, users=list(user_ids))


_enrollments, _progress, _checkpoints = table(Enrollment), table(Progress), table(Checkpoint)

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
_PLACE = Prepared(
    select(_enrollments.c.removed_at).where(
        _enrollments.c.course_id == bindparam('course_id'), _enrollments.c.user_id == bindparam('user_id')
    )
)
_ENROLL = Prepared(insert(_enrollments), columns=('course_id', 'user_id', 'enrolled_at', 'percent', 'custom'))


def _chosen(everybody: bool) -> ColumnElement[bool]:
    in_course = _enrollments.c.course_id == bindparam('course')
    return in_course if everybody else in_course & among(_enrollments.c.user_id, 'users')


_BEFORE = {
    everybody: Prepared(
        select(_enrollments.c.id, _enrollments.c.user_id, _enrollments.c.percent, _enrollments.c.completed_at)
        .where(_chosen(everybody))
        .order_by(_enrollments.c.id)
        .with_for_update()
    )
    for everybody in (True, False)
}
_RECOUNT = {
    everybody: Prepared(
        update(_enrollments)
        .where(_chosen(everybody))
        .values(percent=_PERCENT)
        .returning(_enrollments.c.id, _enrollments.c.percent)
    )
    for everybody in (True, False)
}
