"""A proxy as some schools have it: pages pass, WebSockets are refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.close()
