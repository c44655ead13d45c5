"""Checkpoints that complete by themselves: enough was seen, or a quiz was passed."""

from typing import Literal

from sqlalchemy import bindparam, select

from models import Mode, Progress, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core.database import Transaction
from services.core.sql.prepared import Prepared

ENOUGH = 90
"""Percent of a video or document that complete it. Source: s1."""


def complete_by_itself(
    tx: Transaction,
    *,
    user_id: int,
    course_id: int,
    checkpoint_id: int,
    mode: Mode = Mode.SELF_PACED,
    session_id: int | None = None,
    why: Literal['seen', 'passed'] = 'seen',
    by: int | None = None,
) -> bool:
    """Complete a checkpoint for a learner, once; returns whether it was this call that did.

    The caller has checked that they learn in the course and that the checkpoint is theirs to complete.
    What a learner takes back afterwards stays taken back. `by` is the teacher from whose grade it follows.
    """
    tap_id = f'{why}:{checkpoint_id}'
    where = {'user': user_id, 'checkpoint': checkpoint_id, 'mode': mode}
    if _DONE.rows(tx.connection, **where) or log.known(tx, [(user_id, tap_id)]):
        return False
    entry = Entry(
        user_id=user_id,
        tap_id=tap_id,
        verb=Verb.COMPLETED,
        course_id=course_id,
        checkpoint_id=checkpoint_id,
        session_id=session_id,
        mode=mode,
        details=None if by is None else {'by': by},
    )
    recording.record(tx, [entry])
    return True


_progress = table(Progress)
_DONE = Prepared(
    select(_progress.c.id).where(
        _progress.c.user_id == bindparam('user'),
        _progress.c.checkpoint_id == bindparam('checkpoint'),
        _progress.c.mode == bindparam('mode', type_=_progress.c.mode.type),
        _progress.c.completed_at.is_not(None),
    )
)
