"""The Socket.IO server of programs, beside the one of the pages: who may connect, and how much of what is taken."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import socketio  # type: ignore[import-untyped]
import socketio.exceptions  # type: ignore[import-untyped]
from pydantic import ValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api import errors
from api.limits import Limits
from api.sockets import connection, handlers, wire
from api.sockets.connection import Connection, Pass
from api.types import Body
from services.core import journal
from services.core.errors import DomainError, Invalid, NotFound, TooManyAttempts
from services.live import feed
from settings import settings

PING_INTERVAL, PING_TIMEOUT = 8, 6
"""seconds, as for pages: a dead connection is noticed after fourteen at most"""
LARGEST_MESSAGE = 16 * 1024
MOST_CONNECTIONS = 8
"""of one device; a broken one counts until that is noticed"""
ARRIVALS_PER_SECOND, ARRIVALS_AT_ONCE = 20, 500
"""connections from one address: a school has many programs behind one, and after a restart all come back at once"""
AT_ONCE = 5
"""how many seconds' worth of events one may send all at once"""
FLOOD = 4
"""Who sends so many times more than may be is not answered any longer but cut off."""

B = TypeVar('B', bound=Body)
MayOpen = Callable[[str | None, dict[str, str]], bool]


class Sockets:
    """Everything about Socket.IO for programs: one object, which is served under `/api/socket.io`."""

    def __init__(self, *, may_open: MayOpen) -> None:
        """Take the rule for which web pages may open a connection; a program that is no page always may."""
        self.connections: dict[str, Connection] = {}
        self._io = socketio.AsyncServer(
            async_mode='asgi',
            serializer=wire.ProgramPacket,
            namespaces=[wire.NAMESPACE],
            async_handlers=False,  # the events of one connection are taken one after the other
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            max_http_buffer_size=LARGEST_MESSAGE,
            cors_allowed_origins=may_open,
            cors_credentials=False,
            logger=_silent,
            engineio_logger=_silent,
        )
        self.lines = self._io.eio
        per_second = settings().api_requests_per_second
        self._events = Limits(per_second=per_second, at_once=per_second * AT_ONCE)
        self._messages = Limits(per_second=per_second * FLOOD, at_once=per_second * FLOOD * AT_ONCE)
        self._arrivals = Limits(per_second=ARRIVALS_PER_SECOND, at_once=ARRIVALS_AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._below = dict(self.lines.handlers)
        self.lines.on('connect', self._arrive)
        self.lines.on('message', self._read)
        self.lines.on('disconnect', self._hang_up)
        self.lines.disconnect = self.cut  # its own waits until the other side has taken everything, if it ever does
        self._io.on('connect', self._connect, namespace=wire.NAMESPACE)
        self._io.on('disconnect', self._disconnect, namespace=wire.NAMESPACE)
        self._io.on('*', self._unknown, namespace=wire.NAMESPACE)
        self._on('join_course', handlers.JoinCourse, handlers.join_course)
        self._on('leave_course', handlers.LeaveCourse, handlers.leave_course)
        self._on('checkpoint_completed', handlers.CheckpointCompleted, handlers.checkpoint_completed)
        self._on('authenticate', handlers.Authenticate, handlers.authenticate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
            await self.lines.handle_request(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - it does not speak the protocol at all
            journal.write('line broken', reason=type(error).__name__)
            if scope['type'] == 'http' and not has_begun:
                await errors.refuse(400, 'BadRequest', 'This is not Socket.IO.')(scope, receive, send)

    async def say(self, line: Connection, error: DomainError, **about: int) -> None:
        """Tell a program something that it did not ask."""
        await self._send(line.line_id, wire.message(wire.PROBLEM, {**errors.problem(error), **about}))

    async def end(self, line: Connection, error: DomainError) -> None:
        """Tell a program why it hears nothing any longer, and close its connection."""
        line.close(on_purpose=True)
        await self.say(line, error)
        journal.write('connection ended', user=line.actor.user_id, reason=type(error).__name__)
        await self._io.disconnect(line.sid, namespace=wire.NAMESPACE)
        self.connections.pop(line.sid, None)

    async def cut(self, line_id: str) -> None:
        """Close a line, whoever is on it, and whether or not they take note of it."""
        if socket := self.lines.sockets.pop(line_id, None):
            await socket.close(wait=False)
            socket.queue.put_nowait(None)  # which ends the one who writes, who closes the WebSocket

    async def close(self) -> None:
        """Let go of everybody, as when the process stops; they will be back."""
        for line in self.connections.values():
            line.outbox.close()
        self.connections.clear()
        feed.close_all()
        await self._io.shutdown()

    # the line: bytes from anybody

    async def _arrive(self, line_id: str, environ: dict[str, Any]) -> object:
        client = environ['asgi.scope'].get('client')
        try:
            self._arrivals.take(client[0] if client else '')
        except TooManyAttempts as error:
            return str(error)
        return await self._below['connect'](line_id, environ)

    async def _read(self, line_id: str, data: object) -> None:
        try:
            self._messages.take(line_id)
            await self._below['message'](line_id, data)
        except Exception as error:  # noqa: BLE001 - handlers answer for their own; this came from outside
            journal.write('message not taken', reason=type(error).__name__)
            refusal = error if isinstance(error, DomainError) else Invalid('This message cannot be read.')
            await self._send(line_id, wire.message(wire.PROBLEM, errors.problem(refusal)))
            self._do(self.cut(line_id))

    async def _hang_up(self, line_id: str, reason: str) -> None:
        await self._below['disconnect'](line_id, reason)
        socket = self.lines.sockets.get(line_id)
        if socket and reason == self.lines.reason.CLIENT_DISCONNECT:
            socket.queue.put_nowait(None)  # or a poll that is open would wait for what never comes

    async def _send(self, line_id: str, message: wire.Message) -> None:
        await self.lines.send_packet(line_id, message)

    # the connection: somebody with a token

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        journal.begin_request()
        try:
            passed = await connection.look_up(_token(environ, auth))
            self._make_room_for(passed)
        except DomainError as error:
            raise _refused(error) from error
        except Exception as error:
            journal.write_problem('connection failed', error)
            raise _refused(DomainError(_WRONG)) from error
        line_id = self._io.manager.eio_sid_from_sid(sid, wire.NAMESPACE)
        self.connections[sid] = Connection(sid, line_id, passed, _Line(self, line_id))

    def _make_room_for(self, passed: Pass) -> None:
        same = [line for line in self.connections.values() if line.actor.sign_in_id == passed.actor.sign_in_id]
        if len(same) >= MOST_CONNECTIONS:
            raise TooManyAttempts(f'This token has {MOST_CONNECTIONS} connections open. Close one of them.', seconds=15)

    async def _disconnect(self, sid: str, reason: str = '') -> None:
        if line := self.connections.pop(sid, None):
            line.close(on_purpose=reason == self._io.reason.CLIENT_DISCONNECT)

    # events

    def _on(self, event: str, kind: type[B], verb: Callable[[Connection, B], Awaitable[handlers.Answer]]) -> None:
        async def taken(sid: str, *arguments: object) -> handlers.Answer:
            journal.begin_request()
            line = self.connections.get(sid)
            try:
                if line is None:
                    raise NotFound('This connection is closed.')
                self._events.take(str(line.actor.sign_in_id))
                return {'ok': True, **await verb(line, _body(kind, arguments))}
            except DomainError as error:
                return {'ok': False, **errors.problem(error)}
            except Exception as error:  # noqa: BLE001 - a program is told in the one shape, the journal in full
                journal.write_problem('event failed', error, event_name=event)
                return {'ok': False, **errors.problem(DomainError(_WRONG))}

        self._io.on(event, taken, namespace=wire.NAMESPACE)

    async def _unknown(self, event: str, sid: str, *_: object) -> handlers.Answer:
        journal.begin_request()
        return {'ok': False, **errors.problem(NotFound('There is no such event.'))}

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Line:
    """What an outbox sends through."""

    def __init__(self, sockets: Sockets, line_id: str) -> None:
        self._sockets = sockets
        self._id = line_id

    async def send(self, message: wire.Message) -> None:
        await self._sockets.lines.send_packet(self._id, message)

    async def drained(self) -> None:
        if socket := self._sockets.lines.sockets.get(self._id):
            await socket.queue.join()


def _token(environ: dict[str, Any], auth: object) -> object:
    """Return the token of a connect packet or of the header; a cookie is never looked at."""
    if isinstance(auth, dict) and auth.get('token') is not None:
        return auth['token']
    scheme, _, token = environ.get('HTTP_AUTHORIZATION', '').partition(' ')
    return token.strip() if scheme.lower() == 'bearer' else None


def _body(kind: type[B], arguments: tuple[object, ...]) -> B:
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise Invalid('Send one object with the event, such as {"course_id": 1}.')
    try:
        return kind.model_validate(arguments[0])
    except ValidationError as error:
        first = error.errors()[0]
        place = '.'.join(str(part) for part in first['loc'])
        raise Invalid(f'{place}: {first["msg"]}' if place else first['msg']) from error


def _refused(error: DomainError) -> Exception:
    refused: Exception = socketio.exceptions.ConnectionRefusedError(str(error), errors.problem(error))
    return refused


_WRONG = 'Something went wrong here. The journal of the server knows it by the request id.'

_silent = logging.getLogger('waymark.sockets')
_silent.setLevel(logging.CRITICAL + 1)  # what these libraries say is said by whoever sends nonsense
