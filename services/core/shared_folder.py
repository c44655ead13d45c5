"""Whether all processes that serve one database have the same data folder and the same secret.

Each process takes a number at random, and another one with each look. It holds a lock of PostgreSQL with that number,
and keeps a file with that name in its data folder. So a process finds a file here for each lock, or another process
keeps its files somewhere else. The locks end with their processes, and a file without a lock means nothing: no state
can become old (decision 102).
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection

FOLDER = 'serving'
"""in the data folder; a back-up leaves it out"""
SERVES_FROM = 0x57415946
"""the first half of the locks of PostgreSQL with which processes say their numbers; the number is the second half"""
ENTERING = 0x57415945
"""the lock that a process holds for the moment in which it comes to the others"""
HELD = f"""
    SELECT objid FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {SERVES_FROM} AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - a number of ours


class NotShared(Exception):
    """The processes at one database have not the same folder and secret: what was found and what to do, in English."""

    def __init__(self, found: str, todo: str) -> None:
        super().__init__(f'{found}. {todo}')
        self.found = found
        self.todo = todo


class SharedFolder:
    """The data folder of this process, which should be that of the others too."""

    def __init__(self, data_dir: Path, *, secret: str) -> None:
        """Take the folder, and the secret that all processes of one school have in common."""
        self._data_dir = data_dir
        self._mark = hmac.digest(secret.encode(), b'serving', 'sha256').hex()
        self._number = secrets.randbits(31)

    def enter(self, connection: Connection) -> None:
        """Come to the others, until the connection ends; raises `NotShared` where that would not go well."""
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        with _alone(connection):
            self.compare(connection)
            self._say(connection, self._number)
            self._clear(connection)

    def look(self, connection: Connection) -> None:
        """Compare again, and go on under a new number: what was copied of the folder before has no file of it."""
        with _alone(connection):
            before, number = self._number, secrets.randbits(31)
            self._say(connection, number)
            self._number = number
            connection.exec_driver_sql(f'SELECT pg_advisory_unlock_shared({SERVES_FROM}, {before})')
            with suppress(OSError):
                self._file(before).unlink()
            self.compare(connection)

    def compare(self, connection: Connection) -> int:
        """Return how many processes serve from this folder; raises `NotShared` where one serves from another one."""
        numbers = _held(connection)
        for number in numbers:
            try:
                mark = self._file(number).read_text()
            except FileNotFoundError:
                if number in _held(connection):  # and not under another number by now
                    raise self._other_folder() from None
                continue
            except OSError as error:
                raise self._unusable(error) from error
            if mark != self._mark:
                raise _other_secret()
        return len(numbers)

    def _file(self, number: int) -> Path:
        return self._data_dir / FOLDER / f'{number:08x}'

    def _say(self, connection: Connection, number: int) -> None:
        """Keep a file with a number, and then hold its lock."""
        file = self._file(number)
        try:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            file.write_text(self._mark)
        except OSError as error:
            raise self._unusable(error) from error
        connection.exec_driver_sql(f'SELECT pg_advisory_lock_shared({SERVES_FROM}, {number})')

    def _clear(self, connection: Connection) -> None:
        """Remove the files of processes that have ended."""
        names = {self._file(number).name for number in _held(connection)}
        with suppress(OSError):
            for file in (self._data_dir / FOLDER).iterdir():
                if file.name not in names:
                    file.unlink(missing_ok=True)

    def _other_folder(self) -> NotShared:
        return NotShared(
            f'DATA_DIR: other processes serve this database from another folder than {self._data_dir.resolve()}, '
            'so files that one of them keeps are missing in the others',
            'Let DATA_DIR lead to the same folder in all of them, or stop the others first.',
        )

    def _unusable(self, error: OSError) -> NotShared:
        return NotShared(
            f'DATA_DIR: the folder {self._data_dir.resolve() / FOLDER} cannot be used ({error.strerror})',
            'It has to belong to the account that runs Waymark, and its disk needs room.',
        )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one process after the other come or take another number: each sees the files of all that hold a lock."""
    connection.exec_driver_sql(f'SELECT pg_advisory_lock({ENTERING})')
    try:
        yield
    finally:
        connection.exec_driver_sql(f'SELECT pg_advisory_unlock({ENTERING})')


def _other_secret() -> NotShared:
    return NotShared(
        'SECRET_KEY: other processes that serve this database have another secret, so they do not hear this one and '
        'refuse what it has signed',
        'Set the same SECRET_KEY in all of them, or stop the others first.',
    )


def _held(connection: Connection) -> list[int]:
    return list(connection.exec_driver_sql(HELD).scalars())
