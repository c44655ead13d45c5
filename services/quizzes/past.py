"""The attempts of a learner at a quiz so far, and how many are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Attempt, AttemptState, Quiz
from services.core.transaction import Transaction
from services.quizzes import revealing
from services.quizzes.limits import attempts_of, is_over, shows_key_when_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An attempt, as the list of a learner's own attempts has it."""

    attempt_id: int
    number: int
    state: AttemptState
    started_at: datetime
    submitted_at: datetime | None
    is_practice: bool
    is_out_of_time: bool
    """whether the clock handed it in"""
    score: int | None
    """None until it is graded, and until the learner may know it"""
    is_passed: bool | None


def own(tx: Transaction, user_id: int, checkpoint_id: int) -> tuple[Past, ...]:
    """Return all attempts of a learner at a quiz, the first one first; the score where they may know it."""
    mine = col(Attempt.user_id) == user_id, col(Attempt.checkpoint_id) == checkpoint_id
    rows = tx.session.scalars(select(Attempt).where(*mine).order_by(col(Attempt.number))).all()
    sees_score = bool(rows) and revealing.of_quiz(tx, tx.session.get_one(Quiz, checkpoint_id), user_id).score
    return tuple(
        Past(
            attempt_id=row.id,
            number=row.number,
            state=row.state,
            started_at=row.started_at,
            submitted_at=row.submitted_at,
            is_practice=row.is_practice,
            is_out_of_time=row.is_out_of_time,
            score=row.score if sees_score else None,
            is_passed=row.is_passed if sees_score else None,
        )
        for row in rows
    )


def left(tx: Transaction, quiz: Quiz, attempt: Attempt) -> int | None:
    """Return how many more attempts the learner of an attempt has at its quiz; None for as many as they like."""
    if attempt.submitted_at and shows_key_when_due(quiz) and is_over(tx, quiz, attempt.user_id):
        return 0
    allowed = None if quiz.is_practice else attempts_of(tx, quiz, attempt.user_id)
    if allowed is None:
        return None
    mine = col(Attempt.user_id) == attempt.user_id, col(Attempt.checkpoint_id) == attempt.checkpoint_id
    counted = select(func.count()).where(*mine, col(Attempt.is_practice).is_(False))
    return max(0, allowed - tx.execute(counted).scalar_one())


def knows_key(tx: Transaction, quiz: Quiz, user_id: int, mine: Sequence[Past]) -> bool:
    """Tell whether a learner is shown by now what is right, as a quiz without an end was due: they begin no other."""
    has_handed_in = any(each.submitted_at for each in mine)
    return has_handed_in and shows_key_when_due(quiz) and is_over(tx, quiz, user_id)


def count_open(tx: Transaction, checkpoint_id: int) -> int:
    """Return how many learners are in an attempt at a quiz."""
    where = col(Attempt.checkpoint_id) == checkpoint_id, col(Attempt.state) == AttemptState.IN_PROGRESS
    return tx.execute(select(func.count()).where(*where)).scalar_one()
