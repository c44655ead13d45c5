"""The way back in for a school whose admins have forgotten their passwords: by a command on the server."""

from sqlalchemy import select
from sqlmodel import col

from models import Role, User
from services.accounts import administration, resets, second_factor
from services.core.errors import Invalid
from services.core.text import read_address
from services.core.transaction import Transaction


def for_account(tx: Transaction, email: str) -> str:
    """Make the account with this address an admin, switched on; returns the token of a link for a new password."""
    person = tx.execute(select(User).where(col(User.email) == read_address(email))).scalar_one_or_none()
    if person is None:
        raise Invalid('There is no account with this e-mail address.', field='email')
    if person.role is not Role.ADMIN:
        administration.give_role(tx, person, Role.ADMIN, by=None)
    person.disabled_at, person.updated_at = None, tx.now
    tx.session.add(person)
    tx.session.flush()
    second_factor.remove(tx, person.id, by=None)  # the phone may be lost as well as the password
    tx.note('admin made on the server', user=person.id)
    return resets.make(tx, person, by=None)
