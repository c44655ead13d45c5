"""What stands between a browser and a server: a proxy without WebSockets, a line that can be cut, other servers."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

REFUSAL = b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'


@asynccontextmanager
async def a_proxy_without_websockets(port: int) -> AsyncIterator[str]:
    """Stand in front of a server on this machine; yields the address under which browsers reach it then."""
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        task.add_done_callback(connections.discard)
        try:
            await _relay(reader, writer, port)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the browser has hung up, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(connected, '127.0.0.1', 0)
    try:
        yield f'http://127.0.0.1:{server.sockets[0].getsockname()[1]}'
    finally:
        server.close()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections)


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Pass a connection on, unless it begins with the wish for a WebSocket; browsers open a new one for each."""
    head = await reader.readuntil(b'\r\n\r\n')
    if b'upgrade: websocket' in head.lower():
        writer.write(REFUSAL)
        await writer.drain()
        return
    from_server, to_server = await asyncio.open_connection('127.0.0.1', port)
    try:
        to_server.write(head)
        await asyncio.gather(_copy(reader, to_server), _copy(from_server, writer))
    finally:
        to_server.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter, flows: asyncio.Event | None = None) -> None:
    while data := await source.read(65536):
        if flows:
            await flows.wait()
        target.write(data)
        await target.drain()
    target.close()


@asynccontextmanager
async def a_line(port: int) -> AsyncIterator['Line']:
    """Lay a line to a server on this machine."""
    line = Line(port)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()


class Line:
    """A line to a server on this machine, which can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()

    @property
    def port(self) -> int:
        """The port under which the server is reached through it."""
        return self._port

    @property
    def origin(self) -> str:
        """The address under which browsers reach the server through it."""
        return f'http://127.0.0.1:{self._port}'

    async def mend(self) -> None:
        """Let connections through, at the same address as before."""
        self._listening = await asyncio.start_server(self._connected, '127.0.0.1', self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    def stall(self) -> None:
        """Bring nothing more, and end nothing: as a network does that drops everything."""
        self._flows.clear()

    def flow(self) -> None:
        """Bring everything again, also what was on its way."""
        self._flows.set()

    async def cut(self) -> None:
        """End all connections and refuse new ones."""
        if self._listening:
            self._listening.close()
            self._listening = None
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            from_server, to_server = await asyncio.open_connection('127.0.0.1', self._server_port)
            try:
                await asyncio.gather(_copy(reader, to_server, self._flows), _copy(from_server, writer, self._flows))
            finally:
                to_server.close()
        except (OSError, asyncio.CancelledError):
            pass  # one of both has hung up, or the line is cut
        finally:
            writer.close()


@asynccontextmanager
async def a_balancer(*ports: int) -> AsyncIterator[str]:
    """Spread connections over several servers; one that refuses a connection is passed over, as proxies do."""
    connections: set[asyncio.Task[None]] = set()
    turns = itertools.count()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        task.add_done_callback(connections.discard)
        first = next(turns)
        try:
            for each in range(len(ports)):
                with suppress(ConnectionRefusedError):
                    from_server, to_server = await asyncio.open_connection(
                        '127.0.0.1', ports[(first + each) % len(ports)]
                    )
                    try:
                        await asyncio.gather(_copy(reader, to_server), _copy(from_server, writer))
                    finally:
                        to_server.close()
                    return
        except (OSError, asyncio.CancelledError):
            pass  # one of both has hung up, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(connected, '127.0.0.1', 0)
    try:
        yield f'http://127.0.0.1:{server.sockets[0].getsockname()[1]}'
    finally:
        server.close()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections)
