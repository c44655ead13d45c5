"""Legal holds: the data of a person that a law or proceedings ask for are not erased before a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from models import LegalHold, User
from services import access
from services.access import Actor
from services.core import zones
from services.core.errors import Invalid, NotFound, Refused
from services.core.text import line
from services.core.transaction import Transaction

LONGEST = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One hold that is in force, as an admin sees it."""

    hold_id: int
    user_id: int
    name: str
    reason: str
    until: date
    set_at: datetime


def hold(tx: Transaction, actor: Actor | None, *, user_id: int, reason: str, until: date) -> int:
    """Keep the data of a person until a day, whatever they ask for; returns the id of the hold."""
    actor = access.admin(tx, actor)
    person = tx.session.get(User, user_id)
    if person is None or person.merged_into_id or person.erased_at:
        raise NotFound('There is no such person.')
    reason = line(reason)
    if not reason or len(reason) > LONGEST:
        raise Invalid('Say which law or proceedings ask for it, in {most} characters.', most=LONGEST, field='reason')
    if until < today(tx):
        raise Invalid('Choose a day that is to come.', field='until')
    made = LegalHold(user_id=user_id, reason=reason, until=until, set_by=actor.user_id, set_at=tx.now)
    tx.session.add(made)
    tx.session.flush()
    tx.note('legal hold set', user=user_id, until=until.isoformat(), by=actor.user_id)
    return made.id


def release(tx: Transaction, actor: Actor | None, hold_id: int) -> None:
    """End a hold before its day."""
    actor = access.admin(tx, actor)
    found = tx.session.get(LegalHold, hold_id)
    if found is None:
        raise NotFound('This has been done meanwhile.')
    tx.session.delete(found)
    tx.note('legal hold released', user=found.user_id, by=actor.user_id)


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Hold, ...]:
    """Return all holds that are in force, those that end first first."""
    access.admin(tx, actor)
    rows = tx.execute(
        select(LegalHold, col(User.name))
        .join(User, col(User.id) == col(LegalHold.user_id))
        .where(col(LegalHold.until) >= today(tx))
        .order_by(col(LegalHold.until), col(LegalHold.id))
    )
    return tuple(
        Hold(
            hold_id=row.id,
            user_id=row.user_id,
            name=name,
            reason=row.reason,
            until=row.until,
            set_at=row.set_at,
        )
        for row, name in rows
    )


def check(tx: Transaction, ids: Collection[int]) -> None:
    """Raise `Refused` while the data of one of these people must be kept."""
    in_force = col(LegalHold.user_id).in_(ids), col(LegalHold.until) >= today(tx)
    found = tx.session.scalars(select(LegalHold).where(*in_force).order_by(col(LegalHold.until).desc())).first()
    if found:
        raise Refused(
            'These data must be kept until {until}: {reason}', until=found.until.isoformat(), reason=found.reason
        )


def held(tx: Transaction) -> frozenset[int]:
    """Return the people whose data must be kept today."""
    return frozenset(tx.execute(select(col(LegalHold.user_id)).where(col(LegalHold.until) >= today(tx))).scalars())


def today(tx: Transaction) -> date:
    """Return the day that it is at the school."""
    return tx.now.astimezone(zones.school()).date()
