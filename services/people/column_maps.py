"""What the columns of class lists mean, as each teacher has decided: remembered for the next list."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlmodel import col

from models import ColumnMap
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.people.list_columns import LONGEST_HEADING
from services.people.list_headings import Fact, heading

MOST_REMEMBERED = 400
"""of one teacher; the oldest are forgotten"""


def remembered(tx: Transaction, actor: Actor | None) -> dict[str, Fact]:
    """Return what the columns of earlier lists mean, by their headings in small letters."""
    actor = access.signed_in(tx, actor)
    mine = select(col(ColumnMap.heading), col(ColumnMap.fact)).where(col(ColumnMap.user_id) == actor.user_id)
    known = set(Fact)
    return {title: Fact(fact) for title, fact in tx.execute(mine) if fact in known}


def remember(tx: Transaction, actor: Actor | None, columns: Mapping[str, Fact]) -> None:
    """Remember what the teacher has decided; a heading that is decided anew has its new meaning."""
    actor = access.signed_in(tx, actor)
    plain = {heading(title)[:LONGEST_HEADING]: fact for title, fact in columns.items()}
    decided = dict(list(plain.items())[:MOST_REMEMBERED])
    decided.pop('', None)
    mine = col(ColumnMap.user_id) == actor.user_id
    tx.execute(delete(ColumnMap).where(mine, col(ColumnMap.heading).in_(decided)))
    for title, fact in decided.items():
        tx.session.add(ColumnMap(user_id=actor.user_id, heading=title, fact=fact.value, chosen_at=tx.now))
    tx.session.flush()
    newest = select(col(ColumnMap.id)).where(mine).order_by(col(ColumnMap.id).desc()).limit(MOST_REMEMBERED)
    kept = tx.execute(newest).scalars().all()
    tx.execute(delete(ColumnMap).where(mine, col(ColumnMap.id).not_in(kept)))
