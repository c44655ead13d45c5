"""A Socket.IO connection as the browser's library speaks it: Engine.IO 4 over one WebSocket."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import aiohttp
import orjson

Receive = Callable[[str, object], None]
Acknowledge = Callable[[], None]


class Refused(Exception):
    """The server answered, but not with a connection."""


class Wire:
    """One connection: answers pings, hands every event to `receive`, and sends events."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, Acknowledge] = {}
        self._next_acknowledgement = 0
        self.received_bytes = 0

    @property
    def is_open(self) -> bool:
        """Whether events still arrive."""
        return self._reader is not None and not self._reader.done()

    async def open(self, session: aiohttp.ClientSession, address: str, query: Mapping[str, str]) -> None:
        """Connect to the default namespace; returns when the server has agreed."""
        url = f'{address}?{urlencode({"EIO": "4", "transport": "websocket", **query})}'
        origin = '/'.join(address.split('/', 3)[:3])
        # the browser would offer compression, but then the load generator would pay for what the server saves
        self._socket = await session.ws_connect(url, origin=origin, compress=0, max_msg_size=0)
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._socket.send_str('40')
        await asyncio.wait_for(asyncio.shield(self._connected), timeout=60)

    async def emit(self, event: str, payload: object, acknowledged: Acknowledge | None = None) -> None:
        """Send one event; `acknowledged` is called when the server's callback for it comes back."""
        if self._socket is None:
            raise Refused('not connected')
        number = ''
        if acknowledged is not None:
            self._waiting[self._next_acknowledgement] = acknowledged
            number = str(self._next_acknowledgement)
            self._next_acknowledgement += 1
        await self._socket.send_str(f'42{number}{orjson.dumps([event, payload]).decode()}')

    def vanish(self) -> None:
        """Be cut off without a word, as when the network goes: the other side is not told, and hears nothing more."""
        if self._reader is not None:
            self._reader.cancel()

    async def close(self) -> None:
        """Go away like a closed tab."""
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError, Refused):
                await self._reader
        if self._socket is not None:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, ConnectionError):
                await self._socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._take(socket, message.data)
        finally:
            if not self._connected.done():
                self._connected.set_exception(Refused('the connection closed before it was agreed'))
                self._connected.exception()

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, packet: str) -> None:
        self.received_bytes += len(packet)
        kind = packet[:2]
        if kind == '42':
            event, *payload = orjson.loads(packet[2:])
            self._receive(event, payload[0] if payload else None)
        elif kind == '43':
            number, _, _ = packet[2:].partition('[')
            if acknowledged := self._waiting.pop(int(number), None):
                acknowledged()
        elif kind == '2':
            await socket.send_str('3')
        elif kind == '40' and not self._connected.done():
            self._connected.set_result(None)
        elif kind == '44' and not self._connected.done():
            self._connected.set_exception(Refused(packet))
