"""Passwords: what is accepted, and hashing in turn (one check is 0.2 s of CPU)."""

import secrets
import string
import unicodedata
from functools import cache

import bcrypt

from services.accounts.common_passwords import is_common
from services.accounts.hashing import in_turn
from services.core.errors import Invalid

SHORTEST = 8
"""Characters, as people count them."""
LONGEST = 72
"""Bytes; bcrypt takes no more."""

ROUNDS = 12


def check_acceptable(password: str) -> None:
    """Raise `Invalid` for a password that is too short, too long, or one of the common ones."""
    if any('\ud800' <= sign <= '\udfff' for sign in password):
        raise Invalid('This password contains half a character. Type it anew.', field='password')
    password = in_one_form(password)
    if len(password) < SHORTEST:
        raise Invalid('A password needs at least {least} characters.', least=SHORTEST, field='password')
    size = len(password.encode())
    if size > LONGEST:
        raise Invalid(
            'This password is too long: it takes {size} bytes; use at most {most}. A plain letter takes one, '
            'a letter with an accent two, others up to four. Choose a shorter one.',
            size=size,
            most=LONGEST,
            field='password',
        )
    if is_common(password):
        raise Invalid('This password is on every list of common passwords. Choose another one.', field='password')


def in_one_form(password: str) -> str:
    """Return a password as it is hashed, however a keyboard composes its letters (as RFC 8265 has it).

    An `ö` may arrive as one letter or as `o` and two dots, and a space may be one that does not break. What looks
    different stays different: wide letters and ligatures are kept.
    """
    return unicodedata.normalize('NFC', ''.join(' ' if unicodedata.category(s) == 'Zs' else s for s in password))


async def hash_of(password: str, *, address: str = '') -> str:
    """Return the bcrypt hash of a password, for a person at an address; raises `Busy` when too much is waiting."""
    plain = in_one_form(password).encode()
    return await in_turn(lambda: bcrypt.hashpw(plain, bcrypt.gensalt(ROUNDS)).decode(), address=address)


async def belongs(password: str, password_hash: str | None, *, address: str = '') -> bool:
    """Tell whether a password belongs to a hash; without a hash it takes as long and is never true.

    Hashes that were made before passwords had one form are of what was typed then, in one of the forms below.
    Raises `Busy` when too much is waiting.
    """
    guesses = _guesses(password)
    against = (password_hash or _nobody()).encode()
    matches = await in_turn(lambda: any(bcrypt.checkpw(guess, against) for guess in guesses or [b'']), address=address)
    return matches and password_hash is not None and bool(guesses)


def _guesses(password: str) -> list[bytes]:
    """Return what may have been hashed for a password: one form, unless it has letters beyond ASCII."""
    if len(password) > 4 * LONGEST:  # too long in every form, and not worth putting into one
        return []
    forms = in_one_form(password), password, *(unicodedata.normalize(form, password) for form in ('NFC', 'NFD'))
    encoded = dict.fromkeys(form.encode(errors='replace') for form in forms)
    return [guess for guess in encoded if 0 < len(guess) <= LONGEST]


def nobodys_hash() -> str:
    """Return a hash that belongs to no password, so that the account is one, and nobody signs in with a password."""
    letters = './' + string.ascii_letters + string.digits
    return bcrypt.gensalt(ROUNDS).decode() + ''.join(secrets.choice(letters) for _ in range(31))


@cache
def _nobody() -> str:
    return bcrypt.hashpw(b'nobody has this password', bcrypt.gensalt(ROUNDS)).decode()
