"""How far learners are with videos and documents: the rows of `ContentPosition`, read and stored many at once.

They are no projection of the log; what is seen is summed while it comes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Select, bindparam, delete, exists, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from models import ContentPosition, table
from services.content import intervals
from services.content.contents import Content
from services.content.intervals import Seen
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

Key = tuple[int, int]
"""(user id, checkpoint id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far one learner is with one video or document; units and meaning as in `ContentPosition`."""

    user_id: int
    checkpoint_id: int
    course_id: int
    file_id: int | None
    position: float = 0.0
    furthest: float = 0.0
    seen: Seen = ()
    percent: int = 0
    views: int = 0
    plays: int = 0
    pauses: int = 0
    seeks: int = 0
    finishes: int = 0
    downloads: int = 0
    started_at: datetime
    updated_at: datetime
    spent_until: datetime | None = None

    @property
    def key(self) -> Key:
        """Whose it is, and of what."""
        return self.user_id, self.checkpoint_id

    def of_file(self, file_id: int | None) -> 'Position':
        """Return it for the file that is there now: of another file, nothing has been seen."""
        if file_id == self.file_id:
            return self
        return replace(self, file_id=file_id, position=0.0, furthest=0.0, seen=(), percent=0)


def find(tx: Transaction, user_id: int, checkpoint_id: int) -> Position | None:
    """Return how far a learner is, or None if they have not begun."""
    rows = _FIND.rows(tx.connection, user_id=user_id, checkpoint_id=checkpoint_id)
    return _position(rows[0]) if rows else None


def beginning(tx: Transaction, user_id: int, checkpoint_id: int, content: Content) -> Position:
    """Return where a learner is who has just begun."""
    return Position(
        user_id=user_id,
        checkpoint_id=checkpoint_id,
        course_id=content.course_id,
        file_id=content.file_id,
        started_at=tx.now,
        updated_at=tx.now,
    )


def hold_one(tx: Transaction, user_id: int, checkpoint_id: int, content: Content) -> Position:
    """Return the row of one learner, kept from others until the end of the transaction."""
    wanted = beginning(tx, user_id, checkpoint_id, content)
    return hold(tx, [wanted])[wanted.key]


def hold(tx: Transaction, wanted: Iterable[Position]) -> dict[Key, Position]:
    """Return the rows of these learners, kept from others until the end of the transaction.

    `wanted` says whose, and is what a row begins as.
    """
    by_key = {each.key: each for each in wanted}
    held = _hold(tx, by_key)
    if absent := sorted(by_key.keys() - held.keys()):
        _BEGIN.each(tx.connection, [_row(by_key[key]) for key in absent])
        held |= _hold(tx, absent)
    return held


def store(tx: Transaction, positions: Sequence[Position]) -> None:
    """Write rows that are held."""
    if positions:
        _STORE.each(tx.connection, [_row(each) for each in positions])


def lend(tx: Transaction, guest_id: int, person_id: int) -> None:
    """Let a person begin where a guest is, wherever they have not begun themselves; `take_back` undoes it."""
    theirs = select(_positions.c.checkpoint_id).where(_positions.c.user_id == person_id)
    copied = (literal(person_id) if name == 'user_id' else _positions.c[name] for name in _COLUMNS)
    of_guest = _positions.c.user_id == guest_id, _positions.c.checkpoint_id.not_in(theirs)
    tx.execute(insert(_positions).from_select(_COLUMNS, select(*copied).where(*of_guest)))


def take_back(tx: Transaction, guest_id: int, person_id: int) -> None:
    """Let a person forget where a guest is, unless they have gone on from there."""
    lent = _positions.alias()
    same = (lent.c[name] == _positions.c[name] for name in ('checkpoint_id', 'started_at', 'updated_at'))
    is_lent = exists().where(lent.c.user_id == guest_id, *same)
    tx.execute(delete(_positions).where(_positions.c.user_id == person_id, is_lent))


def _hold(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Position]:
    rows = _HOLD.rows(tx.connection, keys=sorted(keys))
    return {position.key: position for position in map(_position, rows)}


def _position(row: Sequence[Any]) -> Position:
    facts = dict(zip(_COLUMNS, row, strict=True))
    return Position(**facts | {'seen': intervals.merge(facts['seen'])})


def _row(position: Position) -> dict[str, object]:
    return {name: getattr(position, name) for name in _COLUMNS}


def _begin(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert(_positions) if dialect.name == 'sqlite' else postgresql.insert(_positions)
    return insert.on_conflict_do_nothing()


_positions = table(ContentPosition)
_COLUMNS = tuple(Position.__dataclass_fields__)
_KEY = ('user_id', 'checkpoint_id')
_READ: Select[*tuple[object, ...]] = select(*(_positions.c[name] for name in _COLUMNS))
_FIND = Prepared(
    _READ.where(_positions.c.user_id == bindparam('user_id'), _positions.c.checkpoint_id == bindparam('checkpoint_id'))
)
_HOLD = Prepared(
    _READ.where(number_pair_among(_positions.c.user_id, _positions.c.checkpoint_id, 'keys'))
    .order_by(_positions.c.user_id, _positions.c.checkpoint_id)
    .with_for_update()
)
_BEGIN = Prepared(_begin, columns=_COLUMNS)
_STORE = upsert(_positions, _COLUMNS, key=_KEY)
