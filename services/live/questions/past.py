"""The questions that were asked in a class that is over, with what was answered; for those who teach."""

from collections.abc import Container
from dataclasses import dataclass

from sqlmodel import col

from models import LiveQuestion, LiveSession
from services.core.transaction import Transaction
from services.live.questions import distribution, standing, views
from services.live.questions.views import Asked
from services.quizzes import grading
from services.quizzes.question import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One question that was asked in a class."""

    question_id: int
    second: int
    """since the class began"""
    right_percent: int | None
    """of those who answered; None where nobody did"""
    asked: Asked


def of_class(tx: Transaction, session_id: int, *, only: Container[int] | None = None) -> tuple[PastQuestion, ...]:
    """Return the questions of a class in their order, with the answers of all, or of these learners only.

    The caller has checked who may see it.
    """
    rows = standing.asked(tx, col(LiveQuestion.session_id) == session_id)
    if not rows:
        return ()
    began = tx.session.get_one(LiveSession, session_id).started_at
    answers = standing.answers_to(tx, [row.id for row, _ in rows])
    found: list[PastQuestion] = []
    for row, version in rows:
        one = standing.of_row(row, version)
        given = [each for user_id, each in answers.get(row.id, {}).items() if only is None or user_id in only]
        right = sum(grading.grade(one.content, each).credit == WHOLE for each in given)
        found.append(
            PastQuestion(
                question_id=row.question_id,
                second=max(0, int((row.opened_at - began).total_seconds())),
                right_percent=100 * right // len(given) if given else None,
                asked=views.asked_of(one, distribution.of_staff(one.content, one.shown, given), solved=True),
            )
        )
    return tuple(found)
