"""Whether nothing is missing: in a subject, or of what was begun in a week."""

from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from models import Checkpoint, CheckpointKind, Course, Enrollment, PointEntry, PointReason, Quiz, Reveal, table
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def subject(tx: Transaction, user_id: int, course_id: int) -> bool:
    """Tell whether a learner has completed all their courses of the subject of one, and mastered all quizzes there.

    What a quiz keeps back is not mastered yet, or the badge would tell of it; one that never shows a score counts for
    nothing here.

    Somebody who has mastered nothing there is no master of it; quizzes for practice are never graded.
    """
    courses = _COURSES.rows(tx.connection, user=user_id, course=course_id)
    if not courses or any(completed_at is None for _, completed_at in courses):
        return False
    quizzes = [row for id_, _ in courses for row in _QUIZZES.rows(tx.connection, user=user_id, course=id_)]
    return bool(quizzes) and all(earned_at is not None for (earned_at,) in quizzes)


def week(tx: Transaction, user_id: int, course_id: int, monday: date) -> bool:
    """Tell whether a learner has completed in a week what they began in it in a course, and that is something."""
    span = {'first': monday, 'last': monday + timedelta(days=6)}
    ((begun, done),) = _WEEK.rows(tx.connection, user=user_id, course=course_id, **span)
    return bool(begun == done > 0)


_enrollments, _courses, _checkpoints = table(Enrollment), table(Course), table(Checkpoint)
_quizzes, _mastered = table(Quiz), table(PointEntry).alias('mastered')
_SAME = _courses.alias('same')
_COURSES = Prepared(
    select(_courses.c.id, _enrollments.c.completed_at)
    .join(_enrollments, _enrollments.c.course_id == _courses.c.id)
    .join(_SAME, func.lower(func.trim(_SAME.c.subject)) == func.lower(func.trim(_courses.c.subject)))
    .where(
        _SAME.c.id == bindparam('course'),
        func.trim(_SAME.c.subject) != '',
        _enrollments.c.user_id == bindparam('user'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
    )
)
_QUIZZES = Prepared(
    select(_mastered.c.earned_at)
    .select_from(_checkpoints)
    .join(_quizzes, _quizzes.c.checkpoint_id == _checkpoints.c.id)
    .join(
        _mastered,
        (_mastered.c.user_id == bindparam('user'))
        & (_mastered.c.reason == PointReason.MASTERED)
        & (_mastered.c.object_id == _checkpoints.c.id),
        isouter=True,
    )
    .where(
        _checkpoints.c.course_id == bindparam('course'),
        _checkpoints.c.kind == CheckpointKind.QUIZ,
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
        ~_quizzes.c.is_practice,
        _quizzes.c.shows_score != Reveal.NEVER,
    )
)
_STARTED, _DONE = table(PointEntry).alias('started'), table(PointEntry).alias('done')
_LAST = bindparam('last', type_=_STARTED.c.local_date.type)
_WEEK = Prepared(
    select(func.count(_STARTED.c.object_id), func.count(_DONE.c.object_id))
    .select_from(_STARTED)
    .join(
        _DONE,
        (_DONE.c.user_id == _STARTED.c.user_id)
        & (_DONE.c.reason == PointReason.COMPLETED)
        & (_DONE.c.object_id == _STARTED.c.object_id)
        & (_DONE.c.local_date <= _LAST),
        isouter=True,
    )
    .where(
        _STARTED.c.user_id == bindparam('user'),
        _STARTED.c.reason == PointReason.STARTED,
        _STARTED.c.course_id == bindparam('course'),
        _STARTED.c.local_date >= bindparam('first', type_=_STARTED.c.local_date.type),
        _STARTED.c.local_date <= _LAST,
    )
)
