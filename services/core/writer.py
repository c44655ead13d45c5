"""The one writer of a database: all that waits goes into one commit, each in its own savepoint, or a verb's together.

Each caller is answered after the commit, and what was committed is published to the hub. What is marked as `quick` is
performed at once on the event loop, on SQLite: handing it to a thread and back costs more than the work itself. The
disk is always waited for in a thread.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from services.core import hub, metrics, performing, server_log
from services.core.engines import MOVED, Engines, empty_log, why_not_saved
from services.core.errors import Busy, NotSaved
from services.core.events import Event
from services.core.looks import record_all as record_looks
from services.core.own_thread import OwnThread
from services.core.performing import Performed, Write
from services.core.transaction import Note
from services.core.writes_in_line import WritesInLine

if TYPE_CHECKING:
    from services.core.projection import Projection

T = TypeVar('T')

MOST_WAITING = 10_000
"""Writes in line: seconds of work. Where the writer stands still, more of them would only fill the memory."""
OTHERS_AT_LEAST, OTHERS_AT_MOST = 0.002, 0.01
"""seconds in one commit for writes that are not quick, once a tap waits: as long as the last quick ones took, so that
each has its half. Those that find no time wait for the next commit."""
LINES_AT_ONCE = 100
"""lines for the server log; a change of a course for thousands writes one for each, while others tap"""
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


class Writer:
    """What waits to be written, and the thread that waits for the disk."""

    def __init__(
        self,
        engines: Engines,
        projections: 'Sequence[Projection]',
        *,
        file: Path | None,
        is_quick: Callable[[Callable[..., object]], bool],
        others: Others | None,
    ) -> None:
        self.others = others
        self._engines = engines
        self._projections = projections
        self._is_quick = is_quick
        self._file = file
        self._home = _identity(file)
        self._waiting = WritesInLine(lambda write: is_quick(write.verb))
        self._writing: asyncio.Task[None] | None = None
        self._paced_at = 0.0
        """when the last commit of quick writes was begun"""
        self._quick_took = 0.0
        """seconds that it took"""
        self._company = 0
        """how many quick writes shared the last commits; halved with each commit that has fewer"""
        self._kept: Connection | None = None
        """the connection on which quick batches are performed"""
        self._oldest: float | None = None
        """when the oldest of the writes that are being performed came"""
        self._untold: deque[Note] = deque()
        self._telling: asyncio.Handle | None = None
        self._thread = OwnThread('writer')

    def close(self) -> None:
        """Finish what is waiting."""
        self._thread.close()
        while self._waiting:
            batch = self._waiting.take()
            self._conclude(batch, _attempt(partial(self._save, batch)))
        self._tell(len(self._untold))
        if self._kept is not None:
            self._kept.close()

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

    async def empty_log(self) -> bool:
        """Let SQLite forget old versions of rows; returns False where somebody reads them yet."""
        return self._file is None or bool(await self._thread.run(partial(empty_log, self._file)))

    def has_moved(self) -> bool:
        """Tell whether the file of the database is not where it was when it was opened."""
        return self._home is not None and _identity(self._file) != self._home

    async def _keep_writing(self) -> None:
        while self._waiting:
            if self._company >= COMPANY and self._waiting.quick_are_next():
                await asyncio.sleep(self._paced_at + PACE - time.monotonic())
            if not self._waiting:
                return  # the database was closed meanwhile
            began = time.monotonic()
            batch = self._waiting.take()
            is_quick = self._is_quick(batch[0].verb)
            self._oldest = batch[0].since
            if is_quick:
                self._paced_at = began
                self._company = max(len(batch), self._company // 2)
            performed = self._perform_at_once(batch) if is_quick else None
            work = partial(self._save, batch) if performed is None else partial(self._commit, performed)
            done = self._conclude(batch, await self._thread.run(partial(_attempt, work)))
            took = time.monotonic() - began
            if is_quick:
                self._quick_took = took
            metrics.committed(took, done)
            self._oldest = None
            if self._telling is None:
                self._go_on_telling()

    def _perform_at_once(self, batch: list[Write]) -> Performed | None:
        """Perform a batch on the loop; None if it must be done in the thread, as when another process is writing."""
        if self._engines.at_once is None:
            return None
        try:
            if self._kept is None or self._kept.closed:
                self._kept = self._engines.at_once.connect()
            return performing.perform(self._kept, batch, self._projections)
        except (SQLAlchemyError, OSError):
            return None

    def _save(self, batch: list[Write]) -> Performed:
        connection = self._engines.writing.connect()
        is_over = None if self._is_quick(batch[0].verb) else self._time_for_others()
        return self._commit(performing.perform(connection, batch, self._projections, is_over))

    def _time_for_others(self) -> Callable[[], bool]:
        """Return what tells whether writes that are not quick have had their time while a quick one waits."""
        until = time.monotonic() + min(OTHERS_AT_MOST, max(OTHERS_AT_LEAST, self._quick_took))
        return lambda: self._waiting.quick_wait and time.monotonic() > until

    def _commit(self, performed: Performed) -> Performed:
        connection = performed.connection
        try:
            if self.has_moved():
                raise OSError(MOVED)  # what is written into it now, nobody would find again
            if self.others and performed.tx.announcements:
                performed.number = self.others.number(connection)
            connection.commit()
        except BaseException:
            connection.close()  # which takes everything back
            raise
        if connection is not self._kept:
            connection.close()
        return performed

    def _conclude(self, batch: list[Write], result: Performed | Exception) -> int:
        """Publish and answer together: when a caller is answered, the boards have moved already.

        Returns how many of the writes that was; the others found no time, and are first in their line again.
        """
        if isinstance(result, Exception):
            server_log.write_problem('not saved', result, writes=len(batch))
            _answer(batch, [NotSaved(why_not_saved(result)) for _ in batch])
            return len(batch)
        done = len(result.outcomes)
        self._waiting.put_back(batch[done:])
        self._untold.extend(result.tx.notes)
        answer = partial(_answer, batch[:done], result.outcomes)
        if self.others and result.number is not None:
            self.others.committed(result.number, result.tx.announcements, answer)
        else:
            hub.publish(result.tx.announcements)
            answer()
        return done

    def _go_on_telling(self) -> None:
        """Write some of the lines that wait; the others once the loop has looked after everybody else."""
        self._tell(LINES_AT_ONCE)
        self._telling = asyncio.get_running_loop().call_soon(self._go_on_telling) if self._untold else None

    def _tell(self, most: int) -> None:
        for _ in range(min(most, len(self._untold))):
            note = self._untold.popleft()
            server_log.write(note.event, request=note.request, **note.facts)


def _answer(batch: list[Write], outcomes: Sequence[object]) -> None:
    now = time.monotonic()
    for write, outcome in zip(batch, outcomes, strict=True):
        metrics.written(now - write.since, in_batch=write.is_batched and write.verb is not record_looks)
        if write.answer.cancelled():
            continue
        if isinstance(outcome, Exception):
            write.answer.set_exception(outcome)
        else:
            write.answer.set_result(outcome)


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
