"""Who was erased, kept outside of the database, so that a restore cannot bring anybody back.

A file of JSON lines in the data folder, with a salted hash for each person. It tells nobody who was erased; with the
people of a database at hand, it tells which of them were. The moment at which an account was made is in the hash, for
numbers are given again after a restore.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.core import server_log
from settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one account from all others, also from one that had its number before."""

    user_id: int
    created_at: datetime


def path() -> Path:
    """Return where the list is."""
    return settings().data_dir / 'erasures'


def add(people: Iterable[Identity], *, now: datetime) -> str:
    """Write people down, on the disk before this returns; returns a word with which `take_back` finds them."""
    word, at = secrets.token_hex(8), now.date().isoformat()
    with _alone():
        lines = _lines()
        salt = next((entry['salt'] for entry in map(_read, lines) if 'salt' in entry), secrets.token_hex(16))
        lines += [json.dumps({'salt': salt, 'who': _hash(salt, each), 'at': at, 'word': word}) for each in people]
        _write(lines)
    return word


def keep(people: Sequence[Identity], *, now: datetime) -> None:
    """Write down those of these people who are not in the list."""
    there = set(listed(people))
    if missing := [each for each in people if each.user_id not in there]:
        add(missing, now=now)


def take_back(word: str) -> None:
    """Remove those who were written down with a word, because they were not erased after all."""
    with _alone():
        _write([line for line in _lines() if _read(line).get('word') != word])


def listed(people: Iterable[Identity]) -> list[int]:
    """Return which of these people are in the list."""
    known = {(entry['salt'], entry['who']) for entry in map(_read, _lines()) if {'salt', 'who'} <= entry.keys()}
    salts = {salt for salt, _ in known}
    return [each.user_id for each in people if any((salt, _hash(salt, each)) in known for salt in salts)]


@contextmanager
def _alone() -> Iterator[None]:
    """Let other processes with this data folder wait, a command line among them: each would lose what others write."""
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError as error:  # a file system without locks
            server_log.write_warning('no lock', reason=str(error))
        yield
    finally:
        os.close(folder)


def _hash(salt: str, person: Identity) -> str:
    told = f'{salt} {person.user_id} {person.created_at.isoformat()}'
    return hashlib.sha256(told.encode()).hexdigest()


def _lines() -> list[str]:
    return path().read_text(encoding='utf-8', errors='replace').splitlines() if path().exists() else []


def _read(line: str) -> dict[str, str]:
    """Return what a line says; one that is damaged says nothing, and stays where it is."""
    try:
        return {str(name): str(value) for name, value in json.loads(line).items()}
    except (ValueError, AttributeError):
        server_log.write_warning('erasure list damaged', line=line[:40])
        return {}


def _write(lines: Sequence[str]) -> None:
    part = path().with_name('erasures.part')
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w', encoding='utf-8') as file:
        file.writelines(f'{line}\n' for line in lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path())
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
