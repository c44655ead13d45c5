"""Grades of assignments: the best one that was returned. Those that have no grade by their settings are not here."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, select, true
from sqlmodel import col

from models import (
    Assignment,
    AssignmentExtension,
    Checkpoint,
    CheckpointKind,
    Enrollment,
    Submission,
    SubmissionState,
    User,
)
from services.core.database import Transaction
from services.grades.results import Results


def graded(tx: Transaction, course_id: int) -> set[int]:
    """Return the assignments of a course that are graded; one that nobody has set up has the usual rules, so it is.

    A preview is only looked at, and a step of another kind takes no work any more: both are no column.
    """
    rows = (
        select(col(Checkpoint.id))
        .outerjoin(Assignment, col(Assignment.checkpoint_id) == col(Checkpoint.id))
        .where(
            col(Checkpoint.course_id) == course_id,
            col(Checkpoint.kind) == CheckpointKind.ASSIGNMENT,
            col(Checkpoint.is_preview).is_(False),
            func.coalesce(col(Assignment.is_graded), true()),
        )
    )
    return set(tx.session.scalars(rows))


def results(tx: Transaction, course_id: int, user_id: int | None = None) -> Results:
    """Return the grades that were returned, which work came late, and what waits for its grade.

    Work that came back while its assignment had no grades waits for one as soon as the assignment is graded.
    """
    whose = func.coalesce(col(User.merged_into_id), col(User.id))
    found = (
        select(
            whose,
            col(Submission.checkpoint_id),
            col(Submission.state),
            col(Submission.grade),
            col(Submission.submitted_at),
            col(Submission.late_seconds),
        )  # not the texts: there may be a hundred thousand characters in each
        .join(User, col(User.id) == col(Submission.user_id))
        .where(col(Submission.course_id) == course_id, col(Submission.state) != SubmissionState.DRAFT)
        .order_by(col(Submission.number).desc())
    )
    rows = tx.execute(found if user_id is None else found.where(whose == user_id)).all()
    returned = [
        (grade, (who, checkpoint_id), submitted_at if late else None)
        for who, checkpoint_id, state, grade, submitted_at, late in rows
        if state is SubmissionState.RETURNED and grade is not None
    ]
    best = {key: (grade, late_at) for grade, key, late_at in sorted(returned, key=lambda each: each[0])}
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for (who, checkpoint_id), (grade, _) in best.items():
        scores[who][checkpoint_id] = grade
    return Results(
        by_learner=scores,
        late={key: late_at for key, (_, late_at) in best.items() if late_at},
        waiting={
            (who, checkpoint_id)
            for who, checkpoint_id, state, grade, *_ in rows
            if state is not SubmissionState.RETURNED or grade is None
        },
        later=_later(tx, course_id, user_id),
    )


def hidden(tx: Transaction, course_id: int, user_id: int) -> frozenset[int]:
    """Return nothing: a grade is in the book only once it was returned to its learner."""
    return frozenset()


def _later(tx: Transaction, course_id: int, user_id: int | None) -> Mapping[int, Mapping[int, datetime]]:
    """Return the later due dates that were agreed on with learners, or with the groups in which they are."""
    in_group = and_(
        col(Enrollment.group_id) == col(AssignmentExtension.group_id), col(Enrollment.course_id) == course_id
    )
    whose = func.coalesce(col(AssignmentExtension.user_id), col(Enrollment.user_id))
    found = (
        select(whose, col(AssignmentExtension.checkpoint_id), col(AssignmentExtension.due_at))
        .join(Checkpoint, col(Checkpoint.id) == col(AssignmentExtension.checkpoint_id))
        .outerjoin(Enrollment, in_group)
        .where(col(Checkpoint.course_id) == course_id, whose.is_not(None))
        .order_by(col(AssignmentExtension.due_at))
    )
    later: dict[int, dict[int, datetime]] = defaultdict(dict)
    for who, checkpoint_id, due_at in tx.execute(found if user_id is None else found.where(whose == user_id)):
        later[who][checkpoint_id] = due_at
    return later
