"""Two processes that write the same rows of PostgreSQL at once take turns: nobody is told that nothing was saved."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import Update, insert, select, update
from sqlmodel import col

from models import Throttle, table
from services import projections
from services.core import database
from services.core.database import Database
from services.core.performing import Write
from services.core.transaction import Transaction
from tests.factories.classes import a_class, assert_log_and_projections_agree
from tests.services.test_durability import logged, parse, ready_to_burst
from tests.support.servers import PostgresServer
from tests.support.templates import migrated_database

pytestmark = [pytest.mark.req('O2', 'L5')]

EACH = 100
"""people who write in each of both"""
TAPS = 200
"""receipts that are awaited from each process"""


@pytest.fixture
def address(postgres_server: PostgresServer) -> Iterator[str]:
    name = migrated_database(postgres_server)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


class Writer:
    """A database as one of two processes has it, in which people count up two rows in an order of its own."""

    def __init__(self, address: str, first: str, second: str) -> None:
        self._database = Database(f'{address}?application_name={first}')  # or both would have the same connection
        self._first, self._second = first, second
        self._is_inside = threading.Event()
        self.other = self

    async def write(self, number: int) -> int:
        return await self._written(self._count_up, number)

    async def connect(self) -> None:
        """Have a connection, so that both begin at once."""
        await self._written(lambda _, numbers: numbers, 0)

    async def _written(self, verb: Callable[[Transaction, list[int]], list[int]], number: int) -> int:
        answer = asyncio.get_running_loop().create_future()
        saved: int = await self._database.writer.write(Write(verb, None, number, answer, ''))
        return saved

    def _count_up(self, tx: Transaction, numbers: list[int]) -> list[int]:
        """Hold the first row until the other writer holds its own, or has had the time to; then take the second."""
        tx.execute(more(self._first, len(numbers)))
        self._is_inside.set()
        self.other._is_inside.wait(1)
        tx.execute(more(self._second, len(numbers)))
        self._is_inside.clear()
        return numbers

    def close(self) -> None:
        self._database.close()


async def test_two_hundred_people_who_hold_each_other_up_are_all_answered_that_it_is_saved(address: str) -> None:
    writers = here, there = Writer(address, 'one', 'two'), Writer(address, 'two', 'one')
    here.other, there.other = there, here
    database.open_at(address)
    await database.write(keep_both)
    await asyncio.gather(here.connect(), there.connect())
    everybody = [writer.write(number) for number in range(EACH) for writer in writers]

    answers = await asyncio.gather(*everybody, return_exceptions=True)

    counted = await database.read(lambda tx: list(tx.execute(select(col(Throttle.failures))).scalars()))
    for each in *writers, database:
        each.close()
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    assert counted == [2 * EACH, 2 * EACH]


def more(key: str, number: int) -> Update:
    return update(Throttle).where(col(Throttle.key) == key).values(failures=col(Throttle.failures) + number)


def keep_both(tx: Transaction) -> None:
    tx.execute(
        insert(table(Throttle)), [{'key': key, 'failures': 0, 'last_failure_at': tx.now} for key in ('one', 'two')]
    )


@pytest.mark.usefixtures('data_dir')
async def test_two_processes_that_take_the_taps_of_the_same_people_refuse_none(address: str, tmp_path: Path) -> None:
    database.open_at(address, projections.ALL)
    klass = await a_class(checkpoints=5, learners=[f'Learner {number}' for number in range(20)])

    with ExitStack() as stack:
        both = [stack.enter_context(ready_to_burst(address, klass)) for _ in range(2)]
        pids = [begin(children, f'process{number}') for number, children in enumerate(both)]
        acknowledged = [await asyncio.to_thread(receipts, children) for children in both]
        for pid in pids:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(pid, signal.SIGKILL)

    for number, lines in enumerate(acknowledged):
        assert len(lines) == TAPS, 'a process whose tap is refused ends before'
        assert {parse(line) for line in lines} <= await database.read(logged, f'process{number}-')
    await assert_log_and_projections_agree()
    database.close()


def begin(children: 'Popen[bytes]', prefix: str) -> int:
    """Let a process of its own take taps from now on; returns its number."""
    assert children.stdin
    assert children.stdout
    children.stdin.write(f'{prefix}\n'.encode())
    children.stdin.flush()
    return int(children.stdout.readline())


def receipts(children: 'Popen[bytes]') -> list[bytes]:
    """Return the first receipts, or fewer where the process has ended before."""
    assert children.stdout
    return [line for _, line in zip(range(TAPS), iter(children.stdout.readline, b'dead\n'), strict=False)]
