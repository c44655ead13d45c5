"""One attempt of a learner with everything in it, for those who teach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import AttemptState, User
from services import access, rubrics
from services.access import Actor
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.quizzes import review
from services.quizzes.asked import rows_of
from services.quizzes.attempts import taught_attempt
from services.quizzes.revealing import Sees
from services.quizzes.review import Review
from services.rubrics import Mark

EVERYTHING = Sees(score=True, right=True, solution=True, feedback=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How one answer came about."""

    question_id: int
    seconds: int
    changes: int
    confidence: int | None
    remark: str
    """of the person who graded it, also before the learner may read it"""
    marks: tuple[Mark, ...]
    """what it got for each criterion of a rubric, likewise"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InFull:
    """An attempt with its key, and how each answer came about, by position."""

    user_id: int
    name: str
    browser: str
    feedback: str
    """what a teacher says of the whole attempt, also before the learner may read it"""
    feedback_at: datetime | None
    """to be given back with other words, so that nobody overwrites what another person has just said"""
    review: Review
    efforts: Mapping[int, Effort]


def of_learner(tx: Transaction, actor: Actor | None, attempt_id: int) -> InFull:
    """Return a submitted attempt in a course that the actor teaches."""
    attempt = taught_attempt(tx, actor, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS or attempt.submitted_at is None:
        raise Refused('This attempt is still going on. You can read it once it is handed in.')
    access.note_look(tx, actor, 'quiz attempt', course=attempt.course_id, about=attempt.user_id)
    return InFull(
        user_id=attempt.user_id,
        name=tx.session.get_one(User, attempt.user_id).name,
        browser=attempt.browser,
        feedback=attempt.feedback,
        feedback_at=attempt.feedback_at,
        review=review.of_attempt(tx, attempt, attempt.submitted_at, EVERYTHING),
        efforts={
            row.position: Effort(
                question_id=row.question_id,
                seconds=row.seconds,
                changes=row.changes,
                confidence=row.confidence,
                remark=row.remark,
                marks=rubrics.read_marks(row.marks),
            )
            for row, _content in rows_of(tx, attempt_id)
        },
    )
