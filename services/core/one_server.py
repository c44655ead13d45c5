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

    def __init__(self, url: str, *, with_others: bool, patience: float = PATIENCE) -> None:
        """Take the place; raises `AlreadyRunning` where the others and this one would not hear each other."""
        self._engine = open_for_upkeep(url)
        self._lock = 'pg_try_advisory_lock_shared' if with_others else 'pg_try_advisory_lock'
        self._connection: Connection | None = None
        deadline = time.monotonic() + patience
        while not self._take():
            if time.monotonic() >= deadline:
                raise AlreadyRunning('this database')
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
            if self._connection is not None:
                self._connection.exec_driver_sql('SELECT 1')
                return
        except SQLAlchemyError:
            self.close()
        try:
            is_held = self._take()
        except SQLAlchemyError:
            return  # the database is away; what is saved says so
        if not is_held:
            server_log.write_warning('database served twice', hint='Stop one of both, or set REDIS_URL in both.')

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level='AUTOCOMMIT')
        try:
            for setting in SETTINGS:
                connection.exec_driver_sql(setting)
            if connection.exec_driver_sql(f'SELECT {self._lock}({SERVING})').scalar_one():
                self._connection = connection
        finally:
            if self._connection is not connection:
                connection.close()
        return self._connection is connection


def take(url: str, *, with_others: bool) -> Place | None:
    """Take a place at a database; None for SQLite."""
    return Place(url, with_others=with_others) if make_url(url).get_backend_name() == 'postgresql' else None
