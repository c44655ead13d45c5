"""One process on one SQLite file: a lock that ends with the process that holds it."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from services.core import server_log

PRIVATE = 0o077
"""What is written here, by the server and by commands, is read by nobody else on this machine."""

_held: list[int] = []
"""descriptors of the locks; the system lets go of them when the process ends, however it ends"""


class AlreadyRunning(Exception):
    """Another process has the database."""


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite database; None for others."""
    parts = make_url(url)
    if parts.get_backend_name() != 'sqlite' or not parts.database:
        return None
    return Path(parts.database).resolve()


def hold(url: str) -> None:
    """Keep other processes from serving this database; raises `AlreadyRunning` if one does already."""
    path = file_of(url)
    if path is None:
        return
    descriptor = os.open(f'{path}.lock', os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise AlreadyRunning(str(path)) from error
    except OSError as error:  # a file system without locks
        server_log.write_warning('no lock', reason=str(error))
    _held.append(descriptor)


def keep_private(folder: Path, url: str) -> None:
    """Let nobody else on this machine read the data folder and the database, also those of earlier versions."""
    path = file_of(url)
    files = [Path(f'{path}{end}') for end in ('', '-wal', '-shm')] if path else []
    for each, mode in [(folder, 0o700), *((file, 0o600) for file in files)]:
        with suppress(OSError):
            each.chmod(mode)
