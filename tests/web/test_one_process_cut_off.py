"""One of two processes is cut off from Redis and PostgreSQL, and frozen, and its clock is wrong: later both agree."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Verb
from services.access import Actor
from services.accounts import tokens
from services.core import database
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree
from tests.support.eventually import eventually, found_soon
from tests.support.proxy import Line, a_line
from tests.support.redis_server import RedisServer, redis_server
from tests.support.running import SECRET, Server
from tests.support.servers import PostgresServer
from tests.support.socket_listener import Listener
from tests.web.test_two_processes import done, shown, times_heard

pytestmark = [pytest.mark.req('O2', 'L4', 'L5')]
__all__ = ['redis_server']

SKEW = 150.0
"""seconds by which the clock of the second process is wrong"""


@dataclass(slots=True)
class Pair:
    """Two processes, of which the second reaches Redis and PostgreSQL through lines of its own, and a class."""

    first: Server
    second: Server
    to_redis: Line
    to_postgres: Line
    klass: ClassAtHand
    listeners: list[Listener] = field(default_factory=list)

    async def client(self, of: Actor, at: Server) -> Listener:
        entered = await database.write(tokens.enter, of.user_id, 'A tablet')
        listener = Listener(at.origin, entered.access_token)
        self.listeners.append(listener)
        await listener.connect()
        await listener.join(self.klass.course_id)
        return listener


@pytest.fixture
async def pair(
    tmp_path: Path,
    data_dir: Path,
    postgres_server: PostgresServer,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Pair]:
    monkeypatch.setenv('SECRET_KEY', SECRET)  # tokens are given in this process
    settings.cache_clear()
    name = postgres_server.create_database()
    shared = {'DATABASE_URL': postgres_server.url(name), 'DATA_DIR': str(tmp_path / 'data')}
    async with a_line(redis_server.port) as to_redis, a_line(postgres_server.port) as to_postgres:
        first = Server(tmp_path / '1', script='tests/web/unhurried_server.py', REDIS_URL=redis_server.url, **shared)
        far = {
            'REDIS_URL': f'redis://127.0.0.1:{to_redis.port}',
            'DATABASE_URL': postgres_server.url(name).replace(f':{postgres_server.port}/', f':{to_postgres.port}/'),
            'SKEW': str(SKEW),
        }
        second = Server(tmp_path / '2', script='tests/web/skewed_server.py', is_cold=True, **{**shared, **far})
        async with both_run(first, second), first.at_hand():
            klass = await a_class(checkpoints=9, learners=['Lena Low', 'Otto Old'])
            at_hand = Pair(first, second, to_redis, to_postgres, klass)
            yield at_hand
            for listener in at_hand.listeners:
                await listener.close()
    postgres_server.drop_database(name)


@asynccontextmanager
async def both_run(first: Server, second: Server) -> AsyncIterator[None]:
    try:
        first.launch()
        await asyncio.to_thread(second.start)
        await asyncio.to_thread(first.wait_until_healthy)
        yield
    finally:
        await asyncio.to_thread(first.stop)
        await asyncio.to_thread(second.stop)


async def test_a_process_that_was_cut_off_or_frozen_shows_what_all_others_show(pair: Pair) -> None:
    """One pair for all of it, as each takes seconds to start."""
    here = await pair.client(pair.klass.teacher, pair.first)
    there = await pair.client(pair.klass.teacher, pair.second)
    lena = await pair.client(pair.klass.learners[0], pair.first)
    otto = await pair.client(pair.klass.learners[1], pair.second)
    steps = iter(pair.klass.checkpoints)

    async def both_tap() -> None:
        step = next(steps)
        receipts = await asyncio.gather(done(lena, step), done(otto, step))
        for teacher in here, there:
            await shown(teacher, max(receipts, key=lambda receipt: int(str(receipt['version']))))

    await both_tap()

    pair.to_redis.stall()
    await both_tap()
    await eventually(lambda: pair.second.journal('other processes not heard'))
    await both_tap()
    pair.to_redis.flow()
    await eventually(lambda: times_heard(pair.second) == 2)
    await both_tap()

    await pair.to_redis.cut()
    await both_tap()
    await pair.to_redis.mend()
    await eventually(lambda: times_heard(pair.second) == 3)

    await it_reaches_no_database_while_others_go_on(pair, lena, otto, (here, there), next(steps))
    await it_is_frozen_while_others_go_on(pair, lena, otto, there, next(steps))
    await both_tap()

    await found_soon(lambda: both_show_the_same(pair))  # a board that could not be loaded is tried again after a second
    assert await completions() == {(learner.user_id, 1): 8 for learner in pair.klass.learners}
    await assert_log_and_projections_agree()


async def it_reaches_no_database_while_others_go_on(
    pair: Pair, lena: Listener, otto: Listener, teachers: tuple[Listener, Listener], step: int
) -> None:
    """Who is in front of it is told that nothing was saved; the same tap is taken once, when it reaches it again."""
    tap = a_tap(step)
    await pair.to_postgres.cut()
    refused = await otto.call('checkpoint_completed', tap)
    assert not refused['ok'], refused
    await shown(teachers[0], await done(lena, step))
    await pair.to_postgres.mend()
    taken = await until_taken(otto, tap)
    for teacher in teachers:
        await shown(teacher, taken)


async def it_is_frozen_while_others_go_on(
    pair: Pair, lena: Listener, otto: Listener, there: Listener, step: int
) -> None:
    """What is asked of it meanwhile is done once, when it goes on; others may have to wait for its turn."""
    taps = a_tap(step), a_tap(step)
    pair.second.pause()
    asked = [asyncio.create_task(otto.call('checkpoint_completed', taps[0])) for _ in range(2)]
    await lena.call('checkpoint_completed', taps[1])
    pair.second.resume()
    await asyncio.gather(*asked)

    receipts = await asyncio.gather(until_taken(otto, taps[0]), until_taken(lena, taps[1]))
    await shown(there, max(receipts, key=lambda receipt: int(str(receipt['version']))))


def a_tap(step: int) -> dict[str, Any]:
    return {'checkpoint_id': step, 'tap_id': uuid4().hex}


async def until_taken(client: Listener, tap: dict[str, Any]) -> dict[str, Any]:
    """Send the same tap again until it is taken, as programs do; returns the receipt."""

    async def again() -> dict[str, Any]:
        receipt: dict[str, Any] = await client.call('checkpoint_completed', tap)
        return receipt if receipt['ok'] else {}

    return await found_soon(again)


async def fresh_marks(pair: Pair, at: Server) -> list[Any]:
    """Return how everybody stands for a teacher who looks for the first time."""
    teacher = await pair.client(pair.klass.teacher, at)
    snapshot = await teacher.next('snapshot')
    return [(learner['marks'], learner['percent']) for learner in snapshot['state']['learners']]


async def both_show_the_same(pair: Pair) -> bool:
    return await fresh_marks(pair, pair.first) == await fresh_marks(pair, pair.second)


async def completions() -> dict[tuple[int, int], int]:
    """Return how many checkpoints each learner has completed once, twice, and so on, as the log says."""
    query = select(col(Activity.user_id), func.count()).where(col(Activity.verb) == Verb.COMPLETED)
    query = query.group_by(col(Activity.user_id), col(Activity.checkpoint_id))
    return dict(Counter(await database.read(lambda tx: [tuple(row) for row in tx.execute(query)])))
