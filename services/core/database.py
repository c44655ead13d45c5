"""The only doors to the database: `write` and `read`, awaited from pages and programs alike.

One writer thread puts all waiting writes into one commit, each in its own savepoint, and answers each
caller after the commit; what was committed is then published to the hub. Reads run beside it in a small
pool, each on a snapshot of its own. Inside, services are plain functions of a transaction.
"""

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple, overload

from sqlalchemy import CursorResult, Engine, Executable, Result, text
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlmodel import Session

from services.core import clock, hub, journal
from services.core.engines import Engines, open_engines, why_not_saved
from services.core.errors import DomainError, NotFound, NotSaved
from services.core.events import Event

P = ParamSpec('P')
T = TypeVar('T')
Ts = TypeVarTuple('Ts')
Item = TypeVar('Item')
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]

MOST_IN_ONE_COMMIT = 500
READERS = 4


@dataclass(frozen=True, slots=True)
class Note:
    """One line for the journal, written once its transaction is committed."""

    event: str
    request: str
    facts: dict[str, object]


@dataclass(slots=True)
class Transaction:
    """What a service verb works in: a session, one moment, and what to tell the world after the commit."""

    session: Session
    now: datetime
    request_id: str = ''
    request_ids: dict[int, str] = field(default_factory=dict)
    """by user, where one verb serves many requests"""
    announcements: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @overload
    def execute(self, statement: TypedReturnsRows[*Ts], values: Values | None = None) -> Result[*Ts]: ...

    @overload
    def execute(self, statement: Executable, values: Values | None = None) -> Result[*tuple[Any, ...]]: ...

    def execute(self, statement: Executable, values: Values | None = None) -> Result[*tuple[Any, ...]]:
        """Run a statement through the session, which knows the models."""
        return self.session.execute(statement, values)

    def run(self, statement: Executable, values: Values | None = None) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement on bare tables past the session: for the path of a tap."""
        return self.session.connection().execute(statement, values)

    def change(self, statement: Executable) -> int:
        """Run a changing statement and return how many rows it changed."""
        result = self.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    def announce(self, *events: Event) -> None:
        """Tell watchers about this once it is committed."""
        self.announcements.extend(events)

    def note(self, event: str, *, request: str = '', **facts: object) -> None:
        """Write a line to the journal once this is committed."""
        self.notes.append(Note(event, request or self.request_id, facts))


@dataclass(slots=True)
class _Write:
    verb: Callable[..., object]
    arguments: Callable[[Transaction], object] | None
    item: object
    answer: asyncio.Future[Any]  # what the verb returns; `write` knows
    request_id: str


class Database:
    """One open database with its writer thread and its pool of readers."""

    def __init__(self, url: str) -> None:
        self.engines: Engines = open_engines(url, readers=READERS)
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix='reader')
        self._writer = threading.Thread(target=self._keep_writing, name='writer', daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Finish what is waiting and let go of the database."""
        self._waiting.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engines.dispose()

    async def write(self, call: _Write) -> Any:
        """Put a write in line and wait for its commit."""
        self._waiting.put(call)
        return await call.answer

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run a query in the pool of readers."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[Transaction], T]) -> T:
        try:
            with Session(self.engines.reading) as session, session.begin():
                return work(Transaction(session, clock.now()))
        except _NO_SUCH_NUMBER as error:
            raise NotFound('There is nothing here.') from error
        except SQLAlchemyError as error:
            journal.write_problem('read failed', error)
            raise NotSaved('The database does not answer at the moment. Try again soon.') from error

    def _keep_writing(self) -> None:
        while batch := self._take():
            try:
                outcomes, tx = self._commit(batch)
            except (SQLAlchemyError, OSError) as error:
                journal.write_problem('not saved', error, writes=len(batch))
                _answer(batch, [NotSaved(why_not_saved(error)) for _ in batch], [])
            else:
                _answer(batch, outcomes, tx.announcements)
                for note in tx.notes:
                    journal.write(note.event, request=note.request, **note.facts)

    def _take(self) -> list[_Write]:
        first = self._waiting.get()
        batch = [] if first is None else [first]
        while batch and len(batch) < MOST_IN_ONE_COMMIT:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                self._waiting.put(None)
                break
            batch.append(following)
        return batch

    def _commit(self, batch: list[_Write]) -> tuple[list[object], Transaction]:
        outcomes: list[object] = []
        with Session(self.engines.writing, expire_on_commit=False) as session:
            tx = Transaction(session, clock.now())
            with session.begin():
                session.connection()
                for verb, run in itertools.groupby(batch, key=lambda write: write.verb):
                    outcomes += _perform_run(tx, verb, list(run))
        return outcomes, tx


def _perform_run(tx: Transaction, verb: Callable[..., object], run: list[_Write]) -> list[object]:
    """Perform successive writes with the same verb: together if it takes batches, else one by one."""
    if verb not in _batched:
        return [_perform(tx, write.arguments, write.request_id) for write in run if write.arguments]
    together = _perform(tx, lambda tx: verb(tx, [write.item for write in run]))
    if isinstance(together, list):
        return together
    if len(run) == 1:
        return [together]
    # one of them broke the batch; the others must not suffer for it
    return list(itertools.chain.from_iterable(_perform_run(tx, verb, [write]) for write in run))


def _perform(tx: Transaction, work: Callable[[Transaction], object], request_id: str = '') -> object:
    """Do one piece of work in a savepoint; what goes wrong inside is its outcome, and leaves no trace."""
    announced, noted = len(tx.announcements), len(tx.notes)
    tx.request_id = request_id
    try:
        with tx.session.begin_nested():
            outcome = work(tx)
            tx.session.flush()
            return outcome
    except (OperationalError, InterfaceError):
        raise  # the database itself is in trouble, so nothing in this commit can be promised
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this caller alone
        del tx.announcements[announced:], tx.notes[noted:]
        if isinstance(error, _NO_SUCH_NUMBER):
            return NotFound('There is nothing here.')
        if not isinstance(error, DomainError):
            journal.write_problem('verb failed', error)
        return error


def _answer(batch: list[_Write], outcomes: list[object], announcements: list[Event]) -> None:
    """Publish and answer on the event loop, in one go: whoever is answered finds the boards moved already."""

    def deliver() -> None:
        hub.publish(announcements)
        for write, outcome in zip(batch, outcomes, strict=True):
            if write.answer.cancelled():
                continue
            if isinstance(outcome, Exception):
                write.answer.set_exception(outcome)
            else:
                write.answer.set_result(outcome)

    loop = batch[0].answer.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(deliver)


_NO_SUCH_NUMBER = (OverflowError, DataError)
"""What the databases raise for an id that is larger than any they could have given."""

_open: Database | None = None
_batched: set[Callable[..., object]] = set()


def open_at(url: str) -> Database:
    """Open the database that `write` and `read` lead to."""
    global _open
    close()
    _open = Database(url)
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
    call = _Write(verb, lambda tx: verb(tx, *args, **kwargs), None, answer, journal.request_id.get())
    receipt: T = await _database().write(call)
    return receipt


async def write_batched(verb: Callable[[Transaction, list[Item]], list[T | DomainError]], item: Item) -> T:
    """Like `write`, for a verb that takes all items waiting at once and has an outcome for each.

    Such a verb is marked with `batched`.
    """
    answer = asyncio.get_running_loop().create_future()
    call = _Write(verb, None, item, answer, journal.request_id.get())
    receipt: T = await _database().write(call)
    return receipt


def batched(verb: Callable[[Transaction, list[Item]], list[T]]) -> Callable[[Transaction, list[Item]], list[T]]:
    """Mark a verb that takes a list of items and returns an outcome, or an error, for each."""
    _batched.add(verb)
    return verb


async def read(query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a query on a snapshot of what is committed."""
    return await _database().read(lambda tx: query(tx, *args, **kwargs))


async def answers() -> bool:
    """Tell whether the database answers."""
    try:
        await read(lambda tx: tx.execute(text('SELECT 1')).scalar())
    except NotSaved:
        return False
    return True


def engine() -> Engine:
    """Return the engine that migrations and back-ups use."""
    return _database().engines.writing
