"""The questions that were asked in a class that is over, with what was answered; for those who teach."""

from collections.abc import Container
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import LiveQuestion, LiveSession
from services.core.database import Transaction
from services.live.questions import distribution, standing
from services.live.questions.distribution import Distribution
from services.quizzes import grading
from services.quizzes.question import WHOLE, QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One question that was asked in a class."""

    live_question_id: int
    question_id: int
    number: int
    kind: QuestionKind
    text: str
    """Markdown"""
    second: int
    """since the class began"""
    right_percent: int | None
    """of those who answered; None where nobody did"""
    distribution: Distribution


def of_class(tx: Transaction, session_id: int, *, only: Container[int] | None = None) -> tuple[PastQuestion, ...]:
    """Return the questions of a class in their order, with the answers of all, or of these learners only.

    The caller has checked who may see it.
    """
    asked = select(LiveQuestion).where(col(LiveQuestion.session_id) == session_id).order_by(col(LiveQuestion.number))
    rows = tx.session.scalars(asked).all()
    if not rows:
        return ()
    began = tx.session.get_one(LiveSession, session_id).started_at
    answers = standing.answers_to(tx, [row.id for row in rows])
    found: list[PastQuestion] = []
    for row in rows:
        one = standing.of_row(tx, row)
        given = [each for user_id, each in answers.get(row.id, {}).items() if only is None or user_id in only]
        right = sum(grading.grade(one.content, each).credit == WHOLE for each in given)
        found.append(
            PastQuestion(
                live_question_id=row.id,
                question_id=row.question_id,
                number=row.number,
                kind=one.content.kind,
                text=one.content.text,
                second=max(0, int((row.opened_at - began).total_seconds())),
                right_percent=100 * right // len(given) if given else None,
                distribution=distribution.of_staff(one.content, one.shown, given),
            )
        )
    return tuple(found)
