"""The lines below the connections: WebSockets and long polls of anybody, before anything is known of them.

Three habits of engine.io are mended here: closing a line waits for the other side for ever, a poll that is open is not
told that its client has left, and what is answered to somebody who never reads is kept without end.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import engineio  # type: ignore[import-untyped]
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api import errors
from api.limits import Limits
from api.sockets import wire
from services.core import journal
from services.core.errors import DomainError, Invalid, TooManyAttempts

ARRIVALS_PER_SECOND, ARRIVALS_AT_ONCE = 20, 500
"""lines from one address: a school has many programs behind one, and after a restart all come back at once"""
MOST_UNREAD = 500
"""messages that one line may leave unread"""


class Lines:
    """What engine.io does, with limits."""

    def __init__(self, below: engineio.AsyncServer, messages: Limits) -> None:
        self._below = below
        self._messages = messages
        self._arrivals = Limits(per_second=ARRIVALS_PER_SECOND, at_once=ARRIVALS_AT_ONCE)
        self._closing: set[asyncio.Task[None]] = set()
        self._handlers = dict(below.handlers)
        below.on('connect', self._arrive)
        below.on('message', self._read)
        below.on('disconnect', self._hang_up)
        below.disconnect = self.cut

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        has_begun = False

        async def answer(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message['type'] == 'http.response.start':
                MutableHeaders(scope=message).setdefault('cache-control', 'no-store')
            await send(message)

        journal.begin_request()
        try:
            await self._below.handle_request(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - it does not speak the protocol at all
            journal.write('line broken', reason=type(error).__name__)
            if scope['type'] == 'http' and not has_begun:
                await errors.refuse(400, 'BadRequest', 'This is not Socket.IO.')(scope, receive, send)

    def open(self) -> set[str]:
        """Return the ids of all lines."""
        return set(self._below.sockets)

    async def send(self, line_id: str, message: wire.Message) -> None:
        """Hand a message to a line that may be gone already."""
        await self._below.send_packet(line_id, message)

    async def drained(self, line_id: str) -> None:
        """Wait until the other side has taken what was handed over."""
        if socket := self._below.sockets.get(line_id):
            await socket.queue.join()

    async def cut(self, line_id: str) -> None:
        """Close a line, whether or not the other side takes note of it."""
        if socket := self._below.sockets.pop(line_id, None):
            await socket.close(wait=False)
            socket.queue.put_nowait(None)  # which ends the one who writes, who closes the WebSocket

    async def _arrive(self, line_id: str, environ: dict[str, Any]) -> object:
        client = environ['asgi.scope'].get('client')
        try:
            self._arrivals.take(client[0] if client else '')
        except TooManyAttempts as error:
            return str(error)
        return await self._handlers['connect'](line_id, environ)

    async def _read(self, line_id: str, data: object) -> None:
        try:
            self._messages.take(line_id)
            self._expect_reader(line_id)
            await self._handlers['message'](line_id, data)
        except Exception as error:  # noqa: BLE001 - who answers an event answers for it; this came from outside
            journal.write('message not taken', reason=type(error).__name__)
            refusal = error if isinstance(error, DomainError) else Invalid('This message cannot be read.')
            await self.send(line_id, wire.message(wire.PROBLEM, errors.problem(refusal)))
            self._do(self.cut(line_id))

    def _expect_reader(self, line_id: str) -> None:
        socket = self._below.sockets.get(line_id)
        if socket and socket.queue.qsize() > MOST_UNREAD:
            raise TooManyAttempts('You do not read what you are sent.', seconds=1)

    async def _hang_up(self, line_id: str, reason: str) -> None:
        await self._handlers['disconnect'](line_id, reason)
        socket = self._below.sockets.get(line_id)
        if socket and reason == self._below.reason.CLIENT_DISCONNECT:
            socket.queue.put_nowait(None)  # or a poll that is open would wait for what never comes

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
