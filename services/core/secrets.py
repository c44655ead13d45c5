"""Random tokens, the hashes that are stored of them, and codes that can be read aloud."""

import hashlib
import itertools
import os
import secrets
import unicodedata

CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
"""Letters and digits that sound and look different: no 0/O, no 1/I/L."""

CLASS_CODE_LENGTH = 6
REJOIN_CODE_LENGTH = 8
SERIAL_LENGTH = 16
LONGEST_TYPED = 200
"""characters that are looked at, of what was typed as a code"""
_FILLERS = frozenset('\u115f\u1160\u3164\uffa0')
"""letters to Unicode, but nobody sees them"""
_LOOK_ALIKES = str.maketrans('АВЕЅІЈКМНОРСТУХԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABESIJKMHOPCTYXGQWABEZHIKMNOPTYX')
"""the capital letters of Cyrillic and Greek keyboards that look the same"""


class _Ids:
    """Ids of this process: a count, hashed with a key of its own, so that nobody can tell the next from the last."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Take another key; a process that was forked would count on with that of its parent."""
        self._key = secrets.token_bytes(32)
        self._count = itertools.count()

    def next(self) -> str:
        count = next(self._count).to_bytes(8, 'big')
        return hashlib.blake2b(count, key=self._key, digest_size=16).hexdigest()


_ids = _Ids()
os.register_at_fork(after_in_child=_ids.begin_anew)


def new_id() -> str:
    """Return 128 bits in hexadecimal that tell a tap or a request from all others.

    The system is asked for random bits only once: each time would let other threads have their turn, several times for
    each tap.
    """
    return _ids.next()


def new_token() -> str:
    """Return a bearer secret with 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token; the token itself never is."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code(length: int) -> str:
    """Return a random code that is easy to read aloud."""
    number, letters = secrets.randbelow(len(CODE_ALPHABET) ** length), ''  # one draw for all: a school finishes at once
    for _ in range(length):
        number, place = divmod(number, len(CODE_ALPHABET))
        letters += CODE_ALPHABET[place]
    return letters


def read_code(typed: str) -> str:
    """Return a code as it was meant, however it was typed.

    Case, spaces and dashes do not matter, nor does the keyboard: full width, Arabic and Indian digits, and the
    Cyrillic and Greek letters that look like one of ours. Of what is far too long for a code, the beginning counts.
    """
    latin = unicodedata.normalize('NFKC', typed[:LONGEST_TYPED]).upper().translate(_LOOK_ALIKES)
    return ''.join(_digit(character) for character in latin if character.isalnum() and character not in _FILLERS)


def _digit(character: str) -> str:
    """Return a digit of any script as ours, and everything else as it is."""
    return str(unicodedata.digit(character)) if character.isdecimal() else character


def spell_code(code: str) -> str:
    """Return a code in two groups, as people read it aloud."""
    half = len(code) // 2
    return f'{code[:half]} {code[half:]}'


def new_serial() -> str:
    """Return a number for something that is handed on: 79 random bits in groups of four, to be read and typed."""
    return _in_fours(new_code(SERIAL_LENGTH))


def spell_serial(typed: str) -> str:
    """Return a serial as it is written, however it was typed."""
    return _in_fours(read_code(typed))


def _in_fours(code: str) -> str:
    return '-'.join(code[start : start + 4] for start in range(0, len(code), 4))
