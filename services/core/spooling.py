"""Long answers of one snapshot: written to the disk as they are read, sent from there, and gone when they are sent.

Memory does not grow with them, and no snapshot is held for as long as a slow connection takes.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from services.core import database, threads
from services.core.errors import NotSaved
from services.core.phrases import phrase
from settings import settings

PIECE = 256 * 1024
KEPT_FREE = 500_000_000
"""bytes that stay free on the disk: what learners do must be saved meanwhile"""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL = phrase('The disk of the server is full. Ask the people who run it to make room, then try again.')


class Spooled(Iterator[bytes]):
    """A file without a name, read once, a piece at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.seek(0)

    def __next__(self) -> bytes:
        """Return the next piece."""
        piece = b'' if self._file.closed else self._file.read(PIECE)
        if not piece:
            self._file.close()
            raise StopIteration
        return piece

    def __del__(self) -> None:
        """Give the room back, also where nobody has read to the end."""
        self._file.close()


async def spooled(write: Callable[..., object], *args: object, **kwargs: object) -> Spooled:
    """Return what a query writes into the file that it is given as `into`; raises `NotSaved` where the disk is full."""
    try:
        file = await threads.shared.run(_opened)
        try:
            await database.read(write, *args, into=file, **kwargs)
        except BaseException:
            file.close()
            raise
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NotSaved(FULL) from error
    return Spooled(file)


def check_room() -> None:
    """Raise what a full disk raises, where so little is left that learners need it."""
    if shutil.disk_usage(settings().data_dir).free < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _opened() -> IO[bytes]:
    check_room()
    return tempfile.TemporaryFile(dir=settings().data_dir)
