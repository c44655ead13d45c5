"""Bringing a back-up into place. What was there is moved aside, never deleted."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from services.core.errors import Refused
from services.upkeep import dumps
from services.upkeep.backup_file import FOLDERS, KEYS, Manifest, Progress, Reading

BEGUN = 'begun'
"""the file in the folder of a restore that says that its moves have begun, and not ended"""


def checked(path: Path, *, say: Progress) -> Manifest:
    """Compare everything in a back-up with its checksum; raises `Refused` at the first difference."""
    reading = Reading(path)
    done = 0
    for name in reading.manifest.files:
        for size in reading.copy(name, None):
            done += size
            say(name, done, reading.manifest.bytes)
    return reading.manifest


def replaced_by(url: str, data_dir: Path) -> tuple[Path, ...]:
    """Return what a restore would move aside."""
    return tuple(path for path in _places(url, data_dir) if path.exists())


def restore(path: Path, url: str, data_dir: Path, *, now: datetime, say: Progress) -> Path | None:
    """Bring a back-up into place; returns the folder with what was there before, if there was anything.

    Nothing is moved before everything is unpacked beside it and compared with its checksums. No Waymark may run on
    this database meanwhile.
    """
    reading = Reading(path)
    kind = dumps.kind_of(url)
    if reading.manifest.database != kind:
        raise Refused(
            'This back-up is of {theirs}, and DATABASE_URL leads to {ours}. Restore it into a database of its kind.',
            theirs=reading.manifest.database,
            ours=kind,
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f'restoring-{now:%Y%m%d-%H%M%S}'
    before = data_dir / f'before-restore-{now:%Y%m%d-%H%M%S}'
    try:
        _unpack(reading, fresh, say)
        moved_aside = _exchange(url, data_dir, fresh, before)
        for left in data_dir.glob('restoring-*'):  # of a restore that was killed before
            shutil.rmtree(left)
        return moved_aside
    except OSError as error:
        raise Refused(
            'The back-up cannot be brought into {folder} ({reason}). What was there is in place or in {before}.',
            folder=str(data_dir),
            reason=error.strerror or str(error),
            before=str(before),
        ) from error


def broken_off(data_dir: Path) -> Path | None:
    """Return the folder of a restore that was ended in the middle of its moves, so that half of it is in place."""
    return next((begun.parent for begun in data_dir.glob(f'restoring-*/{BEGUN}')), None)


def _unpack(reading: Reading, fresh: Path, say: Progress) -> None:
    """Unpack everything and compare it; where that does not work, nothing is left that takes room on the disk."""
    try:
        _write_files(reading, fresh, say)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _write_files(reading: Reading, fresh: Path, say: Progress) -> None:
    done = 0
    for name in reading.manifest.files:
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as writing:
            for size in reading.copy(name, writing):
                done += size
                say(name, done, reading.manifest.bytes)
            writing.flush()
            os.fsync(writing.fileno())


def _exchange(url: str, data_dir: Path, fresh: Path, before: Path) -> Path | None:
    """Move what is there aside and what was unpacked into place: a few renames, each of which happens or does not."""
    is_sqlite = dumps.kind_of(url) == dumps.SQLITE
    there = replaced_by(url, data_dir)
    was_full = not dumps.is_empty(url)
    (fresh / BEGUN).touch()
    if there or was_full:
        before.mkdir(mode=0o700)
    if was_full and not is_sqlite:
        dumps.dump(url, before / dumps.FILES[dumps.POSTGRESQL])
    for path in there:
        shutil.move(path, before / path.name)  # the database may lie on another disk
    if is_sqlite:
        shutil.move(fresh / dumps.FILES[dumps.SQLITE], _database(url))
    else:
        _load(url, fresh, before, there, was_full=was_full)
        (fresh / dumps.FILES[dumps.POSTGRESQL]).unlink()
    for name in (*KEYS, *FOLDERS):
        if (fresh / name).exists():
            (fresh / name).rename(data_dir / name)
    (fresh / BEGUN).unlink()
    fresh.rmdir()
    return before if before.exists() else None


def _load(url: str, fresh: Path, before: Path, there: tuple[Path, ...], *, was_full: bool) -> None:
    """Fill PostgreSQL; where that does not work, what was there comes back."""
    try:
        dumps.load(url, fresh / dumps.FILES[dumps.POSTGRESQL])
    except Refused as refusal:
        try:
            if was_full:
                dumps.load(url, before / dumps.FILES[dumps.POSTGRESQL])
            for path in there:
                shutil.move(before / path.name, path)
        except (Refused, OSError) as again:
            raise Refused(
                'The back-up cannot be brought into place ({reason}). What was there is in {before}.',
                reason=str(refusal),
                before=str(before),
            ) from again
        (fresh / BEGUN).unlink()
        raise


def _places(url: str, data_dir: Path) -> Iterator[Path]:
    if dumps.kind_of(url) == dumps.SQLITE:
        yield from (Path(f'{_database(url)}{end}') for end in ('', '-wal', '-shm'))
    yield from (data_dir / name for name in (*KEYS, *FOLDERS))


def _database(url: str) -> Path:
    return Path(str(make_url(url).database)).resolve()
