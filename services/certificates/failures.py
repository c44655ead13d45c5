"""Certificates that could not be printed, as the admin sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from models import Certificate
from services import access
from services.access import Actor
from services.certificates.render_queue import UNPRINTED
from services.core.phrases import Phrase, recalled
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why certificates are not printed, how many, and when the next try is."""

    reason: Phrase | str
    count: int
    next_try_at: datetime | None


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Trouble, ...]:
    """Return what keeps certificates from being printed, what concerns most first."""
    access.admin(tx, actor)
    number = func.count(col(Certificate.id))
    rows = select(col(Certificate.problem), number, func.min(col(Certificate.next_try_at)))
    rows = rows.where(UNPRINTED, col(Certificate.attempts) > 0).group_by(col(Certificate.problem))
    found = tx.execute(rows.order_by(number.desc(), col(Certificate.problem)))
    return tuple(Trouble(reason=recalled(reason), count=count, next_try_at=at) for reason, count, at in found)


def try_again(tx: Transaction, actor: Actor | None) -> int:
    """Let everything that could not be printed be tried at once; returns how many there are."""
    actor = access.admin(tx, actor)
    waiting = UNPRINTED & (col(Certificate.attempts) > 0)
    count = tx.change(update(Certificate).where(waiting).values(next_try_at=None))
    tx.note('certificates tried again', count=count, by=actor.user_id)
    return count
