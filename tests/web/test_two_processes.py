"""One class whose people are spread over two processes, with PostgreSQL and Redis behind them."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import httpx
import pytest
import socketio  # type: ignore[import-untyped]
from sqlalchemy import Select, func, select
from sqlmodel import col

from models import Activity, Verb
from services.access import Actor
from services.accounts import tokens
from services.core import database
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree
from tests.support.eventually import eventually, found_soon
from tests.support.proxy import a_balancer
from tests.support.redis_server import RedisServer, redis_server
from tests.support.running import METRICS_TOKEN, SECRET, Server, a_pair
from tests.support.servers import PostgresServer
from tests.support.socket_listener import Listener

pytestmark = [pytest.mark.req('O2', 'L4')]
__all__ = ['redis_server']


@dataclass(slots=True)
class Two:
    """Two processes, and a class that runs."""

    first: Server
    second: Server
    klass: ClassAtHand
    listeners: list[Listener]

    async def client(self, of: Actor, at: Server | str) -> Listener:
        """Connect a client of somebody to one of them, or to what stands in front of both, and join the course."""
        entered = await database.write(tokens.enter, of.user_id, 'A tablet')
        listener = Listener(at if isinstance(at, str) else at.origin, entered.access_token)
        self.listeners.append(listener)
        await listener.connect()
        await listener.join(self.klass.course_id)
        return listener


@pytest.fixture(scope='module')
def pair(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, redis_server: RedisServer
) -> Iterator[tuple[Server, Server]]:
    name = postgres_server.create_database()
    with a_pair(tmp_path_factory.mktemp('pair'), postgres_server.url(name), redis_server.url) as pair:
        yield pair
    postgres_server.drop_database(name)


@pytest.fixture
async def two(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    first, second = pair
    if not first.is_running:
        first.start()
    monkeypatch.setenv('SECRET_KEY', SECRET)  # tokens are given in this process
    settings.cache_clear()
    async with first.at_hand():
        klass = await a_class(checkpoints=4, learners=['Lena Low', 'Otto Old', 'Mia Mid'])
        two = Two(first, second, klass, [])
        yield two
        for listener in two.listeners:
            await listener.close()
        await assert_log_and_projections_agree()
    settings.cache_clear()


async def test_a_tap_in_one_is_seen_in_the_other_and_so_is_who_is_here(two: Two) -> None:
    teacher = await two.client(two.klass.teacher, two.second)
    lena = await two.client(two.klass.learners[0], two.first)
    otto = await two.client(two.klass.learners[1], two.second)

    there = await done(lena, two.klass.checkpoints[0])
    await shown(teacher, there)
    here = await done(otto, two.klass.checkpoints[0])
    await shown(teacher, here)
    both = await teacher.until_it(
        lambda said, data: said == 'session_stats' and data['headcount']['here'] == 2,
        'that two are here, one of them in front of the other process',
    )

    assert here['version'] > there['version'], 'in the order of the log'
    assert both[-1][1]['version'] >= here['version']


async def test_nothing_is_lost_while_redis_is_away_and_boards_are_right_again(
    two: Two, redis_server: RedisServer
) -> None:
    teacher = await two.client(two.klass.teacher, two.second)
    lena = await two.client(two.klass.learners[0], two.first)
    await shown(teacher, await done(lena, two.klass.checkpoints[0]))

    before = {server: times_heard(server) for server in (two.first, two.second)}
    redis_server.stop()
    for checkpoint in two.klass.checkpoints[1:3]:
        await done(lena, checkpoint)
    await marks(teacher, ['done', 'done', 'done', 'not_yet'])
    redis_server.start()
    await eventually(lambda: all(times_heard(server) > times for server, times in before.items()))

    await shown(teacher, await done(lena, two.klass.checkpoints[3]))


async def test_whoever_was_in_front_of_a_process_that_died_comes_back_in_the_other(two: Two) -> None:
    teacher = await two.client(two.klass.teacher, two.second)
    lena = await two.client(two.klass.learners[0], two.first)
    await done(lena, two.klass.checkpoints[0])

    two.first.kill()
    back = await two.client(two.klass.learners[0], two.second)

    await shown(teacher, await done(back, two.klass.checkpoints[1]))


async def test_a_rolling_restart_answers_every_tap_that_was_taken_and_loses_and_doubles_none(two: Two) -> None:
    klass = await a_class(
        by=two.klass.teacher, title='Water', checkpoints=2 * TAPS, learners=['Ana', 'Ben', 'Cem', 'Dua']
    )
    two.klass = klass
    async with a_balancer(two.first.port, two.second.port) as origin:
        clients = [await two.client(learner, origin) for learner in klass.learners]
        await taps_while_one_ends(two.second, clients, klass.checkpoints[:TAPS], goes_on=two.first)
        await asyncio.to_thread(two.second.start)
        await taps_while_one_ends(two.first, clients, klass.checkpoints[TAPS:], goes_on=two.second)
        for client in clients:
            await client.close()

    done_by = await database.read(lambda tx: dict(tx.execute(_completed(klass.course_id)).all()))
    assert done_by == {learner.user_id: 2 * TAPS for learner in klass.learners}


TAPS = 40
"""of each learner during each of the two restarts"""


def _completed(course_id: int) -> Select[tuple[int, int]]:
    of_course = col(Activity.course_id) == course_id, col(Activity.verb) == Verb.COMPLETED
    return select(col(Activity.user_id), func.count()).where(*of_course).group_by(col(Activity.user_id))


async def taps_while_one_ends(
    server: Server, clients: list[Listener], checkpoints: tuple[int, ...], *, goes_on: Server
) -> None:
    repeated = taps_repeated(goes_on)
    async with asyncio.TaskGroup() as taps:
        for client in clients:
            taps.create_task(tap_all(client, checkpoints))
        await asyncio.to_thread(server.stop)

    assert taps_repeated(goes_on) == repeated, 'what was saved was answered, so nobody asked again'
    assert server.journal('drained')


async def tap_all(client: Listener, checkpoints: tuple[int, ...]) -> None:
    """Complete checkpoints one after the other, as a program does that repeats what was not answered."""
    for checkpoint in checkpoints:
        tap = {'checkpoint_id': checkpoint, 'tap_id': uuid4().hex}
        receipt = await found_soon(partial(answer_to, client, tap))
        assert receipt['ok'], receipt


async def answer_to(client: Listener, tap: dict[str, object]) -> dict[str, object] | None:
    """Return the receipt of a tap; None where it was not answered, as the connection was lost."""
    if not client.io.connected:
        await eventually(lambda: client.io.connected)
    connections = client.connections
    asking = asyncio.create_task(client.call('checkpoint_completed', tap))
    await eventually(lambda: asking.done() or not client.io.connected or client.connections > connections)
    for _ in range(20):  # an answer that came just before the end is on its way to the task
        await asyncio.sleep(0)
    if not asking.done():
        asking.cancel()
    with suppress(asyncio.CancelledError, socketio.exceptions.SocketIOError):
        return await asking
    return None


def taps_repeated(server: Server) -> float:
    """Return how many taps a process was sent that had been saved before."""
    told = httpx.get(f'{server.origin}/metrics', headers={'Authorization': f'Bearer {METRICS_TOKEN}'}, timeout=60)
    (count,) = re.findall(r'^waymark_repeated_taps_total (\S+)$', told.text, re.MULTILINE)
    return float(count)


def times_heard(server: Server) -> int:
    """Return how often a process has begun to hear the others."""
    return len(server.journal('other processes heard'))


async def marks(teacher: Listener, wanted: list[str]) -> None:
    """Wait for a snapshot in which the first learner stands so."""
    await teacher.until_it(
        lambda said, data: said == 'snapshot' and data['state']['learners'][0]['marks'] == wanted, f'{wanted}'
    )


async def shown(teacher: Listener, receipt: dict[str, object]) -> None:
    """Wait until a teacher is shown a tap: by itself, or in a snapshot that has it where there was much to send."""
    version = int(str(receipt['version']))

    def has_it(said: str, data: dict[str, object]) -> bool:
        at = int(str(data.get('version', 0)))
        return (said == 'progress_update' and at == version) or (said == 'snapshot' and at >= version)

    await teacher.until_it(has_it, f'version {version}')


async def done(client: Listener, checkpoint: int) -> dict[str, object]:
    """Complete a checkpoint; returns the receipt."""
    receipt = await client.call('checkpoint_completed', {'checkpoint_id': checkpoint, 'tap_id': uuid4().hex})
    assert receipt['ok'], receipt
    return receipt
