"""The activity log: everything a learner did, in order, never changed afterwards.

Verbs do not write here themselves: `services.activities.record` appends and lets the projections follow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, insert, select, tuple_

from models import Activity, Mode, Verb, table
from services.core.database import Transaction
from services.core.events import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to be recorded. `tap_id` is unique for the learner."""

    user_id: int
    tap_id: str
    verb: Verb
    course_id: int
    checkpoint_id: int | None = None
    session_id: int | None = None
    mode: Mode | None = None


_FIELDS = ('user_id', 'tap_id', 'verb', 'course_id', 'checkpoint_id', 'session_id', 'mode')


def append(tx: Transaction, entries: Sequence[Entry]) -> list[Recorded]:
    """Append entries whose tap ids the log does not have yet (see `known`), and announce them."""
    if not entries:
        return []
    values = [{name: getattr(entry, name) for name in _FIELDS} | {'at': tx.now} for entry in entries]
    # the rows come back in any order: asking for ours would cost a statement for each of them
    ids = {(row.user_id, row.tap_id): row.id for row in tx.run(_APPEND, values)}
    rows = sorted(values, key=lambda row: ids[row['user_id'], row['tap_id']])
    recorded = [Recorded(id=ids[row['user_id'], row['tap_id']], **row) for row in rows]
    tx.announce(*recorded)
    return recorded


def known(tx: Transaction, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Recorded]:
    """Return those activities that are in the log already, by (user id, tap id)."""
    rows = tx.run(_KNOWN, {'keys': list(keys)}).mappings()
    return {(row['user_id'], row['tap_id']): Recorded(**row) for row in rows}


def read(tx: Transaction, condition: ColumnElement[bool]) -> list[Recorded]:
    """Return the activities that meet a condition, oldest first."""
    rows = tx.execute(_READ.where(condition).order_by(_log.c.id))
    return [Recorded(**row) for row in rows.mappings()]


_log = table(Activity)
_APPEND = insert(_log).returning(_log.c.id, _log.c.user_id, _log.c.tap_id)
_READ = select(*(_log.c[name] for name in ('id', *_FIELDS, 'at')))
_KNOWN = _READ.where(tuple_(_log.c.user_id, _log.c.tap_id).in_(bindparam('keys', expanding=True)))
