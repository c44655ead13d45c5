"""What comes with a request for a file is thrown away and ends no answer, on pages as for programs."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware import Front
from api.rate_limits import Limits
from ui.shell.security import LONGEST_BODY, Guard

PIECE = 64 * 1024


def front(app: ASGIApp) -> Front:
    return Front(app, limits=Limits(name='', per_second=10, at_once=10))


@pytest.mark.req('O7')
@pytest.mark.parametrize('face', [Guard, front])
async def test_a_download_goes_on_while_a_body_comes_with_its_request(face: Callable[[ASGIApp], ASGIApp]) -> None:
    all_came, kept = asyncio.Event(), 0
    answered: list[Message] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield b'one, '
        await all_came.wait()
        yield b'two'

    async def downloads(scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            nonlocal kept
            message = await receive()
            kept += len(message.get('body', b''))
            return message

        await StreamingResponse(pieces())(scope, counted, send)

    sent = 0

    async def receive() -> Message:
        nonlocal sent
        await asyncio.sleep(0)
        if sent > 2 * LONGEST_BODY:
            all_came.set()
            await asyncio.Event().wait()
        sent += PIECE
        return {'type': 'http.request', 'body': bytes(PIECE), 'more_body': True}

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {'type': 'http', 'asgi': {'spec_version': '2.3'}, 'method': 'GET', 'path': '/file', 'headers': []}
    await face(downloads)(scope | {'query_string': b''}, receive, send)

    assert answered[0]['status'] == 200
    assert b''.join(message.get('body', b'') for message in answered) == b'one, two'
    assert not answered[-1]['more_body']
    assert kept == 0


@pytest.mark.req('O8')
@pytest.mark.parametrize('face', [Guard, front])
async def test_a_request_that_has_ended_is_freed_without_the_collector(face: Callable[[ASGIApp], ASGIApp]) -> None:
    """Who receives for a request leads to the request, as with every server; nothing leads back from there."""

    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b''})

    async def request() -> weakref.ref[Cycle]:
        cycle = Cycle()
        await face(answers)(cycle.scope, cycle.receive, cycle.send)
        return weakref.ref(cycle)

    gc.collect()
    gc.disable()
    try:
        assert (await request())() is None
    finally:
        gc.enable()


class Cycle:
    """A request as a server holds it."""

    def __init__(self) -> None:
        self.scope: Scope = {
            'type': 'http',
            'method': 'POST',
            'path': '/api/x',
            'headers': [(b'host', b'test')],
            'client': ('127.0.0.1', 1),
            'state': {},
        }

    async def receive(self) -> Message:
        return {'type': 'http.request', 'body': b'', 'more_body': False}

    async def send(self, message: Message) -> None:
        """Send nothing anywhere."""
