"""Passwords: what is accepted, and hashing in turn (one check is 0.2 s of CPU)."""

from functools import cache
from pathlib import Path

import bcrypt

from services.accounts.hashing import in_turn
from services.core.errors import Invalid

SHORTEST, LONGEST = 8, 72
"""In bytes; bcrypt takes no more than 72."""

ROUNDS = 12


def check_acceptable(password: str) -> None:
    """Raise `Invalid` for a password that is too short, too long, or one of the common ones."""
    size = len(password.encode())
    if size < SHORTEST:
        raise Invalid(f'A password needs at least {SHORTEST} characters.', field='password')
    if size > LONGEST:
        raise Invalid('This password is too long: 72 characters are the most (fewer with accents).', field='password')
    if password.lower() in _common():
        raise Invalid('This password is on every list of common passwords. Choose another one.', field='password')


async def hash_of(password: str, *, address: str = '') -> str:
    """Return the bcrypt hash of a password, for somebody at an address; raises `Busy` when too much is waiting."""
    return await in_turn(lambda: bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode(), address=address)


async def belongs(password: str, password_hash: str | None, *, address: str = '') -> bool:
    """Tell whether a password belongs to a hash; without a hash it takes as long and is never true.

    Raises `Busy` when too much is waiting.
    """
    size = len(password.encode())
    guess = password.encode() if size <= LONGEST else b''

    def check() -> bool:
        return bcrypt.checkpw(guess, (password_hash or _nobody()).encode())

    matches = await in_turn(check, address=address)
    return matches and password_hash is not None and 0 < size <= LONGEST


@cache
def _nobody() -> str:
    return bcrypt.hashpw(b'nobody has this password', bcrypt.gensalt(ROUNDS)).decode()


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / 'common_passwords.txt').read_text().split())
