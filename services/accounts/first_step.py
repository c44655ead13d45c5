"""The first step of signing in: a password or a link, and whether a second one has to follow."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Role, User
from services.accounts import known_devices, passwords, second_factor, throttle
from services.accounts.half_way import HalfWay
from services.accounts.sign_ins import Entered, enter, refuse_disabled
from services.core import database
from services.core.buckets import Buckets
from services.core.errors import Busy, Forbidden, TooManyAttempts, WrongPassword
from services.core.phrases import phrase
from services.core.server_address import network_of
from services.core.text import read_address
from services.core.transaction import Transaction
from settings import settings

LONGEST_EMAIL = 254
wrong_from = Buckets(
    name='wrong passwords',
    per_second=0.5,
    at_once=100,
    sentence=phrase('Too many wrong passwords from here. Wait a moment.'),
)
"""wrong passwords from one address, at whichever accounts; right ones cost nothing, so a school is not locked out"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """Whose account it is, and the counts that called this a wrong guess until then."""

    user_id: int
    counts: tuple[throttle.Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    """What a password is compared with; nothing for an address that is not known."""

    user_id: int | None
    password_hash: str | None
    counts: tuple[throttle.Count, ...]
    on_known_device: bool


async def sign_in(
    *,
    email: str,
    password: str,
    device: str,
    replaces: str | None = None,
    address: str = '',
    known_device: str = '',
) -> Entered:
    """Sign in with an account; the token that the device had before, if any, ends.

    Raises `WrongPassword`, `TooManyAttempts` after too many wrong ones, `HalfWay` for an account that needs a second
    factor, or `Busy`.
    """
    proved = await check(email=email, password=password, address=address, known_device=known_device)
    return arrived(await database.write(_sign_in, proved, device, replaces))


async def check(*, email: str, password: str, address: str = '', known_device: str = '') -> Proved:
    """Return whose account it is; raises `WrongPassword`, `TooManyAttempts` or `Busy`.

    `known_device` is the cookie of `known_devices`, if the client has one. The caller reports `succeeded`.
    """
    email = read_address(email)
    if len(email) > LONGEST_EMAIL or not email.isprintable():
        raise WrongPassword  # no account can have such an address
    network = network_of(address)
    if not known_device:
        wrong_from.check(network)  # before anything is written
    guess = await database.write(_guess, email, address, known_device)
    try:
        matches = await _compare(password, guess, network)
    except (Busy, TooManyAttempts):
        await database.write(throttle.take_back, guess.counts)
        raise
    if not matches or guess.user_id is None:
        raise WrongPassword
    return Proved(user_id=guess.user_id, counts=guess.counts)


async def _compare(password: str, guess: _Guess, network: str) -> bool:
    """Tell whether a password is right; wrong ones come out of what the address has, but for known devices."""
    if guess.on_known_device:
        return await passwords.belongs(password, guess.password_hash, address=network)
    wrong_from.take(network)  # until it proves right, so that guesses made at once count too
    try:
        matches = await passwords.belongs(password, guess.password_hash, address=network)
    except Busy:
        wrong_from.give_back(network)
        raise
    if matches:
        wrong_from.give_back(network)
    return matches


def _guess(tx: Transaction, email: str, address: str, known_device: str) -> _Guess:
    """Count this as a wrong guess until it has proved right, so that guesses made at once count too."""
    row = tx.execute(select(col(User.id), col(User.password_hash)).where(col(User.email) == email)).one_or_none()
    user_id, password_hash = row or (None, None)
    name = known_devices.known(known_device, user_id)
    account = throttle.account_key(user_id, email)
    counts = throttle.counts_for(account, address=address, known_device=name)
    throttle.check(tx, counts)
    throttle.failed(tx, counts)
    tx.note('sign-in tried', known=row is not None)
    return _Guess(user_id=user_id, password_hash=password_hash, counts=counts, on_known_device=name is not None)


def _sign_in(tx: Transaction, proved: Proved, device: str, replaces: str | None) -> Entered | HalfWay:
    succeeded(tx, proved)
    return admit(tx, proved.user_id, device, replaces)


def admit(tx: Transaction, user_id: int, device: str, replaces: str | None = None) -> Entered | HalfWay:
    """Sign a person in whose password or link was right, unless they need a second factor.

    Then what is missing comes back as a value, so that what the link or the password did is kept; see `arrived`.
    """
    refuse_local(tx, user_id)
    return half_way(tx, user_id) or enter(tx, user_id, device, replaces)


def half_way(tx: Transaction, user_id: int) -> HalfWay | None:
    """Return how far a person is who needs a second factor; None for one who may come in."""
    if missing := second_factor.missing(tx, user_id):
        refuse_disabled(tx, user_id)
        return HalfWay.of(tx.session.get_one(User, user_id), missing)
    return None


def refuse_local(tx: Transaction, user_id: int) -> None:
    """Raise `Forbidden` where passwords are closed, for everybody but admins, so that the school never locks itself
    out."""
    check_local(tx.session.get_one(User, user_id).role)


def check_local(role: Role) -> None:
    """Raise `Forbidden` where passwords are closed to people of a role."""
    if not settings().local_sign_in and role is not Role.ADMIN:
        raise Forbidden('Passwords are switched off here. Sign in with the account of your school.')


def arrived(outcome: Entered | HalfWay) -> Entered:
    """Return who is in, or raise the `HalfWay` that says what is missing."""
    if isinstance(outcome, HalfWay):
        raise outcome
    return outcome


def succeeded(tx: Transaction, proved: Proved) -> None:
    """Forget the wrong guesses of somebody who has just signed in."""
    throttle.succeeded(tx, proved.counts)
