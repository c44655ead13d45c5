"""Checkpoints that complete by themselves: enough was seen, a quiz was passed, or work was handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from models import Mode, Progress, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

ENOUGH = 90
"""Percent of a video or document that complete it. Source: s1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """That a learner has done enough of a checkpoint for it to complete by itself."""

    user_id: int
    course_id: int
    checkpoint_id: int
    mode: Mode = Mode.SELF_PACED
    session_id: int | None = None
    why: Literal['seen', 'passed', 'handed in'] = 'seen'
    """what the records of completion name as the evidence"""
    by: int | None = None
    """the teacher from whose grade it follows"""
    happened_at: datetime | None = None
    """when the learner did it, where that is known later; None means now"""

    @property
    def tap_id(self) -> str:
        """The same for the same checkpoint, so that it completes once."""
        return f'{self.why}:{self.checkpoint_id}'


def complete_by_itself(tx: Transaction, *, user_id: int, course_id: int, checkpoint_id: int) -> bool:
    """Complete a checkpoint of which enough was seen, once; returns whether it was this call that did.

    The caller has checked that they learn in the course and that the checkpoint is theirs to complete.
    What a learner takes back afterwards stays taken back.
    """
    return complete_all(tx, [Reached(user_id=user_id, course_id=course_id, checkpoint_id=checkpoint_id)]) > 0


def complete_all(tx: Transaction, many: Sequence[Reached]) -> int:
    """Complete checkpoints for learners, each once; returns how many of them it were."""
    if not many:
        return 0
    done = set(_DONE.rows(tx.connection, keys=sorted({(each.user_id, each.checkpoint_id) for each in many})))
    known = log.known(tx, [(each.user_id, each.tap_id) for each in many])
    entries = {
        (each.user_id, each.tap_id): Entry(
            user_id=each.user_id,
            tap_id=each.tap_id,
            verb=Verb.COMPLETED,
            course_id=each.course_id,
            checkpoint_id=each.checkpoint_id,
            session_id=each.session_id,
            mode=each.mode,
            details=None if each.by is None else {'by': each.by},
            happened_at=each.happened_at,
        )
        for each in many
        if (each.user_id, each.checkpoint_id, each.mode) not in done and (each.user_id, each.tap_id) not in known
    }
    recording.record(tx, list(entries.values()))
    return len(entries)


_progress = table(Progress)
_DONE = Prepared(
    select(_progress.c.user_id, _progress.c.checkpoint_id, _progress.c.mode).where(
        number_pair_among(_progress.c.user_id, _progress.c.checkpoint_id, 'keys'),
        _progress.c.completed_at.is_not(None),
    )
)
