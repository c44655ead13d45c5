"""The only doors to the database: `write` and `read`, awaited from pages and programs alike.

All waiting writes go into one commit, each in its own savepoint; each caller is answered after the commit, and
what was committed is published to the hub. Reads run beside it, each on a snapshot of its own. Inside, services
are plain functions of a transaction.

Work is done in threads, but for what is marked as `quick`: on SQLite that is done at once on the event loop,
because handing it to a thread and back costs more than the work itself. The disk is always waited for in a thread.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from services.core import clock, hub, metrics, one_process, performing, server_log
from services.core.engines import MOVED, Engines, empty_log, open_engines, why_not_saved
from services.core.errors import Busy, DomainError, NotFound, NotSaved
from services.core.events import Event
from services.core.looks import Looked
from services.core.looks import record_all as record_looks
from services.core.own_thread import OwnThread
from services.core.performing import NO_SUCH_NUMBER, Performed, Write
from services.core.threads import Line
from services.core.transaction import Note, Transaction
from services.core.writes_in_line import WritesInLine

if TYPE_CHECKING:
    from services.core.projection import Projection

P = ParamSpec('P')
T = TypeVar('T')
Item = TypeVar('Item')
Work = TypeVar('Work', bound=Callable[..., object])

MOST_WAITING = 10_000
"""Writes in line: seconds of work. Where the writer stands still, more of them would only fill the memory."""
MOST_READING = 5_000
"""Reads in line: about as many seconds of work."""
OTHERS_AT_LEAST, OTHERS_AT_MOST = 0.002, 0.01
"""seconds in one commit for writes that are not quick, once a tap waits: as long as the last quick ones took, so that
each has its half. Those that find no time wait for the next commit."""
LINES_AT_ONCE = 100
"""lines for the server log; a change of a course for thousands writes one for each, while others tap"""
READERS = 4
STUCK_AFTER = 15.0
"""seconds; a write waits five for another process that holds the database"""
PACE = 0.01
"""Seconds from one commit to the next while many write, so that a busy class shares commits."""
COMPANY = 8
"""Quick writes in one of the last commits from which on the next one waits for company. With fewer, nobody waits: what
comes while a commit is on its way to the disk shares the next one by itself."""


class Others(Protocol):
    """The other processes that show what is in this database."""

    def number(self, connection: Connection) -> int:
        """Return the number of a commit that has something to tell."""

    def committed(self, number: int, events: Sequence[Event], then: Callable[[], None]) -> None:
        """Publish what was committed when its turn has come, then call `then`."""


class Database:
    """One open database with its one writer and its pool of readers."""

    def __init__(self, url: str, projections: 'Sequence[Projection]' = (), *, others: Others | None = None) -> None:
        self.engines: Engines = open_engines(url, readers=READERS + 1)
        self.projections = projections
        self.others = others
        self._file = one_process.file_of(url)
        self._home = _identity(self._file)
        self._waiting = WritesInLine(lambda write: write.verb in _quick)
        self._writing: asyncio.Task[None] | None = None
        self._paced_at = 0.0
        """when the last commit of quick writes was begun"""
        self._quick_took = 0.0
        self._company = 0
        """how many quick writes shared the last commits; halved with each commit that has fewer"""
        self._kept: Connection | None = None
        """the connection on which quick batches are performed"""
        self._oldest: float | None = None
        """when the oldest of the writes that are being performed came"""
        self._untold: deque[Note] = deque()
        self._telling: asyncio.Handle | None = None
        self._writer = OwnThread('writer')
        self._readers = Line('reader', threads=READERS, most_waiting=MOST_READING, busy_for=5)

    def close(self) -> None:
        """Finish what is waiting and let go of the database."""
        self._writer.close()
        while self._waiting:
            batch = self._waiting.take()
            self._conclude(batch, _attempt(partial(self._save, batch)))
        self._tell(len(self._untold))
        self._readers.close()
        if self._kept is not None:
            self._kept.close()
        self.engines.dispose()

    async def write(self, call: Write) -> Any:
        """Put a write in line and wait for its commit; raises `Busy` where the line is too long."""
        if len(self._waiting) >= MOST_WAITING:
            raise Busy(seconds=max(1, round(self.waiting_for())))
        self._waiting.add(call)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._keep_writing())
        return await call.answer

    def waiting_for(self) -> float:
        """Return for how many seconds the oldest write has been waiting."""
        since = self._oldest or self._waiting.oldest()
        return 0.0 if since is None else time.monotonic() - since

    async def read(self, query: Callable[..., object], work: Callable[[Transaction], T]) -> T:
        """Run a query on a snapshot of what is committed; raises `Busy` where too many wait for theirs."""
        request_id = server_log.request_id.get()
        if query in _quick and self.engines.at_once:
            found, seen = self._read(work, request_id)
        else:
            found, seen = await self._readers.run(self._read, work, request_id)
        if seen:  # on the disk before anybody is shown what was found
            answer = asyncio.get_running_loop().create_future()
            await self.write(Write(record_looks, None, seen, answer, request_id))
        return found

    def _read(self, work: Callable[[Transaction], T], request_id: str) -> tuple[T, list[Looked]]:
        try:
            with self.engines.reading.connect() as connection, connection.begin():
                tx = Transaction(connection, clock.now(), request_id=request_id, projections=self.projections)
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

    async def empty_log(self) -> bool:
        """Let SQLite forget old versions of rows; returns False where somebody reads them yet."""
        return self._file is None or bool(await self._writer.run(partial(empty_log, self._file)))

    async def _keep_writing(self) -> None:
        while self._waiting:
            if self._company >= COMPANY and self._waiting.quick_are_next():
                await asyncio.sleep(self._paced_at + PACE - time.monotonic())
            if not self._waiting:
                return  # the database was closed meanwhile
            began = time.monotonic()
            batch = self._waiting.take()
            self._oldest = batch[0].since
            if batch[0].verb in _quick:
                self._paced_at = began
                self._company = max(len(batch), self._company // 2)
            performed = self._perform_at_once(batch)
            work = partial(self._save, batch) if performed is None else partial(self._commit, performed)
            done = self._conclude(batch, await self._writer.run(partial(_attempt, work)))
            took = time.monotonic() - began
            if batch[0].verb in _quick:
                self._quick_took = took
            metrics.committed(took, done)
            self._oldest = None
            if self._telling is None:
                self._go_on_telling()

    def _perform_at_once(self, batch: list[Write]) -> Performed | None:
        """Perform a batch that is quick; None if it must be done in a thread, as when another process is writing."""
        if self.engines.at_once is None or batch[0].verb not in _quick:
            return None
        try:
            if self._kept is None or self._kept.closed:
                self._kept = self.engines.at_once.connect()
            return performing.perform(self._kept, batch, self.projections)
        except (SQLAlchemyError, OSError):
            return None

    def _save(self, batch: list[Write]) -> Performed:
        connection = self.engines.writing.connect()
        until = time.monotonic() + min(OTHERS_AT_MOST, max(OTHERS_AT_LEAST, self._quick_took))

        def is_over() -> bool:
            return self._waiting.quick_wait and time.monotonic() > until

        shares = None if batch[0].verb in _quick else is_over
        return self._commit(performing.perform(connection, batch, self.projections, shares))

    def _number(self, performed: Performed) -> None:
        if self.others and performed.tx.announcements:
            performed.number = self.others.number(performed.connection)

    def _commit(self, performed: Performed) -> Performed:
        connection = performed.connection
        try:
            if self.has_moved():
                raise OSError(MOVED)  # what is written into it now, nobody would find again
            self._number(performed)
            connection.commit()
        except BaseException:
            connection.close()  # which takes everything back
            raise
        if connection is not self._kept:
            connection.close()
        return performed

    def has_moved(self) -> bool:
        """Tell whether the file of the database is not where it was when it was opened."""
        return self._home is not None and _identity(self._file) != self._home

    def _conclude(self, batch: list[Write], result: Performed | Exception) -> int:
        """Publish and answer together: when a caller is answered, the boards have moved already.

        Returns how many of the writes that was; the others found no time, and are first in their line again.
        """
        if isinstance(result, Exception):
            server_log.write_problem('not saved', result, writes=len(batch))
            self._answer(batch, [NotSaved(why_not_saved(result)) for _ in batch])
            return len(batch)
        done = len(result.outcomes)
        self._waiting.put_back(batch[done:])
        self._untold.extend(result.tx.notes)
        answer = partial(self._answer, batch[:done], result.outcomes)
        if self.others and result.number is not None:
            self.others.committed(result.number, result.tx.announcements, answer)
        else:
            hub.publish(result.tx.announcements)
            answer()
        return done

    def _answer(self, batch: list[Write], outcomes: Sequence[object]) -> None:
        now = time.monotonic()
        for write, outcome in zip(batch, outcomes, strict=True):
            metrics.written(now - write.since, in_batch=write.is_batched and write.verb is not record_looks)
            if write.answer.cancelled():
                continue
            if isinstance(outcome, Exception):
                write.answer.set_exception(outcome)
            else:
                write.answer.set_result(outcome)

    def _go_on_telling(self) -> None:
        """Write some of the lines that wait; the others once the loop has looked after everybody else."""
        self._tell(LINES_AT_ONCE)
        self._telling = asyncio.get_running_loop().call_soon(self._go_on_telling) if self._untold else None

    def _tell(self, most: int) -> None:
        for _ in range(min(most, len(self._untold))):
            note = self._untold.popleft()
            server_log.write(note.event, request=note.request, **note.facts)


def _attempt(work: Callable[[], T]) -> T | Exception:
    """Return what the work returns, or why nothing was saved: a caller waits for an answer to each write."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was saved, and that must be said
        return error


def _identity(file: Path | None) -> tuple[int, int] | None:
    """Return what tells one file from another of the same name; None if there is none."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


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
    receipt: T = await _database().write(call)
    return receipt


async def forget_old_versions() -> bool:
    """Remove old versions of rows from the log of SQLite, as after an erasure; returns False if it did not work now.

    PostgreSQL removes its log by itself.
    """
    return await _database().empty_log()


async def write_batched(verb: Callable[[Transaction, list[Item]], list[T | DomainError]], item: Item) -> T:
    """Like `write`, for a verb that takes all items waiting at once and has an outcome for each."""
    answer = asyncio.get_running_loop().create_future()
    call = Write(verb, None, item, answer, server_log.request_id.get())
    receipt: T = await _database().write(call)
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
    return _open.waiting_for() if _open else 0.0


async def answers() -> bool:
    """Tell whether the database answers."""
    if _open and _open.has_moved():
        return False
    try:
        await read(lambda tx: tx.execute(text('SELECT 1')).scalar())
    except (Busy, NotSaved):
        return False
    return True


def engine() -> Engine:
    """Return the engine that migrations and back-ups use."""
    return _database().engines.writing
