"""A thousand sockets are looked after together: who does not answer a ping is gone, and everybody else stays."""

import asyncio
import time
from collections import deque
from itertools import pairwise
from weakref import ref

import pytest
import socketio  # type: ignore[import-untyped]
from engineio.async_server import AsyncServer  # type: ignore[import-untyped]
from engineio.async_socket import AsyncSocket  # type: ignore[import-untyped]
from engineio.exceptions import SocketIsClosedError  # type: ignore[import-untyped]
from engineio.packet import MESSAGE, Packet  # type: ignore[import-untyped]

from tests.support.eventually import PATIENCE
from ui.kit import nicegui_patches, page_sockets

pytestmark = pytest.mark.req('O8')

PING, PONG, CLOSE = '2', '3', '1'


class Browser:
    """The other end of a socket: what it was sent, and what it sends."""

    def __init__(self) -> None:
        self.got: list[str | bytes] = []
        self.is_closed = asyncio.Event()
        self.reads_nothing = False
        self._says: asyncio.Queue[str | None] = asyncio.Queue()

    def say(self, message: str) -> None:
        self._says.put_nowait(message)

    def leave(self) -> None:
        self._says.put_nowait(None)

    @property
    def unread(self) -> int:
        return self._says.qsize()

    async def send(self, message: str | bytes) -> None:
        if self.reads_nothing:
            await asyncio.Event().wait()
        self.got.append(message)

    async def wait(self) -> str:
        message = await self._says.get()
        if message is None:
            raise OSError
        return message

    async def close(self) -> None:
        self.is_closed.set()
        self.leave()


class Socket:
    """A socket of a server of its own, as it is right after it was opened."""

    def __init__(self) -> None:
        nicegui_patches.apply()
        self.server = AsyncServer(async_mode='asgi', ping_interval=8, ping_timeout=6)
        self.heard: list[tuple[str, ...]] = []
        self.server.on('message', lambda _, data: self.heard.append(('message', data)))
        self.server.on('disconnect', lambda _, reason: self.heard.append(('disconnect', reason)))
        self.socket = AsyncSocket(self.server, 'one')
        self.server.sockets['one'] = self.socket
        self.browser = Browser()
        self.began = time.monotonic()
        self.socket.schedule_ping()
        self.carrying = asyncio.create_task(self.socket._websocket_handler(self.browser))

    async def look(self, seconds: float, *, stood_still: bool = False) -> None:
        """Look after the sockets of its server so many seconds after it was opened."""
        await page_sockets._look(self.server, self.began + seconds, stood_still=stood_still)
        await settle()


async def settle() -> None:
    """Let everybody do what they can do without waiting for time to pass."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_socket_is_pinged_when_its_time_has_come_and_stays_while_it_answers() -> None:
    socket = Socket()
    await socket.look(7)
    assert socket.browser.got == []

    await socket.look(8)
    assert socket.browser.got == [PING]
    socket.browser.say(PONG)
    await settle()
    await socket.look(14)
    assert not socket.socket.closed

    socket.browser.leave()
    await socket.carrying


async def test_one_that_does_not_answer_is_gone_after_fourteen_seconds_at_most() -> None:
    socket = Socket()
    await socket.look(8)
    await socket.look(13)
    assert not socket.socket.closed

    await socket.look(14)

    assert socket.heard == [('disconnect', 'ping timeout')]
    assert socket.browser.got == [PING, CLOSE]
    assert socket.browser.is_closed.is_set()
    assert not socket.server.sockets
    await asyncio.wait_for(socket.carrying, PATIENCE)


async def test_a_server_that_stood_still_loses_nobody() -> None:
    socket = Socket()
    await socket.look(8)
    await socket.look(30, stood_still=True)
    socket.browser.say(PONG)
    await settle()

    await socket.look(30.25)

    assert not socket.socket.closed
    socket.browser.leave()
    await socket.carrying


async def test_a_look_touches_only_those_whose_time_has_come() -> None:
    socket = Socket()
    first, rounds = socket.socket, page_sockets.Rounds.of(socket.server)
    others = [AsyncSocket(socket.server, str(number)) for number in range(100)]
    for other in others:
        other.schedule_ping()
    rounds.to_ping = deque((at + (each() is not first) * 5, each) for at, each in rounds.to_ping)
    await socket.look(8)
    assert socket.browser.got == [PING]
    assert len(rounds.to_ping) == 100
    assert [each() for _, each in rounds.pinged] == [first]

    socket.browser.say(PONG)
    await settle()
    await socket.look(12)

    assert len(rounds.to_ping) == 101, 'it waits for its next ping behind the others'
    assert all(other.queue.empty() for other in others)
    socket.browser.leave()
    await socket.carrying


async def test_a_socket_that_is_closed_already_is_forgotten_at_its_turn() -> None:
    socket = Socket()
    socket.socket.closed = True

    await socket.look(8)

    assert not socket.server.sockets
    assert socket.browser.got == []
    await asyncio.wait_for(socket.carrying, PATIENCE)


async def test_messages_arrive_in_order_and_the_last_one_before_the_connection_ends() -> None:
    socket = Socket()
    for word in ('one', 'two'):
        await socket.socket.send(Packet(MESSAGE, word))
        socket.browser.say(f'4{word} too')
    await settle()
    assert socket.browser.got == ['4one', '4two']
    assert socket.heard == [('message', 'one too'), ('message', 'two too')]

    await socket.socket.send(Packet(MESSAGE, 'three'))
    await socket.socket.close()

    await asyncio.wait_for(socket.carrying, PATIENCE)
    assert socket.browser.got == ['4one', '4two', '4three', CLOSE]
    assert socket.heard[-1] == ('disconnect', 'server disconnect')


@pytest.mark.parametrize('kind', [PONG, PING, '5', '6'])
async def test_packets_that_are_no_messages_wait_as_well(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Answers to pings that nobody has sent, changes of the transport, and nothing at all."""
    monkeypatch.setattr(page_sockets, 'AT_ONCE', 30)
    monkeypatch.setattr(page_sockets, 'EACH_SECOND', 0.001)
    socket = Socket()
    socket.server.is_of_pages = True
    for _ in range(100):
        socket.browser.say(kind)
    for _ in range(200):
        await asyncio.sleep(0)

    assert socket.browser.unread == 100 - 30 - 1, 'one has been read, and waits'
    socket.carrying.cancel()
    await socket.carrying


async def test_a_page_that_does_not_read_what_it_is_sent_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client may go on to answer pings."""
    monkeypatch.setattr(page_sockets, 'MOST_UNSENT', 5)
    socket = Socket()
    socket.browser.reads_nothing = True
    await socket.socket.send(Packet(MESSAGE, 'is on its way'))
    await settle()
    for number in range(5):
        await socket.socket.send(Packet(MESSAGE, f'waits {number}'))

    with pytest.raises(SocketIsClosedError):
        await socket.socket.send(Packet(MESSAGE, 'is too much'))

    assert socket.heard == [('disconnect', 'transport error')]
    assert socket.socket.sid not in socket.server.sockets
    socket.carrying.cancel()


async def test_what_one_page_sends_without_end_waits_on_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_sockets, 'AT_ONCE', 30)
    monkeypatch.setattr(page_sockets, 'EACH_SECOND', 0.001)
    socket = Socket()
    socket.server.is_of_pages, socket.server.async_handlers = True, False
    for number in range(100):
        socket.browser.say(f'4{number}')
    heard = [0]
    for _ in range(200):
        await asyncio.sleep(0)
        heard.append(len(socket.heard))

    assert heard[-1] == 30
    assert max(after - before for before, after in pairwise(heard)) <= page_sockets.SOON + 2
    assert len({*heard}) > 30 - page_sockets.SOON - 2, 'others had a turn between any two'
    socket.carrying.cancel()
    await socket.carrying


async def test_a_page_that_would_wait_on_many_connections_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_sockets, 'AT_ONCE', 1)
    monkeypatch.setattr(page_sockets, 'EACH_SECOND', 0.001)
    socket = Socket()
    socket.server.is_of_pages = True
    await socket.socket.receive(Packet(MESSAGE, 'one'))
    waiting = asyncio.create_task(socket.socket.receive(Packet(MESSAGE, 'two')))
    await settle()

    with pytest.raises(SocketIsClosedError):
        await socket.socket.receive(Packet(MESSAGE, 'three'))

    assert socket.socket.closed
    for task in waiting, socket.carrying:
        task.cancel()


async def test_a_browser_that_says_it_leaves_is_not_waited_for() -> None:
    socket = Socket()

    socket.browser.say(CLOSE)

    await asyncio.wait_for(socket.carrying, PATIENCE)
    assert socket.heard == [('disconnect', 'client disconnect')]
    assert socket.browser.is_closed.is_set()


async def test_an_open_socket_has_three_tasks_and_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, before = asyncio.get_running_loop(), len(asyncio.all_tasks())
    timers: list[object] = []
    monkeypatch.setattr(loop, 'call_at', lambda when, *_, **__: timers.append(when))
    monkeypatch.setattr(loop, 'call_later', lambda delay, *_, **__: timers.append(delay))
    socket = Socket()
    await socket.look(8)
    socket.browser.say(PONG)
    await settle()

    assert len(asyncio.all_tasks()) == before + 3
    assert not timers
    socket.browser.leave()
    await socket.carrying


async def test_the_server_looks_after_its_sockets_until_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_sockets, 'LOOK_EVERY', 0.001)
    socket = Socket()
    page_sockets.Rounds.of(socket.server).to_ping[0] = 0.0, ref(socket.socket)
    looking = asyncio.create_task(socket.server._service_task())
    async with asyncio.timeout(PATIENCE):
        while not socket.browser.got:  # noqa: ASYNC110 - the browser has no event for it
            await asyncio.sleep(0)
        socket.server.service_task_event.set()
        await looking
    assert socket.browser.got == [PING]
    socket.browser.leave()
    await socket.carrying


async def test_an_event_is_in_line_for_everybody_in_a_room_and_for_nobody_else() -> None:
    nicegui_patches.apply()
    server = socketio.AsyncServer(async_mode='asgi')
    sockets = {name: AsyncSocket(server.eio, name) for name in ('ada', 'ben', 'gone', 'elsewhere')}
    server.eio.sockets.update(sockets)
    for name in sockets:
        sid = await server.manager.connect(name, '/')
        await server.manager.enter_room(sid, '/', 'library' if name == 'elsewhere' else 'class')
    sockets['gone'].closed = True
    before = len(asyncio.all_tasks())

    await server.emit('update', {'step': 1}, room='class')

    assert len(asyncio.all_tasks()) == before
    assert in_line(sockets['ada']) == in_line(sockets['ben']) == ['42["update",{"step":1}]']
    assert in_line(sockets['gone']) == in_line(sockets['elsewhere']) == []


async def test_bytes_and_several_values_are_sent_as_shipped() -> None:
    nicegui_patches.apply()
    server = socketio.AsyncServer(async_mode='asgi')
    server.eio.sockets['ada'] = socket = AsyncSocket(server.eio, 'ada')
    sid = await server.manager.connect('ada', '/')

    await server.emit('said', ('one', 'two'), room=sid)
    await server.emit('drawn', b'png', room=sid)

    assert in_line(socket) == ['42["said","one","two"]', '451-["drawn",{"_placeholder":true,"num":0}]', b'png']


def in_line(socket: AsyncSocket) -> list[str | bytes]:
    """Return what waits to be sent."""
    return [socket.queue.get_nowait().encode() for _ in range(socket.queue.qsize())]
