"""The proxies whose configurations lie in `deploy/`: pages, sockets and programs, with one of two processes gone."""

import socket
from uuid import uuid4

import httpx
import pytest

from bench.student import Student
from services.accounts import tokens
from services.core import database
from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, an_account
from tests.support.eventually import eventually
from tests.support.front import a_front
from tests.support.running import METRICS_TOKEN, Server
from tests.support.socket_listener import Listener
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('O1', 'O2')]


@pytest.mark.parametrize('kind', ['nginx', 'haproxy', 'caddy'])
async def test_people_and_programs_reach_a_class_through_a_proxy_and_nobody_sees_that_a_process_is_gone(
    kind: str, server: Server
) -> None:
    klass = await a_class(checkpoints=2)
    await an_account(email=f'{kind}@example.org')
    entered = await database.write(tokens.enter, klass.learner.user_id, 'A tablet')
    with socket.socket() as silent, a_front(kind, held(silent), server.port) as origin:
        async with httpx.AsyncClient(base_url=origin, timeout=60) as http:
            answers = [await http.get('/health') for _ in range(4)]
            token = {'Authorization': f'Bearer {METRICS_TOKEN}'}
            metrics = [await http.get(path, headers=token) for path in ('/metrics', '/%6Detrics')]
        visitor = Visitor(origin)
        home = await visitor.fills_in('/sign-in', email=f'{kind}@example.org', password=PASSWORD)
        await visitor.http.aclose()

        lena = Student('Lena Low', origin)
        await lena.join(klass.code)
        await lena.load()
        await lena.connect()
        await eventually(lambda: lena.ready)
        tap = await lena.tap()
        await eventually(lambda: tap.answered)
        await lena.close()

        program = Listener(origin, entered.access_token)
        await program.connect()
        await program.join(klass.course_id)
        receipt = await program.call(
            'checkpoint_completed', {'checkpoint_id': klass.checkpoints[0], 'tap_id': uuid4().hex}
        )
        await program.close()

    assert [(answer.status_code, answer.json()['proxy']) for answer in answers] == [(200, 'believed')] * 4
    assert [answer.status_code for answer in metrics] == [404, 404]
    assert home.status_code == 200
    assert str(home.url).startswith(origin)
    assert receipt['ok'], receipt


def held(silent: socket.socket) -> int:
    """Return a port at which nobody listens, and at which no other test can begin to."""
    silent.bind(('127.0.0.1', 0))
    return int(silent.getsockname()[1])
