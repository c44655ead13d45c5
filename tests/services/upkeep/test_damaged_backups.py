"""A back-up that a disk has damaged, or that a full disk has cut off: one sentence, and nothing left over."""

import gc
import random
import sys
from pathlib import Path

import pytest

from services.core import clock
from services.core.errors import Refused
from services.upkeep.backup_file import Manifest, Reading, Writing

pytestmark = pytest.mark.req('O3')

DAMAGED = 300


def quietly(name: str, done: int, of: int) -> None:
    pass


def written(path: Path) -> Writing:
    (path.parent / 'database').write_bytes(b'a row of the database, ' * 1000)
    (path.parent / 'film').write_bytes(random.Random(1).randbytes(1000))
    writing = Writing(path, say=quietly, of=1)
    writing.add('database.db', path.parent / 'database', is_compact=False)
    writing.add('uploads/film', path.parent / 'film')
    return writing


def finished(writing: Writing) -> Manifest:
    return writing.finish(made_at=clock.now(), version='1', database='sqlite', revision='')


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a file with one bit turned: half of the times near its end, where a ZIP has its list."""
    place = chance.randrange(len(content) if chance.random() < 0.5 else 600)
    turned = bytearray(content)
    turned[-1 - place] ^= 1 << chance.randrange(8)
    return bytes(turned)


def read(path: Path) -> None:
    reading = Reading(path)
    for name in reading.manifest.files:
        for _ in reading.copy(name, None):
            pass


def test_wherever_a_bit_was_turned_the_file_is_whole_or_a_sentence_says_that_it_is_not(tmp_path: Path) -> None:
    finished(written(tmp_path / 'whole.zip'))
    read(tmp_path / 'whole.zip')
    content, chance, refused = (tmp_path / 'whole.zip').read_bytes(), random.Random(1), 0

    for _ in range(DAMAGED):
        (tmp_path / 'damaged.zip').write_bytes(damaged(content, chance))
        try:
            read(tmp_path / 'damaged.zip')
        except Refused:
            refused += 1

    assert refused > DAMAGED / 2


def test_a_disk_that_fills_up_while_a_backup_is_unpacked_is_not_called_damage(tmp_path: Path) -> None:
    finished(written(tmp_path / 'whole.zip'))
    reading = Reading(tmp_path / 'whole.zip')
    with Path('/dev/full').open('wb', buffering=0) as full, pytest.raises(OSError, match='No space left'):
        list(reading.copy('uploads/film', full))


def test_a_backup_that_is_given_up_leaves_no_file_and_tries_nothing_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[object] = []
    monkeypatch.setattr(sys, 'unraisablehook', failures.append)
    writing = written(tmp_path / 'cut off.zip')

    writing.give_up()
    del writing
    gc.collect()

    assert not failures
    assert not (tmp_path / 'cut off.zip').exists()
