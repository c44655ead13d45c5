"""What a person sees and changes of their own second factor, on their account page.

Setting one up asks for the password and removing it for a code: nobody who finds a device unlocked takes it over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import orjson
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Activity, User, Verb
from services import access
from services.access import Actor
from services.accounts import credentials, second_factor, set_up, sign_ins
from services.accounts.set_up import SetUp
from services.core import database
from services.core.errors import DomainError, Forbidden, Refused
from services.core.transaction import Transaction
from settings import settings

T = TypeVar('T')

SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """That an admin, or somebody on the server, has removed the second factor."""

    by: str
    """name; empty where it was done on the server itself"""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFactor:
    """The second factor of a person, as they see it themselves."""

    since: datetime | None
    codes_left: int
    may_add: bool
    """whether this account can have one: those of staff can"""
    is_required: bool
    """whether the school insists on one"""
    removed: Removal | None
    """the last removal by others in the last 30 days"""


def own(tx: Transaction, actor: Actor | None) -> OwnFactor:
    """Return the actor's own second factor."""
    actor = access.signed_in(tx, actor)
    state = second_factor.state(tx, actor.user_id)
    is_staff = actor.role in second_factor.STAFF
    return OwnFactor(
        since=state.since,
        codes_left=state.codes_left,
        may_add=is_staff,
        is_required=is_staff and settings().second_factor_required,
        removed=_removed(tx, actor.user_id),
    )


def draft(tx: Transaction, actor: Actor | None, packed: str = '') -> SetUp:
    """Return what the actor's app is given: what the page has shown already, or something new. Nothing is stored."""
    actor = _staff(tx, actor)
    return set_up.draft(actor.user_id, tx.session.get_one(User, actor.user_id).email or actor.name, packed)


async def add(actor: Actor | None, *, packed: str, code: str, current_password: str) -> list[str]:
    """Set a second factor up, with a code of the app and the password; returns the recovery codes."""
    proved = await credentials.prove(actor, current_password)

    def add_proved(tx: Transaction) -> list[str]:
        user = credentials.proved_account(tx, actor, proved)
        _staff(tx, actor)
        return second_factor.add(tx, user.id, set_up.read(packed, user.id).secret, code)

    return await database.write(add_proved)


async def remove(actor: Actor | None, *, code: str, address: str = '') -> bool:
    """Remove the second factor, with a code of it; returns whether the actor is still signed in.

    Where the school insists on one, they are signed out everywhere, and set up another one when they sign in again.
    """

    def remove_with_code(tx: Transaction) -> bool | DomainError:
        who = _with_factor(tx, actor)
        if refusal := second_factor.check(tx, who.user_id, code, address=address):
            return refusal
        second_factor.remove(tx, who.user_id, by=who.user_id)
        if second_factor.missing(tx, who.user_id):
            sign_ins.end_all(tx, who.user_id)
            return False
        return True

    return _done(await database.write(remove_with_code))


async def renew_codes(actor: Actor | None, *, code: str, address: str = '') -> list[str]:
    """Return new recovery codes, with a code of the app; the ones before are good no more."""

    def renew_with_code(tx: Transaction) -> list[str] | DomainError:
        who = _with_factor(tx, actor)
        if refusal := second_factor.check(tx, who.user_id, code, address=address):
            return refusal
        tx.note('recovery codes renewed', user=who.user_id)
        return second_factor.renew_codes(tx, who.user_id)

    return _done(await database.write(renew_with_code))


def _done(outcome: T | DomainError) -> T:
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _staff(tx: Transaction, actor: Actor | None) -> Actor:
    actor = access.signed_in(tx, actor)
    if actor.role not in second_factor.STAFF:
        raise Forbidden('A second factor is for instructors and admins.')
    return actor


def _with_factor(tx: Transaction, actor: Actor | None) -> Actor:
    actor = access.signed_in(tx, actor)
    if not second_factor.is_on(tx, actor.user_id):
        raise Refused('Your account has no second factor.')
    return actor


def _removed(tx: Transaction, user_id: int) -> Removal | None:
    admin = aliased(User)
    last = (
        select(col(Activity.happened_at), col(admin.name), col(Activity.details))
        .outerjoin(admin, col(admin.id) == col(Activity.about_id))
        .where(col(Activity.user_id) == user_id, col(Activity.verb) == Verb.SECOND_FACTOR_REMOVED)
        .where(col(Activity.happened_at) > tx.now - SHOWN_FOR)
        .order_by(col(Activity.id).desc())
        .limit(1)
    )
    for at, name, details in tx.execute(last):
        if orjson.loads(details or '{}').get('by') != 'owner':
            return Removal(by=name or '', at=at)
    return None
