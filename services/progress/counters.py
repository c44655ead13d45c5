"""What counts in a course, and how far everybody is: counters that follow each change of its shape.

`courses.counted` is how many checkpoints count, `enrollments.done` how many of them a learner has completed.
Marks recount the few who made them (`enrollments.recount`). A change of the shape moves everybody at once, by
what they have done at the checkpoints that began or ceased to count: no other progress is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, distinct, func, select, update
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, Progress, table
from services import access
from services.access import Actor
from services.core import database
from services.core.errors import NotFound
from services.core.events import CourseChanged
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import enrollments, module_completions
from services.progress.enrollments import Counted

IN_ONE_GO = 100
"""learners who are recounted in one commit, so that nobody's tap waits for it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a recalculation by hand has found."""

    learners: int
    changed: int
    """of those, how many had another percentage, or another number of checkpoints done, than they should"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """What a recalculation of one learner has found. Source: s4, recalculateProgress."""

    percent: int
    completed_at: datetime | None
    changed: bool


def begin_to_count(tx: Transaction, course_id: int, checkpoint_ids: Sequence[int]) -> None:
    """Let everybody's percentage follow checkpoints that count from now on; tells of the course's new shape."""
    _reshape(tx, course_id, checkpoint_ids, +1)


def cease_to_count(tx: Transaction, course_id: int, checkpoint_ids: Sequence[int]) -> None:
    """Let everybody's percentage follow checkpoints that have ceased to count; publishes the new shape."""
    _reshape(tx, course_id, checkpoint_ids, -1)
    theirs = select(col(Checkpoint.module_id)).where(col(Checkpoint.id).in_(checkpoint_ids)).distinct()
    module_completions.changed(tx, tx.execute(theirs).scalars().all())


def count_checkpoints(tx: Transaction, course_id: int) -> None:
    """Count what counts in a course."""
    tx.session.flush()
    _COUNT.rows(tx.connection, course=course_id)


async def recalculate(actor: Actor | None, course_id: int) -> Repair:
    """Count everything in a course again, whatever the counters say, and repair what differs.

    Learners are taken some at a time, because this looks at all of their progress.
    """
    learners = await database.write(recount_course, actor, course_id)
    changed = 0
    for start in range(0, len(learners), IN_ONE_GO):
        changed += await database.write(recount_some, actor, course_id, learners[start : start + IN_ONE_GO])
    return Repair(learners=len(learners), changed=changed)


def recount_course(tx: Transaction, actor: Actor | None, course_id: int) -> list[int]:
    """Begin a recalculation by hand: count the checkpoints; returns whose percentages are to follow."""
    access.taught_course(tx, actor, course_id)
    count_checkpoints(tx, course_id)
    everybody = select(col(Enrollment.user_id)).where(col(Enrollment.course_id) == course_id)
    learners = list(tx.execute(everybody.order_by(col(Enrollment.id))).scalars())
    tx.note('recalculation by hand', course=course_id, by=actor.user_id if actor else 0, learners=len(learners))
    return learners


def recount_some(tx: Transaction, actor: Actor | None, course_id: int, user_ids: Sequence[int]) -> int:
    """Go on with a recalculation by hand; returns how many of these learners it changed."""
    access.taught_course(tx, actor, course_id)
    return enrollments.recount(tx, course_id, user_ids)


def recount_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> Recounted:
    """Count again what one learner of a course has done, and repair what differs."""
    access.taught_course(tx, actor, course_id)
    count_checkpoints(tx, course_id)
    changed = enrollments.recount(tx, course_id, [user_id])
    for percent, completed_at in _PLACE.rows(tx.connection, course=course_id, user=user_id):
        return Recounted(percent=percent, completed_at=completed_at, changed=bool(changed))
    raise NotFound(access.NOT_HERE)


def _reshape(tx: Transaction, course_id: int, checkpoint_ids: Sequence[int], by: int) -> None:
    count_checkpoints(tx, course_id)
    before = [Counted(*row) for row in enrollments.BEFORE_ALL.rows(tx.connection, course=course_id)]
    after = _MOVE.rows(tx.connection, course=course_id, checkpoints=list(checkpoint_ids), step=by)
    enrollments.conclude(tx, course_id, before, after)
    tx.announce(CourseChanged(course_id=course_id))


_courses, _checkpoints = table(Course), table(Checkpoint)
_enrollments, _progress = table(Enrollment), table(Progress)

_IN_COURSE = _checkpoints.c.course_id == bindparam('course'), _checkpoints.c.deleted_at.is_(None)
_HOW_MANY = select(func.count()).where(*_IN_COURSE, ~_checkpoints.c.is_preview).scalar_subquery()
_COUNT = Prepared(update(_courses).where(_courses.c.id == bindparam('course')).values(counted=_HOW_MANY))

_PLACE = Prepared(
    select(_enrollments.c.percent, _enrollments.c.completed_at).where(
        _enrollments.c.course_id == bindparam('course'), _enrollments.c.user_id == bindparam('user')
    )
)

_DONE_THERE = (
    select(_progress.c.user_id, func.count(distinct(_progress.c.checkpoint_id)).label('number'))
    .where(among(_progress.c.checkpoint_id, 'checkpoints'), _progress.c.completed_at.is_not(None))
    .group_by(_progress.c.user_id)
    .subquery('done_there')
)
_MOVED = (
    select(
        _enrollments.c.id,
        (_enrollments.c.done + bindparam('step', type_=Integer()) * func.coalesce(_DONE_THERE.c.number, 0)).label(
            'done'
        ),
    )
    .outerjoin(_DONE_THERE, _DONE_THERE.c.user_id == _enrollments.c.user_id)
    .where(_enrollments.c.course_id == bindparam('course'))
    .cte('moved')
    .prefix_with('MATERIALIZED')
)
_PERCENT = enrollments.percentage(_MOVED.c.done)
_MOVE = Prepared(
    update(_enrollments)
    .where(
        _enrollments.c.id == _MOVED.c.id,
        (_enrollments.c.done != _MOVED.c.done) | (_enrollments.c.percent != _PERCENT),
    )
    .values(done=_MOVED.c.done, percent=_PERCENT)
    .returning(_enrollments.c.id, _enrollments.c.done, _enrollments.c.percent)
)
