"""What a platform is to know of one learner at one link: the grade as the learner may see it, and how far they are.

Of a milestone it is to know one thing: that it is reached.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from models import (
    Checkpoint,
    Course,
    Enrollment,
    LtiLink,
    LtiMilestone,
    Module,
    Progress,
    Submission,
    SubmissionState,
    User,
)
from services.core import languages, school
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.grades import gradebook
from services.grades.book import Cell, Mark, OwnGrades
from services.progress import module_completions

MAXIMUM = 100
REACHED = 1
"""what a milestone is worth"""
MODULE_DONE = phrase('All steps of this module are completed.')
COURSE_DONE = phrase('The course is completed.')
LONGEST_COMMENT = 2000
NOTHING = MappingProxyType({'activityProgress': 'Initialized', 'gradingProgress': 'NotReady'})
"""what a platform believes that it was sent nothing of"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is to be sent, but for whom and when."""

    said: dict[str, Any]
    label: str
    """the title of what is graded"""
    maximum: int = MAXIMUM
    is_hidden: bool = False
    """whether there is a grade that the learner may not see yet"""


def of(tx: Transaction, link: LtiLink, user_id: int) -> Standing:
    """Return what the platform is to know now; nothing of somebody who does not learn in the course."""
    course = tx.session.get_one(Course, link.course_id)
    enrollment = _enrollment(tx, link.course_id, user_id)
    checkpoint = tx.session.get(Checkpoint, link.checkpoint_id) if link.checkpoint_id else None
    title = checkpoint.title if checkpoint else course.title
    if enrollment is None or link.in_class or (checkpoint and checkpoint.deleted_at):
        return Standing(said=dict(NOTHING), label=title)
    grades = gradebook.report_of(tx, link.course_id, user_id=user_id, for_learner=True)
    if checkpoint is None:
        return Standing(said=_of_course(grades, enrollment), label=title, is_hidden=_hides(grades))
    cell = _cell(grades, checkpoint.id)
    if cell is None:
        return Standing(said=_ungraded(tx, checkpoint.id, user_id), label=title)
    comment = _comment(tx, grades, checkpoint.id, user_id)
    return Standing(said=_graded(cell, comment), label=title, is_hidden=cell.mark is Mark.HIDDEN)


def of_milestone(tx: Transaction, link: LtiLink, milestone: LtiMilestone, user_id: int) -> Standing:
    """Return whether a learner has completed a module, or the course: 1 of 1, or nothing."""
    course = tx.session.get_one(Course, link.course_id)
    module = tx.session.get(Module, milestone.module_id) if milestone.module_id else None
    title = module.title if module else course.title
    enrollment = _enrollment(tx, course.id, user_id)
    is_done = enrollment is not None and (
        module_completions.completed(tx, user_id, module.id) if module else enrollment.completed_at is not None
    )
    words = languages.translations(school.current().language or 'en')
    label = phrase('{title}: completed', title=title).spoken(words)
    if not is_done:
        return Standing(said=dict(NOTHING), label=label, maximum=REACHED)
    comment = (MODULE_DONE if module else COURSE_DONE).spoken(words)
    return Standing(said={**_full(REACHED, 'Completed'), 'comment': comment}, label=label, maximum=REACHED)


def _of_course(grades: OwnGrades, enrollment: Enrollment) -> dict[str, Any]:
    """Return the total where something is graded, and otherwise how much is done."""
    activity = 'Completed' if enrollment.completed_at else 'InProgress'
    if any(thing.counts for thing in grades.things):
        total = grades.row.explanation.total
        return {**NOTHING, 'activityProgress': activity} if total is None else _full(float(total), activity)
    return _full(enrollment.percent, activity) if enrollment.percent else dict(NOTHING)


def _hides(grades: OwnGrades) -> bool:
    """Tell whether the total is without a grade that the learner may not see yet: one day it moves by itself."""
    return any(
        thing.counts and cell.mark is Mark.HIDDEN for thing, cell in zip(grades.things, grades.row.cells, strict=True)
    )


def _graded(cell: Cell, comment: str) -> dict[str, Any]:
    if cell.score is not None:
        return {**_full(cell.score, 'Completed'), **({'comment': comment} if comment else {})}
    if cell.mark in {Mark.WAITING, Mark.HIDDEN}:
        return {'activityProgress': 'Submitted', 'gradingProgress': 'PendingManual'}
    if cell.mark is Mark.EXCUSED:
        return {
            'activityProgress': 'Completed',
            'gradingProgress': 'NotReady',
            **({'comment': comment} if comment else {}),
        }
    return dict(NOTHING)


def _ungraded(tx: Transaction, checkpoint_id: int, user_id: int) -> dict[str, Any]:
    """Return 100 for a checkpoint without grades that is done."""
    theirs = select(col(User.id)).where((col(User.id) == user_id) | (col(User.merged_into_id) == user_id))
    done = (
        col(Progress.checkpoint_id) == checkpoint_id,
        col(Progress.user_id).in_(theirs),
        col(Progress.completed_at).is_not(None),
    )
    is_done = tx.execute(select(func.count()).select_from(Progress).where(*done)).scalar_one()
    return _full(MAXIMUM, 'Completed') if is_done else dict(NOTHING)


def _full(score: float, activity: str) -> dict[str, Any]:
    return {'scoreGiven': round(score, 2), 'activityProgress': activity, 'gradingProgress': 'FullyGraded'}


def _comment(tx: Transaction, grades: OwnGrades, checkpoint_id: int, user_id: int) -> str:
    """Return why a teacher has set the grade, or what they wrote to the work that they returned."""
    by_hand = grades.by_hand.get(checkpoint_id)
    if by_hand is not None:
        return by_hand.reason
    returned = (
        col(Submission.checkpoint_id) == checkpoint_id,
        col(Submission.user_id) == user_id,
        col(Submission.state) == SubmissionState.RETURNED,
        col(Submission.grade).is_not(None),  # PostgreSQL would take work without a grade for the best
    )
    best = select(col(Submission.feedback)).where(*returned).order_by(col(Submission.grade).desc()).limit(1)
    return (tx.execute(best).scalar_one_or_none() or '')[:LONGEST_COMMENT]


def _cell(grades: OwnGrades, checkpoint_id: int) -> Cell | None:
    for thing, cell in zip(grades.things, grades.row.cells, strict=True):
        if thing.checkpoint_id == checkpoint_id:
            return cell
    return None


def _enrollment(tx: Transaction, course_id: int, user_id: int) -> Enrollment | None:
    here = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == user_id
    found: Enrollment | None = tx.session.scalars(
        select(Enrollment).where(*here, col(Enrollment.removed_at).is_(None))
    ).one_or_none()
    return found
