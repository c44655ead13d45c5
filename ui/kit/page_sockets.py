"""How a thousand sockets are kept open: a look a few times a second at those whose time has come, and flat tasks.

As shipped, Engine.IO makes a task for each ping, a task and a timer for each message that comes, a timer for each that
goes, and it wakes up for each socket in turn to see whether its ping was answered; Socket.IO makes a task for each
message to each page. These functions take the place of theirs (`ui/kit/nicegui_patches.py` says which, and why).
"""

import asyncio
import inspect
import math
import time
from collections import deque
from contextlib import suppress
from functools import wraps
from typing import Protocol
from weakref import ref

from engineio.async_server import AsyncServer  # type: ignore[import-untyped]
from engineio.async_socket import AsyncSocket  # type: ignore[import-untyped]
from engineio.exceptions import SocketIsClosedError, UnknownPacketError  # type: ignore[import-untyped]
from engineio.packet import CLOSE, MESSAGE, PING, Packet  # type: ignore[import-untyped]
from socketio.async_manager import AsyncManager  # type: ignore[import-untyped]
from socketio.packet import EVENT  # type: ignore[import-untyped]

LOOK_EVERY = 0.25
"""seconds; pings and what becomes of them are early by less than that, never late"""
STOOD_STILL = 1.0
"""seconds by which a look is late when the answers to our pings may still wait to be read"""

AT_ONCE, EACH_SECOND = 500, 200.0
"""Packets of one page that are read without a wait, and how many more in each second after that. A person who types,
swipes and holds a key down sends thirty."""
SOON = 20
"""messages in a row after which others have a turn between each two of them"""
HEAVY = 10_000
"""characters that count as one message more"""
MOST_UNSENT = 1_000
"""Packets that wait to be sent to one page. Who does not read can go on answering pings, and what waits for them would
fill the memory; a page that was closed loads what is true now."""
LONGEST_WAIT = 5.0
"""seconds; a page that sends so much on several connections at once that more would wait is closed"""

_receive_as_shipped = inspect.unwrap(AsyncSocket.receive)  # patched already, where this is loaded again
_handle_as_shipped = AsyncSocket._websocket_handler
_emit_as_shipped = AsyncManager.emit


class Connection(Protocol):
    """The WebSocket of one page, as Engine.IO hands it over."""

    async def send(self, message: str | bytes) -> None:
        """Send a message."""

    async def wait(self) -> str | bytes | None:
        """Return the next message; raises `OSError` once the connection has ended."""

    async def close(self) -> None:
        """End the connection."""


class Rounds:
    """Whom of one server to look at next; everybody waits equally long, so both lines are in the order of time.

    They keep nobody alive: a socket that was opened and closed would stay for as long as its ping is not due.
    """

    def __init__(self) -> None:
        self.to_ping: deque[tuple[float, ref[AsyncSocket]]] = deque()
        self.pinged: deque[tuple[float, ref[AsyncSocket]]] = deque()

    @classmethod
    def of(cls, server: AsyncServer) -> 'Rounds':
        """Return the rounds of a server."""
        rounds: Rounds = server.__dict__.setdefault('rounds', cls())
        return rounds


def schedule_ping(socket: AsyncSocket) -> None:
    """Note when a socket is to be pinged next, unless its last ping is still to be answered."""
    if socket.last_ping:
        socket.last_ping = None
        at = time.monotonic() + socket.server.ping_interval - LOOK_EVERY
        Rounds.of(socket.server).to_ping.append((at, ref(socket)))


async def check_ping_timeout(socket: AsyncSocket) -> bool:
    """Raise an error if a socket is closed; whether its ping was answered is seen to by `look_after_all` alone.

    This is asked before each packet goes into its line, so a line that is not read from has its end here.
    """
    if not socket.closed and socket.queue.qsize() >= MOST_UNSENT:
        await cut_off(socket)
    if socket.closed:
        raise SocketIsClosedError
    return True


async def look_after_all(server: AsyncServer) -> None:
    """Ping those whose time has come, and close those that do not answer, until the server stops.

    Only those are touched whose time has come: to look at a thousand sockets four times a second costs as much as
    everything else that idle pages do.
    """
    server.service_task_event = stopping = asyncio.Event()
    looked = time.monotonic()
    while not stopping.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await stopping.wait()
        before, looked = looked, time.monotonic()
        try:
            await _look(server, looked, stood_still=looked - before > LOOK_EVERY + STOOD_STILL)
        except Exception:
            server.logger.exception('service task exception')


async def _look(server: AsyncServer, now: float, *, stood_still: bool) -> None:
    rounds = Rounds.of(server)
    while rounds.to_ping and rounds.to_ping[0][0] <= now:
        socket = rounds.to_ping.popleft()[1]()
        if socket is None:
            continue
        if socket.closed:
            _forget(socket)
        elif not socket.closing:
            socket.last_ping = now
            socket.queue.put_nowait(Packet(PING))
            rounds.pinged.append((now, ref(socket)))
    while rounds.pinged and now - rounds.pinged[0][0] > server.ping_timeout - LOOK_EVERY and not stood_still:
        at, kept = rounds.pinged.popleft()
        if (socket := kept()) is None:
            continue
        if socket.closed:
            _forget(socket)
        elif not socket.closing and socket.last_ping == at:
            await socket.close(wait=False, reason=server.reason.PING_TIMEOUT)
            _forget(socket)
            await asyncio.sleep(0)  # where a whole class is cut off, others have a turn in between


async def cut_off(socket: AsyncSocket) -> None:
    """Close a socket whose other end is not to be waited for; what polls it is answered at once."""
    await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_ERROR)
    _forget(socket)


def _forget(socket: AsyncSocket) -> None:
    socket.server.sockets.pop(socket.sid, None)
    socket.queue.put_nowait(None)  # ends its connection, should that still be there


async def handle(socket: AsyncSocket, connection: Connection) -> None:
    """Carry the messages of a socket until it ends; one that began with long polling is handled as shipped.

    Messages are read in a task of its own: here, each of them would wake all forty layers of the application in turn.
    """
    if socket.connected:
        await _handle_as_shipped(socket, connection)
        return
    socket.connected = socket.upgraded = True
    sending = asyncio.ensure_future(_send_all(socket, connection))
    receiving = asyncio.ensure_future(_receive_all(socket, connection))
    with suppress(asyncio.CancelledError, OSError, ValueError):
        await receiving
    socket.queue.put_nowait(None)  # what was to be sent before this still is
    await sending
    await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)


async def _receive_all(socket: AsyncSocket, connection: Connection) -> None:
    while not socket.closed:
        message = await connection.wait()
        if message is None or len(message) > socket.server.max_http_buffer_size:
            return
        packet = Packet(encoded_packet=message)
        try:
            await socket.receive(packet)
        except SocketIsClosedError:
            return
        except UnknownPacketError:
            continue
        except Exception:
            socket.server.logger.exception('Unknown receive error')


@wraps(_receive_as_shipped)
async def receive(socket: AsyncSocket, packet: Packet) -> None:
    """Read a packet in its turn: what one page sends without end waits on its own line, and nobody else does.

    Packets of every kind, because a flood of answers to pings that nobody has sent is a flood as well.
    """
    await _wait_for_its_turn(socket, 1 + len(packet.data or '') // HEAVY)
    await _receive_as_shipped(socket, packet)
    if socket.closed:
        _forget(socket)  # as shipped, one who polls on after the end is answered with a trace


async def _wait_for_its_turn(socket: AsyncSocket, weight: int) -> None:
    now = time.monotonic()
    before = max(getattr(socket, 'read_until', -math.inf), now - AT_ONCE / EACH_SECOND)
    socket.read_until = before + weight / EACH_SECOND
    wait = socket.read_until - now if getattr(socket.server, 'is_of_pages', False) else 0.0
    if wait > LONGEST_WAIT + weight / EACH_SECOND:
        await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_ERROR)
        raise SocketIsClosedError
    if wait > 0 or before > now - (AT_ONCE - SOON) / EACH_SECOND:
        await asyncio.sleep(max(0.0, wait))


async def _send_all(socket: AsyncSocket, connection: Connection) -> None:
    with suppress(Exception):  # as shipped: whatever keeps it from being sent, the connection is closed
        while packet := await _next(socket):
            await connection.send(packet.encode())
            if packet.packet_type == CLOSE:
                break
    await connection.close()


async def _next(socket: AsyncSocket) -> Packet | None:
    packet = await socket.queue.get()
    socket.queue.task_done()
    return packet


async def emit(
    manager: AsyncManager, event: str, data: object, namespace: str, room: object = None, **others: object
) -> None:
    """Put an event in line for each socket of a room, one after the other: none of them is waited for."""
    if any(others.get(name) is not None for name in _RARE) or isinstance(data, tuple) or data is None:
        await _emit_as_shipped(manager, event, data, namespace, room=room, **others)
        return
    encoded = manager.server.packet_class(EVENT, namespace=namespace, data=[event, data]).encode()
    packets = [Packet(MESSAGE, part) for part in (encoded if isinstance(encoded, list) else [encoded])]
    for _, socket_id in tuple(manager.get_participants(namespace, room)):
        for packet in packets:
            with suppress(SocketIsClosedError):
                await manager.server._send_eio_packet(socket_id, packet)


_RARE = ('skip_sid', 'callback', 'to')
"""ways to emit that pages do not use"""
