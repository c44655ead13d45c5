"""Who serves a PostgreSQL database: one process that hears of no others, or several that hear each other.

A lock of the database says so, on a connection of its own; SQLite has its own lock (`one_process`). Two processes that
do not hear each other would each show a class of its own.
"""

import time

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.core import server_log, threads
from services.core.engines import open_for_upkeep
from services.core.one_process import AlreadyRunning
from services.core.shared_folder import NotShared, SharedFolder

SERVING = 0x5741594F
"""the lock of PostgreSQL that a process holds while it serves"""
PATIENCE = 2.0
"""seconds for one that has just ended, until PostgreSQL has noticed"""
LOOK_EVERY = 30.0
"""seconds from one look whether the lock is still held to the next"""
SETTINGS = (
    'SET tcp_keepalives_idle = 10',
    'SET tcp_keepalives_interval = 5',
    'SET tcp_keepalives_count = 3',
    'SET idle_session_timeout = 0',
)
"""A machine that has lost its power lets go of the lock after half a minute, and quiet is no reason to."""


class Place:
    """The place of this process at a database, until the process ends."""

    def __init__(self, url: str, *, shared: SharedFolder | None, patience: float = PATIENCE) -> None:
        """Take the place, beside others that have the same folder, or alone where there is none to share.

        Raises `AlreadyRunning` where the others and this one would not hear each other, and `NotShared`.
        """
        self._engine = open_for_upkeep(url)
        self._shared = shared
        self._lock = 'pg_try_advisory_lock_shared' if shared else 'pg_try_advisory_lock'
        self._connection: Connection | None = None
        deadline = time.monotonic() + patience
        while self._connection is None:
            try:
                self._take()
            except (AlreadyRunning, NotShared):
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        """Let go of it."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    async def look(self) -> None:
        """Take the place again where the connection was lost, as when PostgreSQL was restarted."""
        await threads.shared.run(self._look)

    def _look(self) -> None:
        try:
            if self._connection is None or not self._is_alive(self._connection):
                self._take()
            elif self._shared:
                self._shared.look(self._connection)
        except AlreadyRunning:
            server_log.write_warning('database served twice', hint='Stop one of both, or set REDIS_URL in both.')
        except NotShared as error:
            server_log.write_warning('not shared', found=error.found, hint=error.todo)
        except SQLAlchemyError:
            return  # the database is away; what is saved says so

    def _is_alive(self, connection: Connection) -> bool:
        try:
            connection.exec_driver_sql('SELECT 1')
        except SQLAlchemyError:
            self.close()
            return False
        return True

    def _take(self) -> None:
        connection = self._engine.connect().execution_options(isolation_level='AUTOCOMMIT')
        try:
            for setting in SETTINGS:
                connection.exec_driver_sql(setting)
            if not connection.exec_driver_sql(f'SELECT {self._lock}({SERVING})').scalar_one():
                raise AlreadyRunning('this database')
            if self._shared:
                self._shared.enter(connection)
            self._connection = connection
        finally:
            if self._connection is not connection:
                connection.close()


def take(url: str, *, shared: SharedFolder | None) -> Place | None:
    """Take a place at a database, beside others or alone as `Place` does; None for SQLite."""
    return Place(url, shared=shared) if make_url(url).get_backend_name() == 'postgresql' else None
