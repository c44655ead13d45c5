"""Doing all writes that wait in one transaction: each in its own savepoint, or together where they are of one verb."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, InterfaceError, OperationalError

from services.core import clock, server_log
from services.core.errors import DomainError, NotFound
from services.core.transaction import Transaction

if TYPE_CHECKING:
    from services.core.projection import Projection


NO_SUCH_NUMBER = (OverflowError, DataError)
"""What the databases raise for an id that is larger than any they could have given."""


@dataclass(slots=True)
class Write:
    """One write in line: a verb with its arguments, or one item of those that a verb takes together."""

    verb: Callable[..., object]
    arguments: Callable[[Transaction], object] | None
    item: object
    answer: asyncio.Future[Any]  # what the verb returns; `write` knows
    request_id: str
    since: float = field(default_factory=time.monotonic)

    @property
    def is_batched(self) -> bool:
        """Whether its verb takes all items waiting at once."""
        return self.arguments is None


@dataclass(slots=True)
class Performed:
    """A batch of writes that only has to be committed."""

    connection: Connection
    tx: Transaction
    outcomes: list[object]
    number: int | None = None
    """of its commit, where several processes tell each other and it has something to tell"""


def perform(
    connection: Connection,
    batch: list[Write],
    projections: 'Sequence[Projection]',
    is_over: Callable[[], bool] | None = None,
) -> Performed:
    """Begin a transaction and do everything in it but the commit; what goes wrong closes the connection.

    Once it `is_over`, nothing more is begun: there are as many outcomes as writes were done.
    """
    runs = [list(run) for _, run in itertools.groupby(batch, key=lambda write: write.verb)]
    try:
        if len(runs) == 1 and batch[0].is_batched:
            with suppress(_OneFailed):
                return _perform_in(connection, projections, lambda tx: _together(tx, batch))
        return _perform_in(connection, projections, lambda tx: _in_turn(tx, runs, is_over))
    except BaseException:
        connection.close()  # which takes everything back
        raise


def _perform_in(
    connection: Connection, projections: 'Sequence[Projection]', work: Callable[[Transaction], list[object]]
) -> Performed:
    beginning = connection.begin()
    tx = Transaction(connection, clock.now(), projections=projections)
    try:
        return Performed(connection, tx, work(tx))
    except BaseException:
        beginning.rollback()
        raise


class _OneFailed(Exception):
    """Something in a batch that was done without savepoints did not work."""


def _together(tx: Transaction, batch: list[Write]) -> list[object]:
    """Perform a batch of the same verb without a savepoint, which is not needed when nothing else is in the commit."""
    try:
        outcomes = batch[0].verb(tx, [write.item for write in batch])
        tx.finish()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        raise _OneFailed from error
    assert isinstance(outcomes, list)
    return outcomes


def _in_turn(tx: Transaction, runs: list[list[Write]], is_over: Callable[[], bool] | None) -> list[object]:
    """Perform writes in savepoints of their own, as many as find time, but one at least."""
    outcomes = list[object]()
    for run in runs:
        for part in [run] if run[0].is_batched else ([write] for write in run):
            if outcomes and is_over and is_over():
                return outcomes
            outcomes += _perform_run(tx, part)
    return outcomes


def _perform_run(tx: Transaction, run: list[Write]) -> list[object]:
    """Perform successive writes with the same verb: together if it takes batches, else one by one."""
    verb = run[0].verb
    if not run[0].is_batched:
        return [_perform_one(tx, write.arguments, write.request_id) for write in run if write.arguments]
    together = _perform_one(tx, lambda tx: verb(tx, [write.item for write in run]))
    if isinstance(together, list):
        return together
    if len(run) == 1:
        return [together]
    # one of them broke the batch; the others must not suffer for it
    return [outcome for write in run for outcome in _perform_run(tx, [write])]


def _perform_one(tx: Transaction, work: Callable[[Transaction], object], request_id: str = '') -> object:
    """Do one piece of work in a savepoint; what goes wrong inside is its outcome, and leaves no trace."""
    announced, noted = len(tx.announcements), len(tx.notes)
    tx.request_id = request_id
    try:
        with tx.connection.begin_nested():
            outcome = work(tx)
            tx.finish()
            return outcome
    except (OperationalError, InterfaceError):
        raise  # the database itself is in trouble, so nothing in this commit can be promised
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this caller alone
        tx.forget()
        tx.looks.clear()
        del tx.announcements[announced:], tx.notes[noted:]
        if isinstance(error, NO_SUCH_NUMBER):
            return NotFound('There is nothing here.')
        if not isinstance(error, DomainError):
            server_log.write_problem('verb failed', error)
        return error
