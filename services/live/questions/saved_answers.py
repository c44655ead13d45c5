"""When each answer in class was given, compared with the log. What it says stands beside the log and is not compared:
erasing it leaves this unharmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import LiveAnswer, Verb
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.transaction import Transaction

Key = tuple[int, int]
"""(live question id, user id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """When one learner answered one question last, and how often anew."""

    saved_at: datetime
    changes: int


def fold(given: dict[Key, Given], activities: Iterable[Recorded]) -> None:
    """Move what is known of answers by activities, oldest first."""
    for activity in activities:
        if activity.verb is Verb.ANSWERED_IN_CLASS and activity.details:
            key = int(activity.details['live_question']), activity.user_id
            before = given.get(key)
            given[key] = Given(saved_at=activity.at, changes=before.changes + 1 if before else 0)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the answers of some people with the log; a guest keeps their own."""
    rows = tx.session.scalars(select(LiveAnswer).where(col(LiveAnswer.user_id).in_(part.people)))
    stored = {(row.live_question_id, row.user_id): row.model_dump() for row in rows}
    told = {key: {'saved_at': each.saved_at, 'changes': each.changes} for key, each in part.folded(tx, STATE).items()}
    return list(compared('answer in class', told, stored))


def _fold_part(_: Transaction, part: Part, given: dict[Key, Given]) -> None:
    fold(given, part.own())


STATE: State[Key, Given] = State(name='answers in class', form=Form(list[tuple[Key, Given]]), fold=_fold_part)
PROJECTION = Projection(name='answers in class', states=(STATE,), differences=differences)
