"""The activity log: everything a learner did, in order, never changed afterwards.

Verbs do not write here themselves: `services.activity.recording.record` appends and lets the projections follow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, bindparam, insert, select

from models import Activity, Mode, User, Verb, table
from services.core import zones
from services.core.events import Detail, Recorded
from services.core.sql.in_list import among, pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

ON_A_PAGE = 5_000
"""activities that are read at once where all of them are too many"""
LONGEST_TAP_ID = 48
"""Shorter than the column, so that ids derived from it fit too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to be recorded. `tap_id` is unique for the learner."""

    user_id: int
    tap_id: str
    verb: Verb
    course_id: int | None
    checkpoint_id: int | None = None
    session_id: int | None = None
    mode: Mode | None = None
    about_id: int | None = None
    words: str = ''
    seconds: int | None = None
    score: int | None = None
    """0 to 100; more only for a grade that was set by hand"""
    details: Mapping[str, Detail] | None = None
    """ids, numbers and words of ours; never free text, names or answers"""
    happened_at: datetime | None = None
    """None means now"""
    zone: str | None = None
    """the person's time zone, which decides the date; empty for the school's, None to look it up"""


_FIELDS = (
    'user_id',
    'tap_id',
    'verb',
    'course_id',
    'checkpoint_id',
    'session_id',
    'mode',
    'about_id',
    'words',
    'seconds',
    'score',
)


def is_tap_id(tap_id: str) -> bool:
    """Tell whether a gesture can be kept; a colon is kept for the ids that the log derives."""
    return 0 < len(tap_id) <= LONGEST_TAP_ID and tap_id.isprintable() and ':' not in tap_id


def append(tx: Transaction, entries: Sequence[Entry]) -> list[Recorded]:
    """Append entries whose tap ids the log does not have yet (see `known`), and announce them."""
    if not entries:
        return []
    _know_zones(tx, entries)
    values = [_values(entry, tx) for entry in entries]
    ids = {(user_id, tap_id): id_ for id_, user_id, tap_id in _APPEND.each(tx.connection, values)}
    rows = sorted(values, key=lambda row: ids[row['user_id'], row['tap_id']])
    added = [recorded(row | {'id': ids[row['user_id'], row['tap_id']]}) for row in rows]
    tx.announce(*added)
    return added


def known(tx: Transaction, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Recorded]:
    """Return those activities that are in the log already, by (user id, tap id)."""
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in _KNOWN.rows(tx.connection, keys=list(keys))]
    return {(row['user_id'], row['tap_id']): recorded(row) for row in rows}


def read(tx: Transaction, condition: ColumnElement[bool], *, most: int | None = None) -> list[Recorded]:
    """Return the activities that meet a condition, oldest first, all of them or at most so many."""
    rows = tx.execute(_READ.where(condition).order_by(_log.c.id).limit(most))
    return [recorded(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The activities that meet a condition, oldest first: read anew, some at a time, whenever they are iterated."""

    tx: Transaction
    condition: ColumnElement[bool]

    def __iter__(self) -> Iterator[Recorded]:
        """Yield them."""
        position = 0
        while page := read(self.tx, self.condition & (_log.c.id > position), most=ON_A_PAGE):
            yield from page
            position = page[-1].id


def after(tx: Transaction, position: int, most: int) -> list[Recorded]:
    """Return the activities that were committed after one with this id, oldest first, at most so many."""
    rows = _AFTER.rows(tx.connection, position=position, most=most)
    return [recorded(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _know_zones(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Let the transaction know the zones of these people: with a statement only for those that nobody has given."""
    tx.zones |= {entry.user_id: entry.zone for entry in entries if entry.zone is not None}
    if unknown := {entry.user_id for entry in entries} - tx.zones.keys():
        tx.zones |= dict(_ZONES.rows(tx.connection, people=sorted(unknown)))


def _values(entry: Entry, tx: Transaction) -> dict[str, Any]:
    happened_at = entry.happened_at or tx.now
    zone = zones.of(tx.zones.get(entry.user_id, ''))
    return {
        **{name: getattr(entry, name) for name in _FIELDS},
        'details': orjson.dumps(dict(entry.details)).decode() if entry.details else None,
        'at': tx.now,
        'happened_at': happened_at,
        'local_date': zones.local_date(zone, happened_at),
        'local_hour': zones.local_hour(zone, happened_at),
    }


def recorded(row: dict[str, Any]) -> Recorded:
    """Return an activity as everybody is told of it, from the columns of the log."""
    if row['details']:
        row['details'] = orjson.loads(row['details'])
    return Recorded(**row)


_log, _users = table(Activity), table(User)
_STORED = (*_FIELDS, 'details', 'at', 'happened_at', 'local_date', 'local_hour')
_COLUMNS = ('id', *_STORED)
_READ = select(*(_log.c[name] for name in _COLUMNS))
_KNOWN = Prepared(_READ.where(pair_among(_log.c.user_id, _log.c.tap_id, 'keys')))
_AFTER = Prepared(_READ.where(_log.c.id > bindparam('position')).order_by(_log.c.id).limit(bindparam('most')))
_ZONES = Prepared(select(_users.c.id, _users.c.time_zone).where(among(_users.c.id, 'people')))
_APPEND = Prepared(insert(_log).returning(_log.c.id, _log.c.user_id, _log.c.tap_id), columns=_STORED)
