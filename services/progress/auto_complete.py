"""Checkpoints that complete by themselves, because enough of them was seen."""

from sqlalchemy import bindparam, select

from models import Mode, Progress, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core.database import Transaction
from services.core.sql.prepared import Prepared

ENOUGH = 90
"""Percent of a video or document that complete it. Source: s1."""


def complete_by_itself(tx: Transaction, *, user_id: int, course_id: int, checkpoint_id: int) -> bool:
    """Complete a checkpoint for a learner, once; returns whether it was this call that did.

    The caller has checked that they learn in the course and that the checkpoint is theirs to complete.
    What a learner takes back afterwards stays taken back.
    """
    tap_id = f'seen:{checkpoint_id}'
    where = {'user': user_id, 'checkpoint': checkpoint_id}
    if _DONE.rows(tx.connection, **where) or log.known(tx, [(user_id, tap_id)]):
        return False
    entry = Entry(
        user_id=user_id,
        tap_id=tap_id,
        verb=Verb.COMPLETED,
        course_id=course_id,
        checkpoint_id=checkpoint_id,
        mode=Mode.SELF_PACED,
    )
    recording.record(tx, [entry])
    return True


_progress = table(Progress)
_DONE = Prepared(
    select(_progress.c.id).where(
        _progress.c.user_id == bindparam('user'),
        _progress.c.checkpoint_id == bindparam('checkpoint'),
        _progress.c.mode == Mode.SELF_PACED,
        _progress.c.completed_at.is_not(None),
    )
)
