"""Addresses that mail servers refuse: what failed is counted, and then nothing is sent there that nobody asked for.

There is no such mailbox: one answer is enough. Anything else that is said of one address has to fail three times in a
row. A mail that goes through ends the count, but an address that is off stays so until its person confirms it anew,
or an admin has a mail sent there again. Links for a new password and for confirming are sent all the same.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, delete, exists, select
from sqlmodel import col

from models import RefusedAddress, User, table
from services import access
from services.access import Actor
from services.core.phrases import stored
from services.core.transaction import Transaction
from services.mail.smtp import NotSent

ENOUGH = 3
"""mails in a row that failed until an address is off"""
LONGEST_PROBLEM = 280
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How many addresses of people a provider refuses."""

    domain: str
    """what stands behind the @"""
    addresses: int
    """those of which the newest mail failed, or that are off"""
    off: int
    """those to which nothing is sent"""


def failed(tx: Transaction, address: str, why: NotSent) -> None:
    """Count a mail that was given up, if that was about the address and not about the mail server of the school."""
    if not why.is_about_address:
        return
    user_id = tx.execute(select(col(User.id)).where(col(User.email) == address).with_for_update()).scalar()
    if user_id is None:
        return
    row = tx.session.get(RefusedAddress, user_id) or RefusedAddress(
        user_id=user_id, address=address, failures=0, problem='', failed_at=tx.now
    )
    if row.address != address:
        row.address, row.failures, row.off_at, row.noticed_at = address, 0, None, None
    row.failures, row.failed_at = row.failures + 1, tx.now
    row.problem = stored(why.sentence, most=LONGEST_PROBLEM)
    if row.off_at is None and (why.is_unknown or row.failures >= ENOUGH):
        row.off_at = tx.now
        tx.note('address refused', user=user_id, failures=row.failures)
    tx.session.add(row)
    tx.session.flush()


def arrived(tx: Transaction, address: str) -> None:
    """End the count of an address that has taken a mail; what is off stays off."""
    tx.execute(
        delete(RefusedAddress).where(col(RefusedAddress.address) == address, col(RefusedAddress.off_at).is_(None))
    )


def use_again(tx: Transaction, address: str) -> None:
    """Write to an address again, as its person has confirmed it or an admin knows better."""
    theirs = col(RefusedAddress.address) == address
    user_id = tx.execute(select(col(RefusedAddress.user_id)).where(theirs)).scalar()
    if tx.change(delete(RefusedAddress).where(theirs)):
        tx.note('address used again', user=user_id)


def is_off(tx: Transaction, user: User) -> bool:
    """Tell whether nothing is sent to the address of a person."""
    return bool(who_is_off(tx, [user.id]))


def who_is_off(tx: Transaction, user_ids: Collection[int]) -> set[int]:
    """Return those of some people to whose address nothing is sent."""
    theirs = select(col(User.id)).where(col(User.id).in_(user_ids), is_off_for(table(User)))
    return set(tx.execute(theirs).scalars())


def which_are_off(tx: Transaction, addresses: Collection[str]) -> set[str]:
    """Return those of some addresses to which nothing is sent."""
    theirs = col(RefusedAddress.address).in_(addresses), col(RefusedAddress.off_at).is_not(None)
    return set(tx.execute(select(col(RefusedAddress.address)).where(*theirs)).scalars())


def by_domain(tx: Transaction, actor: Actor | None) -> tuple[Refusals, ...]:
    """Return how many addresses are refused at each domain, the most first: many at one are seldom their people.

    Then it is more likely that a provider refuses the school itself.
    """
    access.admin(tx, actor)
    now = (col(User.id) == col(RefusedAddress.user_id)) & (col(User.email) == col(RefusedAddress.address))
    refused, off = Counter[str](), Counter[str]()
    for address, off_at in tx.execute(select(col(RefusedAddress.address), col(RefusedAddress.off_at)).join(User, now)):
        domain = address.rpartition('@')[2].lower()
        refused[domain] += 1
        off[domain] += off_at is not None
    most_first = sorted(refused.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Refusals(domain=domain, addresses=count, off=off[domain]) for domain, count in most_first[:MOST_SHOWN])


def is_off_for(users: FromClause) -> ColumnElement[bool]:
    """Return the same as a condition on rows of people."""
    return exists().where(
        _refused.c.user_id == users.c.id, _refused.c.address == users.c.email, _refused.c.off_at.is_not(None)
    )


_refused = table(RefusedAddress)
