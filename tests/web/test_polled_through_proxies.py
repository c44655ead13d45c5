"""Programs that poll, where WebSockets are blocked, through each of the proxies in front of two processes."""

from types import SimpleNamespace
from uuid import uuid4

import aiohttp
import pytest

from services.accounts import tokens
from services.core import database
from tests.support.front import a_front
from tests.support.redis_server import redis_server
from tests.support.socket_listener import Listener
from tests.web.test_two_processes import Two, pair, two

pytestmark = [pytest.mark.req('O2', 'L4')]
__all__ = ['pair', 'redis_server', 'two']


@pytest.mark.parametrize('kind', ['nginx', 'haproxy', 'caddy'])
async def test_programs_that_poll_are_led_to_the_process_that_knows_them(kind: str, two: Two) -> None:
    receipts = []
    with a_front(kind, two.first.port, two.second.port) as origin:
        for number, learner in enumerate([*two.klass.learners, *two.klass.learners]):
            entered = await database.write(tokens.enter, learner.user_id, 'A tablet')
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar, trace_configs=[read_to_the_end()]) as browser:
                program = Listener(origin, entered.access_token)
                program.io.eio.http = browser
                program.io.eio.external_http = True
                two.listeners.append(program)
                await program.connect(transports=['polling'])
                await program.join(two.klass.course_id)
                done = {'checkpoint_id': two.klass.checkpoints[number // 3], 'tap_id': uuid4().hex}
                receipts.append(await program.call('checkpoint_completed', done))
                await program.close()

    assert [receipt['ok'] for receipt in receipts] == [True] * 6


def read_to_the_end() -> aiohttp.TraceConfig:
    """Each answer, also one that the client of Engine.IO does not look into: else its connection is left open."""

    async def read(_: aiohttp.ClientSession, __: SimpleNamespace, ended: aiohttp.TraceRequestEndParams) -> None:
        await ended.response.read()

    config = aiohttp.TraceConfig()
    config.on_request_end.append(read)
    return config
