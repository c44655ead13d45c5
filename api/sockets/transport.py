"""The lines below the connections: WebSockets and long polls of anybody, before anything is known of them.

Three habits of engine.io are mended here: closing a line waits for the other side for ever, a poll that is open is not
told that its client has left, and what is answered to somebody who never reads is kept without end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import engineio  # type: ignore[import-untyped]
import socketio  # type: ignore[import-untyped]
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api import errors
from api.rate_limits import Limits
from api.sockets import packets
from services.core import server_log
from services.core.errors import DomainError, Invalid, TooManyAttempts

ARRIVALS_PER_SECOND, ARRIVALS_AT_ONCE = 20, 500
"""lines from one address: a school has many clients behind one, and after a restart all come back at once"""
MOST_UNREAD = 500
"""messages that one line may leave unread"""

Handler = Callable[..., Awaitable[object]]


class Engine(engineio.AsyncServer):  # type: ignore[misc]
    """Engine.IO with limits: a subclass, so that no instance of another library is changed while it runs."""

    def __init__(self, *, messages: Limits, **options: object) -> None:
        self._messages = messages
        self._arrivals = Limits(per_second=ARRIVALS_PER_SECOND, at_once=ARRIVALS_AT_ONCE)
        self._closing: set[asyncio.Task[None]] = set()
        self._above: dict[str, Handler] = {}
        super().__init__(**options)

    def on(self, event: str, handler: Handler) -> None:
        """Register what Socket.IO does at an event; the limits come before it."""
        self._above[event] = handler
        super().on(event, {'connect': self._arrive, 'message': self._read, 'disconnect': self._hang_up}[event])

    async def disconnect(self, sid: str | None = None) -> None:
        """Close a line, whether or not the other side takes note of it; without an id all of them."""
        for line_id in [sid] if sid is not None else list(self.sockets):
            if socket := self.sockets.pop(line_id, None):
                await socket.close(wait=False)
                socket.queue.put_nowait(None)  # which ends the one who writes, who closes the WebSocket

    async def _arrive(self, line_id: str, environ: dict[str, Any]) -> object:
        client = environ['asgi.scope'].get('client')
        try:
            self._arrivals.take(client[0] if client else '')
        except TooManyAttempts as error:
            return str(error)
        return await self._above['connect'](line_id, environ)

    async def _read(self, line_id: str, data: object) -> None:
        try:
            self._messages.take(line_id)
            self._expect_reader(line_id)
            await self._above['message'](line_id, data)
        except Exception as error:  # noqa: BLE001 - who answers an event answers for it; this came from outside
            server_log.write('message not taken', reason=type(error).__name__)
            refusal = error if isinstance(error, DomainError) else Invalid('This message cannot be read.')
            await self.send_packet(line_id, packets.message(packets.PROBLEM, errors.problem(refusal)))
            self._do(self.disconnect(line_id))

    def _expect_reader(self, line_id: str) -> None:
        socket = self.sockets.get(line_id)
        if socket and socket.queue.qsize() > MOST_UNREAD:
            raise TooManyAttempts('You do not read what you are sent.', seconds=1)

    async def _hang_up(self, line_id: str, reason: str) -> None:
        await self._above['disconnect'](line_id, reason)
        socket = self.sockets.get(line_id)
        if socket and reason == self.reason.CLIENT_DISCONNECT:
            socket.queue.put_nowait(None)  # or a poll that is open would wait for what never comes

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class Server(socketio.AsyncServer):  # type: ignore[misc]
    """Socket.IO on our `Engine`; takes the limit of `messages` beside its own options."""

    def _engineio_server_class(self) -> type[Engine]:
        return Engine


class Lines:
    """What the connections above know of the lines below."""

    def __init__(self, below: Engine) -> None:
        self._below = below

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        has_begun = False

        async def answer(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message['type'] == 'http.response.start':
                MutableHeaders(scope=message).setdefault('cache-control', 'no-store')
            await send(message)

        server_log.begin_request()
        try:
            await self._below.handle_request(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - it does not speak the protocol at all
            server_log.write('line broken', reason=type(error).__name__)
            if scope['type'] == 'http' and not has_begun:
                await errors.refuse(400, 'BadRequest', 'This is not Socket.IO.')(scope, receive, send)

    def open(self) -> set[str]:
        """Return the ids of all lines."""
        return set(self._below.sockets)

    async def send(self, line_id: str, message: packets.Message) -> None:
        """Hand a message to a line that may be gone already."""
        await self._below.send_packet(line_id, message)

    async def drained(self, line_id: str) -> None:
        """Wait until the other side has taken what was handed over."""
        if socket := self._below.sockets.get(line_id):
            await socket.queue.join()

    async def cut(self, line_id: str) -> None:
        """Close a line, whether or not the other side takes note of it."""
        await self._below.disconnect(line_id)
