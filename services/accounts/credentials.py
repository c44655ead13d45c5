"""Changing with what a person signs in: their e-mail address and their password, each with the current password.

A person who finds a device unlocked must not be able to take the account over, so the current password is asked for and
wrong guesses at it count like those at the door.
"""

from sqlalchemy import exists, select
from sqlmodel import col

from models import User
from services import access
from services.access import Actor
from services.accounts import addresses, passwords, sign_ins, throttle
from services.accounts.registration import check_email
from services.accounts.throttle import Count
from services.core import database
from services.core.errors import Invalid, Refused
from services.core.transaction import Transaction
from services.mail import delivery


async def change_email(actor: Actor | None, *, email: str, current_password: str) -> None:
    """Change the address with which the actor signs in; raises `Invalid` or `TooManyAttempts`."""
    email = check_email(email)
    proved = await prove(actor, current_password)
    await database.write(_change_email, actor, email, proved)
    delivery.hurry()


async def change_password(
    actor: Actor | None, *, new_password: str, current_password: str, sign_out_others: bool = False
) -> None:
    """Change the password of the actor, and sign them out on all other devices if they want that."""
    try:
        passwords.check_acceptable(new_password)
    except Invalid as problem:
        raise Invalid(str(problem), field='new_password') from problem
    proved = await prove(actor, current_password)
    fresh = await passwords.hash_of(new_password)
    await database.write(_change_password, actor, fresh, proved, sign_out_others)


async def prove(actor: Actor | None, current_password: str) -> str:
    """Return the hash of the actor's password if it is this one; see `proved_account`."""
    password_hash = await database.write(_guess, actor)
    if not await passwords.belongs(current_password, password_hash):
        raise Invalid('This is not your password as it is now.', field='current_password')
    return password_hash


async def check_password(actor: Actor | None, current_password: str) -> None:
    """Raise `Invalid` if this is not the actor's password, or `TooManyAttempts`."""
    await database.write(proved_account, actor, await prove(actor, current_password))


def _guess(tx: Transaction, actor: Actor | None) -> str:
    """Count this as a wrong guess until it has proved right, so that guesses made at once count too."""
    actor = access.signed_in(tx, actor)
    user = tx.session.get_one(User, actor.user_id)
    if user.password_hash is None:
        raise Refused('You are a guest, without an e-mail address and a password. Make an account first.')
    counts = _counts(actor)
    throttle.check(tx, counts)
    throttle.failed(tx, counts)
    return user.password_hash


def _change_email(tx: Transaction, actor: Actor | None, email: str, proved: str) -> None:
    user = proved_account(tx, actor, proved)
    taken = exists().where(col(User.email) == email, col(User.id) != user.id)
    if tx.execute(select(taken)).scalar():
        raise Invalid('There is an account with this e-mail address already.', field='email')
    if user.email == email:
        return
    former, user.email, user.email_confirmed_at, user.updated_at = user.email, email, None, tx.now
    _keep(tx, user)
    addresses.have_confirmed(tx, user)
    if former:
        addresses.tell_former(tx, user, former)
    tx.note('e-mail changed', user=user.id)


def _change_password(tx: Transaction, actor: Actor | None, fresh: str, proved: str, sign_out_others: bool) -> None:
    user = proved_account(tx, actor, proved)
    user.password_hash, user.updated_at = fresh, tx.now
    _keep(tx, user)
    ended = sign_ins.end_all(tx, user.id, but=actor.sign_in_id) if actor and sign_out_others else 0
    tx.note('password changed', user=user.id, signed_out=ended)


def proved_account(tx: Transaction, actor: Actor | None, proved: str) -> User:
    """Return the actor's account if its password is still the one that was typed, and forget the wrong guesses."""
    actor = access.signed_in(tx, actor)
    user: User = tx.execute(select(User).where(col(User.id) == actor.user_id).with_for_update()).scalar_one()
    if user.password_hash != proved:
        raise Refused('Your password has been changed meanwhile. Try again with the new one.')
    throttle.succeeded(tx, _counts(actor))
    return user


def _counts(actor: Actor) -> tuple[Count, ...]:
    """Return the count that guesses on this device belong to; the person's other devices are not slowed by them."""
    return (Count(key=f'sign-in {actor.user_id} signed in as {actor.sign_in_id}'),)


def _keep(tx: Transaction, user: User) -> None:
    """Store the account; links for a new password end."""
    tx.session.add(user)
    addresses.end_reset_links(tx, user.id)
    tx.session.flush()
