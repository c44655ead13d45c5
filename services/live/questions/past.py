"""The questions that were asked in a class that is over, with what was answered; for those who teach."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from models import LiveQuestion, LiveSession
from services.access import Actor
from services.core.database import Transaction
from services.live.questions import distribution, standing, views
from services.live.questions.views import Asked
from services.quizzes import bank, grading
from services.quizzes.question import WHOLE

MOST_TIMES = 20
"""of which the answers count: what was asked long ago was another class, and often another text"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One question that was asked in a class."""

    question_id: int
    second: int
    """since the class began"""
    right_percent: int | None
    """of those who answered; None where nobody did"""
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class InClasses:
    """What classes have answered to one question of the bank, whichever of its versions they were asked."""

    times: int
    """how often it was asked; the latest of them count"""
    answered: int
    """by how many people, each time they answered"""
    right_percent: int | None
    """of those answers; None where there are none"""
    last_at: datetime


def of_question(tx: Transaction, actor: Actor | None, question_id: int) -> InClasses | None:
    """Return what classes have answered to a question, for those who teach; None where no class was asked."""
    bank.taught(tx, actor, question_id)
    rows = standing.asked(tx, col(LiveQuestion.question_id) == question_id)
    latest = sorted(rows, key=lambda each: each[0].opened_at)[-MOST_TIMES:]
    if not latest:
        return None
    answers = standing.answers_to(tx, [row.id for row, _ in latest])
    credits = [
        grading.grade(bank.content_of(version.id, version.content), each).credit
        for row, version in latest
        for each in answers.get(row.id, {}).values()
    ]
    right = sum(credit == WHOLE for credit in credits)
    return InClasses(
        times=len(rows),
        answered=len(credits),
        right_percent=100 * right // len(credits) if credits else None,
        last_at=latest[-1][0].opened_at,
    )


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
