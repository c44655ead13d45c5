"""The Socket.IO server of clients, beside the one of the pages: who may connect, and which events they may send."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import socketio.exceptions  # type: ignore[import-untyped]
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from api import errors
from api.rate_limits import Limits
from api.sockets import connection, handlers, packets
from api.sockets.connection import Connection, Pass
from api.sockets.transport import Lines, Server
from api.types import Body
from services.core import server_log
from services.core.errors import DomainError, Invalid, NotFound, TooManyAttempts
from services.live.stream import feed
from settings import settings

PING_INTERVAL, PING_TIMEOUT = 8, 6
"""seconds, as for pages: a dead connection is noticed after fourteen at most"""
LARGEST_MESSAGE = 16 * 1024
MOST_CONNECTIONS = 8
"""of one device; a broken one counts until that is noticed"""
AT_ONCE = 5
"""how many seconds' worth of events one may send all at once"""
FLOOD = 4
"""A client that sends so many times more than it may is cut off."""

B = TypeVar('B', bound=Body)
MayOpen = Callable[[str | None, dict[str, str]], bool]


class Sockets:
    """Everything about Socket.IO for clients: one object, which is served under `/api/socket.io`."""

    def __init__(self, *, may_open: MayOpen) -> None:
        """Take the rule for which web pages may open a connection; a client that is no page always may."""
        self.connections: dict[str, Connection] = {}
        per_second = settings().api_requests_per_second
        self._events = Limits(name='events of sockets', per_second=per_second, at_once=per_second * AT_ONCE)
        self._io = Server(
            messages=Limits(per_second=per_second * FLOOD, at_once=per_second * FLOOD * AT_ONCE),
            async_mode='asgi',
            serializer=packets.ClientPacket,
            namespaces=[packets.NAMESPACE],
            async_handlers=False,  # the events of one connection are taken one after the other
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            max_http_buffer_size=LARGEST_MESSAGE,
            cors_allowed_origins=may_open,
            cors_credentials=False,
            logger=_silent,
            engineio_logger=_silent,
        )
        self.lines = Lines(self._io.eio)
        self._io.on('connect', self._connect, namespace=packets.NAMESPACE)
        self._io.on('disconnect', self._disconnect, namespace=packets.NAMESPACE)
        self._io.on('*', self._unknown, namespace=packets.NAMESPACE)
        self._on('join_course', handlers.JoinCourse, handlers.join_course)
        self._on('leave_course', handlers.LeaveCourse, handlers.leave_course)
        self._on('checkpoint_completed', handlers.CheckpointCompleted, handlers.checkpoint_completed)
        self._on('answer_question', handlers.AnswerQuestion, handlers.answer_question)
        self._on('authenticate', handlers.Authenticate, handlers.authenticate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        await self.lines.serve(scope, receive, send)

    async def say(self, line: Connection, error: DomainError, **about: int) -> None:
        """Tell a client something that it did not ask."""
        await self.lines.send(line.line_id, packets.message(packets.PROBLEM, {**errors.problem(error), **about}))

    async def end(self, line: Connection, error: DomainError) -> None:
        """Send a client the reason, and close its connection."""
        line.close(on_purpose=True)
        await self.say(line, error)
        server_log.write('connection ended', user=line.actor.user_id, reason=type(error).__name__)
        await self._io.disconnect(line.sid, namespace=packets.NAMESPACE)
        self.connections.pop(line.sid, None)

    async def close(self) -> None:
        """Let go of everybody, as when the process stops; they will be back."""
        for line in self.connections.values():
            line.outbox.close()
        self.connections.clear()
        feed.close_all()
        await self._io.shutdown()

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        server_log.begin_request()
        try:
            passed = await connection.look_up(_token(environ, auth))
            self._make_room_for(passed)
        except DomainError as error:
            raise _refused(error) from error
        except Exception as error:
            server_log.write_problem('connection failed', error)
            raise _refused(DomainError(_WRONG)) from error
        line_id = self._io.manager.eio_sid_from_sid(sid, packets.NAMESPACE)
        self._end_replaced(sid, line_id)
        self.connections[sid] = Connection(sid, line_id, passed, self.lines)

    def _end_replaced(self, sid: str, line_id: str) -> None:
        """End what a new connection takes the place of: it would go on listening, and nobody would watch it."""
        for line in [line for line in self.connections.values() if line.sid == sid or line.line_id == line_id]:
            line.close(on_purpose=False)
            self.connections.pop(line.sid, None)

    def _make_room_for(self, passed: Pass) -> None:
        same = [line for line in self.connections.values() if line.actor.sign_in_id == passed.actor.sign_in_id]
        if len(same) >= MOST_CONNECTIONS:
            raise TooManyAttempts(f'This token has {MOST_CONNECTIONS} connections open. Close one of them.', seconds=15)

    async def _disconnect(self, sid: str, reason: str = '') -> None:
        if line := self.connections.pop(sid, None):
            line.close(on_purpose=reason == self._io.reason.CLIENT_DISCONNECT)

    def _on(self, event: str, kind: type[B], verb: Callable[[Connection, B], Awaitable[handlers.Answer]]) -> None:
        async def taken(sid: str, *arguments: object) -> handlers.Answer:
            server_log.begin_request()
            line = self.connections.get(sid)
            try:
                if line is None:
                    raise NotFound('This connection is closed.')
                self._events.take(str(line.actor.sign_in_id))
                return {'ok': True, **await verb(line, _body(kind, arguments))}
            except DomainError as error:
                return {'ok': False, **errors.problem(error)}
            except Exception as error:  # noqa: BLE001 - a client is told in the one shape, the server log in full
                server_log.write_problem('event failed', error, event_name=event)
                return {'ok': False, **errors.problem(DomainError(_WRONG))}

        self._io.on(event, taken, namespace=packets.NAMESPACE)

    async def _unknown(self, event: str, sid: str, *_: object) -> handlers.Answer:
        server_log.begin_request()
        return {'ok': False, **errors.problem(NotFound('There is no such event.'))}


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
        place = '.'.join(str(part) for part in first['loc'])[:80]
        raise Invalid(f'{place}: {first["msg"]}' if place else first['msg']) from error


def _refused(error: DomainError) -> Exception:
    refused: Exception = socketio.exceptions.ConnectionRefusedError(str(error), errors.problem(error))
    return refused


_WRONG = 'Something went wrong here. The log of the server knows it by the request id.'

_silent = logging.getLogger('waymark.sockets')
_silent.setLevel(logging.CRITICAL + 1)  # clients that send nonsense would fill the server log
