"""The only doors to the database: `write` and `read`, awaited from pages and clients' requests alike.

Writes share commits (`services/core/writer.py`). Reads run beside them in threads, each on a snapshot of its own, but
for what is marked as `quick`: on SQLite that is done at once on the event loop. Inside, services are plain functions of
a transaction.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from services.core import clock, one_process, server_log
from services.core.engines import Engines, open_engines
from services.core.errors import Busy, DomainError, NotFound, NotSaved
from services.core.looks import Looked
from services.core.looks import record_all as record_looks
from services.core.performing import NO_SUCH_NUMBER, Write
from services.core.threads import Line
from services.core.transaction import Transaction
from services.core.writer import Others, Writer

if TYPE_CHECKING:
    from services.core.projection import Projection

P = ParamSpec('P')
T = TypeVar('T')
Item = TypeVar('Item')
Work = TypeVar('Work', bound=Callable[..., object])

MOST_READING = 5_000
"""Reads in line: about as many seconds of work."""
READERS = 4
STUCK_AFTER = 15.0
"""seconds; a write waits five for another process that holds the database"""


class Database:
    """One open database with its one writer and its pool of readers."""

    def __init__(self, url: str, projections: 'Sequence[Projection]' = (), *, others: Others | None = None) -> None:
        self.engines: Engines = open_engines(url, readers=READERS + 1)
        self.writer = Writer(
            self.engines, projections, file=one_process.file_of(url), is_quick=_quick.__contains__, others=others
        )
        self._projections = projections
        self._readers = Line('reader', threads=READERS, most_waiting=MOST_READING, busy_for=5)

    def close(self) -> None:
        """Finish what is waiting and let go of the database."""
        self.writer.close()
        self._readers.close()
        self.engines.dispose()

    async def read(self, query: Callable[..., object], work: Callable[[Transaction], T]) -> T:
        """Run a query on a snapshot of what is committed; raises `Busy` where too many wait for theirs."""
        request_id = server_log.request_id.get()
        if query in _quick and self.engines.at_once:
            found, seen = self._read(work, request_id)
        else:
            found, seen = await self._readers.run(self._read, work, request_id)
        if seen:  # on the disk before anybody is shown what was found
            answer = asyncio.get_running_loop().create_future()
            await self.writer.write(Write(record_looks, None, seen, answer, request_id))
        return found

    def _read(self, work: Callable[[Transaction], T], request_id: str) -> tuple[T, list[Looked]]:
        try:
            with self.engines.reading.connect() as connection, connection.begin():
                tx = Transaction(connection, clock.now(), request_id=request_id, projections=self._projections)
                try:
                    found = work(tx)
                finally:
                    tx.forget()
            for note in tx.notes:  # of a look that leaves a trace
                server_log.write(note.event, request=note.request, **note.facts)
            return found, tx.looks
        except NO_SUCH_NUMBER as error:
            raise NotFound('There is nothing here.') from error
        except SQLAlchemyError as error:
            server_log.write_problem('read failed', error)
            raise NotSaved('The database does not answer at the moment. Try again soon.') from error


_open: Database | None = None
_quick: set[Callable[..., object]] = {record_looks}


def open_at(url: str, projections: 'Sequence[Projection]' = (), *, others: Others | None = None) -> Database:
    """Open the database that `write` and `read` lead to, with all that follows its log (`projections.ALL`)."""
    global _open
    close()
    _open = Database(url, projections, others=others)
    return _open


def close() -> None:
    """Close the database, if one is open."""
    global _open
    if _open:
        _open.close()
    _open = None


def _database() -> Database:
    if _open is None:
        raise NotSaved('The database is not open. Everything saved is safe; try again soon.')
    return _open


async def write(verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Perform a verb, wait until it is on disk, and return its receipt; raises what the verb raised.

    Raises `NotSaved` when the database could not take it.
    """
    answer = asyncio.get_running_loop().create_future()
    call = Write(verb, lambda tx: verb(tx, *args, **kwargs), None, answer, server_log.request_id.get())
    receipt: T = await _database().writer.write(call)
    return receipt


async def forget_old_versions() -> bool:
    """Remove old versions of rows from the log of SQLite, as after an erasure; returns False if it did not work now.

    PostgreSQL removes its log by itself.
    """
    return await _database().writer.empty_log()


async def write_batched(verb: Callable[[Transaction, list[Item]], list[T | DomainError]], item: Item) -> T:
    """Like `write`, for a verb that takes all items waiting at once and has an outcome for each."""
    answer = asyncio.get_running_loop().create_future()
    call = Write(verb, None, item, answer, server_log.request_id.get())
    receipt: T = await _database().writer.write(call)
    return receipt


def quick(work: Work) -> Work:
    """Mark a verb or a query that takes a millisecond at most: a few rows, found by their keys."""
    _quick.add(work)
    return work


async def read(query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a query on a snapshot of what is committed."""
    return await _database().read(query, lambda tx: query(tx, *args, **kwargs))


def is_stuck() -> bool:
    """Tell whether a write has been waiting for so long that something must be wrong."""
    return waiting_for() > STUCK_AFTER


def waiting_for() -> float:
    """Return for how many seconds the oldest write has been waiting."""
    return _open.writer.waiting_for() if _open else 0.0


async def answers() -> bool:
    """Tell whether the database answers."""
    if _open and _open.writer.has_moved():
        return False
    try:
        await read(lambda tx: tx.execute(text('SELECT 1')).scalar())
    except (Busy, NotSaved):
        return False
    return True


def engine() -> Engine:
    """Return the engine that migrations and back-ups use."""
    return _database().engines.writing
