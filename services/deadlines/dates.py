"""By when a learner has to do what, over all their courses: with their extra time, and with what was agreed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select

from models import (
    AssignmentExtension,
    Checkpoint,
    CheckpointKind,
    Course,
    Enrollment,
    GradeOverride,
    Module,
    Progress,
    Quiz,
    QuizException,
    Submission,
    SubmissionState,
    table,
)
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress.extra_time import own_due, was_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Until when one learner does one checkpoint."""

    checkpoint_id: int
    course_id: int
    course: str
    title: str
    kind: CheckpointKind
    due_at: datetime
    is_done: bool
    """whether it is completed or handed in"""
    was_before: bool
    """whether it is not done, and was due before the learner joined: it is not asked of them"""


@dataclass(frozen=True, slots=True)
class _Row:
    checkpoint_id: int
    course_id: int
    course: str
    title: str
    kind: CheckpointKind
    due_at: datetime | None
    created_at: datetime
    enrolled_at: datetime
    extra_percent: int
    closes_at: datetime | None
    agreed_closing: datetime | None
    own_later: datetime | None
    group_later: datetime | None
    is_done: bool


def of_learner(tx: Transaction, user_id: int, *, since: datetime) -> tuple[Deadline, ...]:
    """Return the deadlines of a learner from a moment on, the next one first; the caller has checked who may know them.

    What they are excused from has none, nor has what nobody works on: archived courses, and those they were taken out
    of.
    """
    rows = (_Row(*row) for row in _DATES.rows(tx.connection, user=user_id))
    found = (
        Deadline(
            checkpoint_id=row.checkpoint_id,
            course_id=row.course_id,
            course=row.course,
            title=row.title,
            kind=row.kind,
            due_at=due_at,
            is_done=bool(row.is_done),
            was_before=not row.is_done and was_before(due_at, row.enrolled_at),
        )
        for row in rows
        if (due_at := _due(row)) is not None and due_at >= since
    )
    return tuple(sorted(found, key=lambda each: (each.due_at, each.checkpoint_id)))


def _due(row: _Row) -> datetime | None:
    """Return the moment after which it is too late, or late."""
    since = max(row.created_at, row.enrolled_at)
    usual = own_due(row.due_at, row.extra_percent, since=since)
    if row.agreed_closing:
        return row.agreed_closing
    if row.closes_at:
        return min(usual or row.closes_at, row.closes_at)
    if usual is None:
        return None
    return max(usual, row.own_later or usual, row.group_later or usual)


_checkpoints, _modules, _courses, _places = table(Checkpoint), table(Module), table(Course), table(Enrollment)
_quizzes, _agreed = table(Quiz), table(QuizException)
_own, _of_group = table(AssignmentExtension).alias('own'), table(AssignmentExtension).alias('of_group')
_progress, _submissions, _overrides = table(Progress), table(Submission), table(GradeOverride)

_DONE = or_(
    exists().where(
        _progress.c.user_id == _places.c.user_id,
        _progress.c.checkpoint_id == _checkpoints.c.id,
        _progress.c.completed_at.is_not(None),
    ),
    exists().where(
        _submissions.c.user_id == _places.c.user_id,
        _submissions.c.checkpoint_id == _checkpoints.c.id,
        _submissions.c.state != SubmissionState.DRAFT,
    ),
)
_EXCUSED = exists().where(
    _overrides.c.user_id == _places.c.user_id,
    _overrides.c.checkpoint_id == _checkpoints.c.id,
    _overrides.c.score.is_(None),
)
_DATES = Prepared(
    select(
        _checkpoints.c.id,
        _checkpoints.c.course_id,
        _courses.c.title,
        _checkpoints.c.title,
        _checkpoints.c.kind,
        _checkpoints.c.due_at,
        _checkpoints.c.created_at,
        _places.c.enrolled_at,
        _places.c.extra_percent,
        _quizzes.c.closes_at,
        _agreed.c.closes_at,
        _own.c.due_at,
        _of_group.c.due_at,
        _DONE,
    )
    .select_from(_places)
    .join(_courses, _courses.c.id == _places.c.course_id)
    .join(_checkpoints, _checkpoints.c.course_id == _courses.c.id)
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .outerjoin(_quizzes, and_(_quizzes.c.checkpoint_id == _checkpoints.c.id, _quizzes.c.is_published))
    .outerjoin(
        _agreed, and_(_agreed.c.checkpoint_id == _quizzes.c.checkpoint_id, _agreed.c.user_id == _places.c.user_id)
    )
    .outerjoin(_own, and_(_own.c.checkpoint_id == _checkpoints.c.id, _own.c.user_id == _places.c.user_id))
    .outerjoin(
        _of_group, and_(_of_group.c.checkpoint_id == _checkpoints.c.id, _of_group.c.group_id == _places.c.group_id)
    )
    .where(
        _places.c.user_id == bindparam('user'),
        _places.c.removed_at.is_(None),
        _courses.c.archived_at.is_(None),
        _courses.c.deleted_at.is_(None),
        _modules.c.deleted_at.is_(None),
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
        or_(_checkpoints.c.due_at.is_not(None), _quizzes.c.closes_at.is_not(None), _agreed.c.closes_at.is_not(None)),
        ~_EXCUSED,
    )
)
