"""How the two databases are opened, and what it means when they refuse."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from services.core.phrases import Phrase, phrase

BUSY_SECONDS = 5.0
"""How long a write waits for another process to let go of the database."""
SILENT_SECONDS = 60.0
"""How long PostgreSQL waits in the middle of a write: a process that is frozen, or whose machine is gone, would keep
all others from writing."""
LINE = {
    'connect_timeout': 10,
    'tcp_user_timeout': 10_000,
    'keepalives_idle': 10,
    'keepalives_interval': 5,
    'keepalives_count': 3,
}
"""A network that brings nothing from PostgreSQL is noticed within half a minute, and not after a quarter of an hour."""
WRITERS_TURN = 0x5741594D
"""the lock of PostgreSQL that a transaction holds while it writes"""

MOVED = 'the database was moved away'


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """One engine to write with (one connection) and one to read with (a bounded pool)."""

    writing: Engine
    reading: Engine
    at_once: Engine | None
    """to write with where waiting for another process is out of the question; only SQLite, which needs no network"""

    def dispose(self) -> None:
        """Close all connections."""
        for engine in (self.writing, self.reading, self.at_once):
            if engine is not None:
                engine.dispose()


def open_engines(url: str, *, readers: int) -> Engines:
    """Open a database by its URL: `sqlite:///…` or `postgresql+psycopg://…`; `readers` read at the same time."""
    if make_url(url).get_backend_name() == 'sqlite':
        writing = _open_sqlite(url, timeout=BUSY_SECONDS)
        at_once = _open_sqlite(url, timeout=0)
        reading = _open_sqlite(url, timeout=BUSY_SECONDS, connections=readers)
        _tune_sqlite(writing, begin='BEGIN IMMEDIATE')
        _tune_sqlite(at_once, begin='BEGIN IMMEDIATE')
        _tune_sqlite(reading, begin='BEGIN', query_only=True)
    else:
        at_once = None
        writing = create_engine(
            url, pool_size=1, max_overflow=0, pool_pre_ping=True, json_deserializer=read_json, connect_args=LINE
        )
        reading = create_engine(
            url,
            pool_size=readers,
            max_overflow=0,
            pool_pre_ping=True,
            json_deserializer=read_json,
            connect_args=LINE,
            isolation_level='REPEATABLE READ',
            execution_options={'postgresql_readonly': True},
        )
        _write_in_turn(writing)
    return Engines(writing=writing, reading=reading, at_once=at_once)


def open_for_upkeep(url: str) -> Engine:
    """Open a database for migrations: no pool, foreign keys off on SQLite, so that no cascade can delete rows."""
    if make_url(url).get_backend_name() != 'sqlite':
        return create_engine(url, poolclass=NullPool, connect_args=LINE)
    engine = create_engine(url, poolclass=NullPool)
    _tune_sqlite(engine, begin='BEGIN IMMEDIATE', foreign_keys=False)
    return engine


def empty_log(file: Path) -> bool:
    """Move what the write-ahead log of SQLite holds into the database and empty it: old versions of rows are in it.

    Returns False while somebody reads; nobody waits for it.
    """
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        is_busy, *_ = connection.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()
    return not is_busy


def _open_sqlite(url: str, *, timeout: float, connections: int = 1) -> Engine:
    # a statement has a text for each size of its lists (services.core.sql.short_lists)
    how = {'timeout': timeout, 'check_same_thread': False, 'cached_statements': 500}
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args=how,
        json_deserializer=read_json,
    )


def read_json(written: str | bytes) -> Any:
    """Return what a JSON column says: several times as fast as Python's own, which reads what orjson refuses."""
    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError:  # such as half of a character
        return json.loads(written)


def _tune_sqlite(engine: Engine, *, begin: str, query_only: bool = False, foreign_keys: bool = True) -> None:
    """Durable and concurrent: write-ahead log, fsync at each commit, and transactions begun by us."""

    @event.listens_for(engine, 'connect')
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # or the driver begins transactions on its own, and too late
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA synchronous = FULL')
        connection.execute('PRAGMA secure_delete = ON')  # what is erased is not left in a free part of the file
        connection.execute(f'PRAGMA foreign_keys = {"ON" if foreign_keys else "OFF"}')
        connection.execute(f'PRAGMA query_only = {"ON" if query_only else "OFF"}')

    @event.listens_for(engine, 'begin')
    def _began(connection: Connection) -> None:
        try:
            connection.connection.cursor().execute(begin)  # SQLAlchemy would make a context for each execution
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error, dialect=engine.dialect) from error


def _write_in_turn(engine: Engine) -> None:
    """Let one process write at a time, so that ids of the log are given in the order of commits (decision 20)."""

    @event.listens_for(engine, 'begin')
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql(
            f"SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', true), "
            f"set_config('idle_in_transaction_session_timeout', '{SILENT_SECONDS}s', true), "
            f'pg_advisory_xact_lock({WRITERS_TURN})'
        )


def why_not_saved(error: BaseException) -> Phrase:
    """Return a sentence for what kept the database from writing."""
    said = ' '.join(_said_by(error))
    if 'disk is full' in said or 'no space left' in said or 'disk full' in said:
        return phrase('Not saved: the disk of the server is full. What was saved before is safe; tell your school.')
    if MOVED in said:
        return phrase(
            'Not saved: the file of the database was moved away. What was saved before is in it; tell your school.'
        )
    if 'locked' in said or 'busy' in said or 'lock timeout' in said:
        return phrase('Not saved: another program holds the database. What was saved before is safe; try again.')
    if 'readonly' in said or 'read-only' in said:
        return phrase(
            'Not saved: the server may not write to its database. What was saved before is safe; tell your school.'
        )
    return phrase('Not saved: the database cannot write at the moment. What was saved before is safe; try again soon.')


def _said_by(error: BaseException | None) -> Iterator[str]:
    """Yield what an error and those before it said: on a full disk, the last one is only about a lost savepoint."""
    while error:
        yield str(error).lower()
        error = error.__cause__ or error.__context__
