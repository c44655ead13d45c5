"""PostgreSQL ends under load and comes back: what was receipted is there, nothing is double, and people go on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from bench.student import Student
from models import Activity, Verb
from services.accounts import tokens
from services.core import database
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree
from tests.support.eventually import eventually, found_soon
from tests.support.redis_server import RedisServer, redis_server
from tests.support.running import SECRET, Server, a_pair
from tests.support.servers import PostgresServer, postgres_to_stop
from tests.support.socket_listener import Listener

pytestmark = [pytest.mark.req('O2', 'L5')]
__all__ = ['postgres_to_stop', 'redis_server']

CHECKPOINTS = 250
"""more than anybody does while the database is stopped twice"""


@dataclass(slots=True)
class Tapping:
    """A program of one learner that completes checkpoint after checkpoint, each until it has a receipt."""

    listener: Listener
    checkpoints: tuple[int, ...]
    receipted: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    async def tap_until(self, is_over: Callable[[], bool]) -> None:
        for checkpoint in self.checkpoints:
            if is_over():
                return
            await found_soon(partial(self._is_taken, {'checkpoint_id': checkpoint, 'tap_id': uuid4().hex}))

    async def _is_taken(self, tap: dict[str, object]) -> bool:
        answer = await self.listener.call('checkpoint_completed', tap)
        if answer['ok']:
            self.receipted.append(str(tap['tap_id']))
        else:
            self.refused[answer['detail']] += 1
        return bool(answer['ok'])


@asynccontextmanager
async def tapping(klass: ClassAtHand, servers: tuple[Server, Server]) -> AsyncIterator[list[Tapping]]:
    """Let everybody tap, half of them at each process, until the block ends."""
    everybody: list[Tapping] = []
    for number, learner in enumerate(klass.learners):
        entered = await database.write(tokens.enter, learner.user_id, 'A tablet')
        listener = Listener(servers[number % 2].origin, entered.access_token)
        await listener.connect()
        await listener.join(klass.course_id)
        everybody.append(Tapping(listener, klass.checkpoints))
    is_over = False
    async with asyncio.TaskGroup() as taps:
        for each in everybody:
            taps.create_task(each.tap_until(lambda: is_over))
        yield everybody
        is_over = True
    for each in everybody:
        await each.listener.close()


async def test_postgresql_ends_under_load_and_comes_back(
    tmp_path: Path,
    data_dir: Path,
    postgres_to_stop: PostgresServer,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv('SECRET_KEY', SECRET)  # tokens are given in this process
    settings.cache_clear()
    address = postgres_to_stop.url(postgres_to_stop.create_database())
    as_fast_as_they_can = {'API_REQUESTS_PER_SECOND': '100000'}
    with a_pair(tmp_path, address, redis_server.url, **as_fast_as_they_can) as servers:
        async with servers[0].at_hand():
            klass = await a_class(checkpoints=CHECKPOINTS, learners=['Lena Low', 'Otto Old', 'Mia Mid', 'Ana Ash'])
            lena = await a_page(servers[1], klass)
            async with tapping(klass, servers) as everybody:
                for mode in 'fast', 'immediate':
                    await some_more(everybody)
                    await asyncio.to_thread(postgres_to_stop.stop, mode)
                    await a_tap_is_not_saved(lena)
                    await eventually(lambda: all(each.refused for each in everybody))
                    await asyncio.to_thread(postgres_to_stop.start)
                    await the_page_goes_on(lena)
            await lena.close()
            await what_was_receipted_is_there_once(everybody)
            await assert_log_and_projections_agree()
            assert all(server.is_running for server in servers)
            assert {reason[:9] for each in everybody for reason in each.refused} == {'Not saved'}


async def some_more(everybody: list[Tapping]) -> None:
    """Wait until everybody has some more receipts than now."""
    before = [len(each.receipted) for each in everybody]
    await eventually(lambda: all(len(e.receipted) > was + 5 for e, was in zip(everybody, before, strict=True)))


async def a_page(server: Server, klass: ClassAtHand) -> Student:
    lena = Student('Petra Page', server.origin)
    await lena.join(klass.code)
    await lena.load()
    await lena.connect()
    await eventually(lambda: lena.ready)
    return lena


async def a_tap_is_not_saved(lena: Student) -> None:
    tap = await lena.tap()
    await eventually(lambda: 'Not saved' in shown(lena))
    assert not tap.answered


async def the_page_goes_on(lena: Student) -> None:
    """The page was not loaded anew; it takes the same tap again, and the sentence goes."""
    tap = await lena.tap()
    await eventually(lambda: tap.answered)
    await eventually(lambda: lena.ready and 'Not saved' not in shown(lena))


def shown(lena: Student) -> str:
    elements = lena.page.elements.values()
    return ' '.join(f'{each.get("text", "")} {each.get("props", {}).get("innerHTML", "")}' for each in elements)


async def what_was_receipted_is_there_once(everybody: list[Tapping]) -> None:
    query = select(col(Activity.tap_id)).where(col(Activity.verb) == Verb.COMPLETED)
    logged = Counter(await database.read(lambda tx: tx.execute(query).scalars().all()))
    assert {tap for each in everybody for tap in each.receipted if logged[tap] != 1} == set()
    assert max(logged.values()) == 1
