"""Where files lie: below the data folder, under names that are made up here. Until it was looked into, a file is
`….part`; then it gets its final name in one step.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from services.content import pdf_pages
from services.core.errors import Invalid, NotSaved
from settings import settings

KEPT_FREE = 100 * 1024 * 1024
"""Bytes of the disk that no file may take: what learners do must be saved, whatever is uploaded."""

FLUSHED_EVERY = 8 * 1024 * 1024
"""Bytes after which a video is put on the disk: no commit of a class is to wait behind half a gigabyte."""

ARRIVING = '.part'


def folder() -> Path:
    """Return the folder in which all files lie."""
    return settings().data_dir / 'uploads'


class Arriving:
    """A file that is being written; it is gone again unless it was kept."""

    def __init__(self, most: int) -> None:
        """`most` is how many megabytes it may become."""
        self.size = 0
        self._most = most
        self._name = secrets.token_hex(16)
        with _told():
            folder().mkdir(parents=True, exist_ok=True)
            self.path = folder() / f'{self._name}{ARRIVING}'
            self._file = self.path.open('xb')

    def expect(self, size: int) -> None:
        """Refuse a file at once that says of itself that it is too large, or for which there is no room."""
        self._check(size)
        with _told():
            _check_room(size)

    def write(self, content: bytes) -> None:
        """Write what has come; raises as soon as it is too much."""
        self._check(self.size + len(content))
        with _told():
            self._file.write(content)
            if (self.size + len(content)) // FLUSHED_EVERY > self.size // FLUSHED_EVERY:
                os.fdatasync(self._file.fileno())
                _check_room(0)
        self.size += len(content)

    def close(self) -> None:
        """Put all of it on the disk, so that it can be looked into."""
        with _told():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def keep(self) -> str:
        """Give the file its final name and return it."""
        return self.replace(self._name)

    def replace(self, stored_as: str) -> str:
        """Let the file take the place of one that was kept, and return its name."""
        with _told():
            self.path.rename(folder() / stored_as)
            _sync(folder())
        return stored_as

    def discard(self) -> None:
        """Let the file go, as far as it has come."""
        with _told():
            self.path.unlink(missing_ok=True)
        try:
            self._file.close()
        except OSError as error:  # what it still held back finds no room: nobody misses it
            if error.errno not in _NO_ROOM:
                raise

    def _check(self, size: int) -> None:
        if size > self._most * 1024 * 1024:
            raise Invalid('This file is larger than {most} MB. Choose a smaller one.', most=self._most)


def remove(stored_as: str) -> None:
    """Let go of a file that was kept, and of the pictures of its pages."""
    (folder() / stored_as).unlink(missing_ok=True)
    pdf_pages.forget(stored_as)


def clear(stored_as: Sequence[str], *, arriving_before: datetime) -> None:
    """Remove files that were given up, and those that began to arrive before then and never did."""
    for name in stored_as:
        remove(name)
    for left in folder().glob(f'*{ARRIVING}'):
        if left.stat().st_mtime < arriving_before.timestamp():
            left.unlink(missing_ok=True)


def _check_room(size: int) -> None:
    if shutil.disk_usage(folder()).free - size < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NotSaved(
                'Not saved: the disk of the server is full, and nothing of the file was kept. Tell your school.'
            ) from error
        raise NotSaved(
            'Not saved: the server cannot write files at the moment, and nothing of the file was kept.'
        ) from error


def _sync(path: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
