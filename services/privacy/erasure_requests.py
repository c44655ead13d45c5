"""People who ask to be erased: the page of the admin lists them until it is done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Role, User
from services import access
from services.access import Actor
from services.core.transaction import Transaction

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A person who asks to be erased, and since when."""

    user_id: int
    name: str
    role: Role
    since: datetime


def ask(tx: Transaction, actor: Actor | None) -> None:
    """Ask to be erased; asking again changes nothing."""
    actor = access.signed_in(tx, actor)
    person = tx.session.get_one(User, actor.user_id)
    if person.erasure_asked_at is None:
        person.erasure_asked_at = tx.now
        tx.session.add(person)
        tx.note('erasure asked for', user=actor.user_id)


def take_back(tx: Transaction, actor: Actor | None) -> None:
    """Stay after all."""
    actor = access.signed_in(tx, actor)
    person = tx.session.get_one(User, actor.user_id)
    if person.erasure_asked_at is not None:
        person.erasure_asked_at = None
        tx.session.add(person)
        tx.note('erasure not asked for', user=actor.user_id)


def since(tx: Transaction, actor: Actor | None) -> datetime | None:
    """Return since when the actor has been asking; None if they do not."""
    actor = access.signed_in(tx, actor)
    return tx.session.get_one(User, actor.user_id).erasure_asked_at


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Asking, ...]:
    """Return who asks to be erased, those who have been waiting longest first."""
    access.admin(tx, actor)
    asking = select(User).where(col(User.erasure_asked_at).is_not(None)).order_by(col(User.erasure_asked_at))
    return tuple(
        Asking(user_id=row.id, name=row.name, role=row.role, since=row.erasure_asked_at or tx.now)
        for row in tx.session.scalars(asking.limit(MOST_SHOWN))
    )
