"""What a teacher has ticked off in the list of today: activities of theirs, so that every device shows the same."""

from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

import orjson
from sqlalchemy import bindparam, select

from models import Activity, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.database import Transaction
from services.core.errors import Invalid
from services.core.sql.prepared import Prepared

LONGEST_KEY = 60
KEPT_FOR = timedelta(days=2)
"""longer than a day is in any zone; a thing to do has its day in its key"""


def tick(tx: Transaction, actor: Actor | None, course_id: int, key: str, *, is_done: bool) -> None:
    """Tick a thing off, or take that back."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid('There is no such thing to do.', field='key')
    entry = Entry(
        user_id=actor.user_id,
        tap_id=uuid4().hex,
        verb=Verb.ATTENTION_DISMISSED,
        course_id=course_id,
        details={'todo': key, 'is_done': is_done},
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])
    tx.note('thing to do ticked', course=course_id, key=key, is_done=is_done)


def ticked(tx: Transaction, actor: Actor | None, course_id: int) -> Collection[str]:
    """Return the keys of what the actor has ticked off lately."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    found: dict[str, bool] = {}
    for (written,) in _TICKED.rows(tx.connection, user=actor.user_id, course=course_id, since=tx.now - KEPT_FOR):
        details = orjson.loads(written)
        if 'todo' in details:
            found[details['todo']] = details['is_done']
    return {key for key, is_done in found.items() if is_done}


_log = table(Activity)
_TICKED = Prepared(
    select(_log.c.details)
    .where(
        _log.c.user_id == bindparam('user'),
        _log.c.verb == Verb.ATTENTION_DISMISSED,
        _log.c.course_id + 0 == bindparam('course'),
        _log.c.at >= bindparam('since', type_=_log.c.at.type),
        _log.c.details.is_not(None),
    )
    .order_by(_log.c.id)
)
