"""Questions of the quizzes of a course that may be wrong themselves: those that the strong get wrong, or nearly all."""

from dataclasses import dataclass
from math import sqrt

from sqlalchemy import select
from sqlmodel import col

from models import Attempt, Checkpoint
from services import access
from services.access import Actor
from services.core.phrases import Phrase
from services.core.transaction import Transaction
from services.quizzes import question_results
from services.quizzes.item_analysis import HARD
from services.quizzes.question_results import QuestionResult

MOST = 3
"""as many as a teacher looks at"""
FEWEST_STRONG = 3
"""learners of the stronger third who chose the same wrong option"""
SURE = -200.0
"""discrimination times the root of the attempts: two standard errors, so that chance is not called a fault"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A question that its teacher should look at."""

    checkpoint_id: int
    quiz: str
    question: str
    words: Phrase


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Doubt, ...]:
    """Return the questions of a course that are most doubtful; it reads all first attempts, so ask for it apart."""
    access.taught_course(tx, actor, course_id)
    found = [
        (
            _place(question),
            Doubt(checkpoint_id=id_, quiz=title, question=question.title, words=question.said[0]),
        )
        for id_, title in _quizzes(tx, course_id)
        for question in question_results.analysis(tx, actor, id_).questions
        if _is_doubtful(question)
    ]
    return tuple(doubt for _, doubt in sorted(found, key=lambda each: each[0])[:MOST])


def _quizzes(tx: Transaction, course_id: int) -> list[tuple[int, str]]:
    attempted = select(col(Attempt.checkpoint_id)).where(col(Attempt.course_id) == course_id)
    here = col(Checkpoint.id).in_(attempted), col(Checkpoint.deleted_at).is_(None)
    rows = tx.execute(select(col(Checkpoint.id), col(Checkpoint.title)).where(*here).order_by(col(Checkpoint.id)))
    return [(id_, title) for id_, title in rows]


def _is_doubtful(question: QuestionResult) -> bool:
    item = question.item
    if item is None:
        return False
    is_upside_down = item.discrimination is not None and item.discrimination < SURE / sqrt(item.attempts)
    return _misleads_the_strong(question) or is_upside_down or item.facility <= HARD


def _misleads_the_strong(question: QuestionResult) -> bool:
    right = max((each.upper for each in question.options if each.is_right), default=0)
    wrong = max((each.upper for each in question.options if not each.is_right), default=0)
    return wrong >= FEWEST_STRONG and wrong >= 2 * right


def _place(question: QuestionResult) -> tuple[bool, float]:
    """Order questions, the most doubtful first."""
    item = question.item
    return not _misleads_the_strong(question), item.discrimination or 0.0 if item else 0.0
