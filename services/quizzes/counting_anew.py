"""Scores that were counted before parts of points were added up exactly: counted anew, once, by a job.

A third of a point is a little less than one; what that took away was not given back at first, so that half of all
points could be 49 %. Migration 0063 puts the job there. Nobody can lose by it.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, User, Verb
from services.core import database
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.quizzes import closing
from services.quizzes.question import WHOLE
from services.quizzes.scores import add_up

NAME = 'scores anew'
LOOKED_AT = 500
"""attempts in one look beside the writer"""
AT_ONCE = 25
"""attempts that are counted in one transaction, so that taps do not wait"""


def kind() -> Kind:
    """Return the job that counts."""
    return Kind(name=NAME, work=lambda _: count_all())


async def count_all() -> None:
    """Count all attempts anew that would come out with another score, some in a commit."""
    position = 0
    while found := await database.read(partly_right, position):
        other = await database.read(wrong, found)
        for first in range(0, len(other), AT_ONCE):
            await database.write(count_some, other[first : first + AT_ONCE])
        position = found[-1]


def partly_right(tx: Transaction, after: int = 0) -> list[int]:
    """Return some graded attempts behind one of them in which an answer got a part of its points, in order."""
    erased = select(col(User.id)).where(col(User.erased_at).is_not(None))
    partly = select(col(AttemptAnswer.attempt_id)).where(col(AttemptAnswer.credit).between(1, WHOLE - 1))
    which = col(Attempt.id) > after, col(Attempt.state) == AttemptState.GRADED, col(Attempt.id).in_(partly)
    rows = select(col(Attempt.id)).where(*which, col(Attempt.user_id).not_in(erased))
    return list(tx.session.scalars(rows.order_by(col(Attempt.id)).limit(LOOKED_AT)))


def wrong(tx: Transaction, attempt_ids: Sequence[int]) -> list[int]:
    """Return those of some attempts whose score is not what their answers come to."""
    worth: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    answers = select(col(AttemptAnswer.attempt_id), col(AttemptAnswer.points), col(AttemptAnswer.credit))
    for attempt_id, points, credit in tx.execute(answers.where(col(AttemptAnswer.attempt_id).in_(attempt_ids))):
        worth[attempt_id].append((points, credit))
    scores = select(col(Attempt.id), col(Attempt.score)).where(col(Attempt.id).in_(attempt_ids))
    rows = tx.execute(scores.order_by(col(Attempt.id)))
    return [attempt_id for attempt_id, score in rows if add_up(worth[attempt_id]).score != score]


def count_some(tx: Transaction, attempt_ids: Sequence[int]) -> None:
    """Count some attempts anew, if they are still graded."""
    which = col(Attempt.id).in_(attempt_ids), col(Attempt.state) == AttemptState.GRADED
    attempts = tx.session.scalars(select(Attempt).where(*which).order_by(col(Attempt.id))).all()
    closing.count(tx, attempts, verb=Verb.REGRADED)
