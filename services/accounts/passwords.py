"""Passwords: what is accepted, and hashing in a small pool of its own (one check is 0.2 s of CPU)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

import bcrypt

from services.core.errors import Invalid

T = TypeVar('T')

SHORTEST, LONGEST = 8, 72
"""In bytes; bcrypt takes no more than 72."""

ROUNDS = 12

_pool = ThreadPoolExecutor(2, thread_name_prefix='bcrypt')


def check_acceptable(password: str) -> None:
    """Raise `Invalid` for a password that is too short, too long, or one of the common ones."""
    size = len(password.encode())
    if size < SHORTEST:
        raise Invalid(f'A password needs at least {SHORTEST} characters.', field='password')
    if size > LONGEST:
        raise Invalid('This password is too long: 72 characters are the most (fewer with accents).', field='password')
    if password.lower() in _common():
        raise Invalid('This password is on every list of common passwords. Choose another one.', field='password')


async def hash_of(password: str) -> str:
    """Return the bcrypt hash of a password."""
    return await _in_pool(lambda: bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode())


async def belongs(password: str, password_hash: str | None) -> bool:
    """Tell whether a password belongs to a hash; without a hash it takes as long and is never true."""
    size = len(password.encode())
    guess = password.encode() if size <= LONGEST else b''
    against = (password_hash or _nobody()).encode()
    matches = await _in_pool(lambda: bcrypt.checkpw(guess, against))
    return matches and password_hash is not None and 0 < size <= LONGEST


async def _in_pool(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_pool, work)


@cache
def _nobody() -> str:
    return bcrypt.hashpw(b'nobody has this password', bcrypt.gensalt(ROUNDS)).decode()


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / 'common_passwords.txt').read_text().split())
