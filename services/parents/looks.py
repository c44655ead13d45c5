"""Looks of parents at their children: each is in the server log, and how many there were each day is for the child."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import ParentLook, User, table
from services import access
from services.access import Actor
from services.core import zones
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

KEPT_FOR = timedelta(days=90)
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LookDay:
    """How often one parent looked on one day."""

    parent_id: int
    name: str
    day: date
    count: int
    last_at: datetime


def note(tx: Transaction, actor: Actor | None, *, child_id: int) -> None:
    """Write down that a parent looks at a child of theirs."""
    child = access.child(tx, actor, child_id)
    assert actor is not None
    access.note_look(tx, actor, 'children', about=child_id)
    day = zones.local_date(zones.of(child.time_zone), tx.now)
    _LOOKED.rows(tx.connection, parent_id=actor.user_id, child_id=child_id, day=day, count=1, last_at=tx.now)


def at_child(tx: Transaction, child_id: int) -> tuple[LookDay, ...]:
    """Return the looks at a child, the latest first; the caller has checked who may see them."""
    rows = (
        select(col(User.id), col(User.name), col(ParentLook.day), col(ParentLook.count), col(ParentLook.last_at))
        .join(ParentLook, col(ParentLook.parent_id) == col(User.id))
        .where(col(ParentLook.child_id) == child_id)
        .order_by(col(ParentLook.last_at).desc(), col(ParentLook.id).desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        LookDay(parent_id=parent_id, name=name, day=day, count=count, last_at=last_at)
        for parent_id, name, day, count, last_at in tx.execute(rows)
    )


def forget_old(tx: Transaction) -> int:
    """Delete the looks of long ago; returns how many days."""
    return tx.change(delete(ParentLook).where(col(ParentLook.last_at) < tx.now - KEPT_FOR))


_looks = table(ParentLook)


def _looked(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_looks) if dialect.name == 'sqlite' else postgresql.insert(_looks)
    one_more = {'count': _looks.c.count + 1, 'last_at': row.excluded.last_at}
    return row.on_conflict_do_update(index_elements=['parent_id', 'child_id', 'day'], set_=one_more)


_LOOKED = Prepared(_looked, columns=('parent_id', 'child_id', 'day', 'count', 'last_at'))
