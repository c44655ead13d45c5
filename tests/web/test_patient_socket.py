"""What arrives on a WebSocket is taken a little at a time, in its order, and not without end from who does not read."""

import asyncio
from collections.abc import AsyncIterator, Callable
from unittest.mock import Mock

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from tests.support.eventually import PATIENCE
from web import patient_socket
from web.patient_socket import AT_ONCE, MOST_MESSAGES, PatientWebSocket

pytestmark = pytest.mark.req('O1', 'O7')

EMPTY = 7
"""bytes of a frame of one letter, with its head and its mask"""


class Line:
    """A WebSocket that is open, and the browser at its other end."""

    def __init__(self) -> None:
        self.transport = Mock(get_extra_info=Mock(return_value=None), is_closing=Mock(return_value=False))
        self.state = ServerState()
        self.server = PatientWebSocket(uvicorn.Config(_app, log_config=None), self.state, {})
        self.server.connection_made(self.transport)
        self.browser = ClientProtocol(parse_uri('ws://localhost/_nicegui_ws/socket.io/'))
        self.browser.send_request(self.browser.connect())
        self.server.data_received(self._said())
        self.server.conn.send_response(self.server.response)
        self.browser.receive_data(b''.join(self.server.conn.data_to_send()))
        self.server.queue.get_nowait()  # that it is open
        self.transport.reset_mock()

    def says(self, *many: Callable[[], None]) -> None:
        """Let everything arrive at once."""
        for one in many:
            one()
        self.server.data_received(self._said())

    def text(self, content: str) -> Callable[[], None]:
        return lambda: self.browser.send_text(content.encode())

    def ping(self) -> None:
        self.browser.send_ping(b'?')

    @property
    def is_read(self) -> bool:
        """Whether more would be read, by what the transport was told last."""
        told = [each[0] for each in self.transport.method_calls if each[0] in {'pause_reading', 'resume_reading'}]
        return not told or told[-1] == 'resume_reading'

    def _said(self) -> bytes:
        return b''.join(self.browser.data_to_send())


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    monkeypatch.setattr(patient_socket, 'A_TURN', 0)
    monkeypatch.setattr(patient_socket, 'LOOK_EVERY', 0)
    line = Line()
    yield line
    for task in line.state.tasks:
        task.cancel()


async def _app(scope: object, receive: object, send: object) -> None:
    """Nobody takes anything: the tests themselves ask for what was heard."""
    await asyncio.Event().wait()


async def test_a_flood_is_taken_a_little_at_a_time_and_in_its_order(line: Line) -> None:
    count = 10 * AT_ONCE // EMPTY
    line.says(*(line.text(str(number % 10)) for number in range(count)))

    taken, heard = [line.server.queue.qsize()], list[str]()
    for _ in range(1_000):
        while not line.server.queue.empty():
            heard.append(str((await line.server.receive()).get('text')))
            assert not (line.is_read and line.server._ahead), 'nothing more is read before this is dealt with'
        await asyncio.sleep(0)
        taken.append(line.server.queue.qsize())

    assert max(taken) <= AT_ONCE // EMPTY + 1, 'others had a turn in between'
    assert heard == [str(number % 10) for number in range(count)]
    assert line.is_read


async def test_messages_wait_until_those_before_them_are_dealt_with(line: Line) -> None:
    line.says(*(line.text('x') for _ in range(20 * AT_ONCE // EMPTY)))

    for _ in range(100):
        await asyncio.sleep(0)

    assert line.server.queue.qsize() <= MOST_MESSAGES + AT_ONCE // EMPTY + 1
    assert not line.is_read


async def test_a_long_text_comes_whole_also_in_pieces(line: Line) -> None:
    long = 'ä' * 300_000
    line.browser.send_text(long.encode())
    sent = b''.join(line.browser.data_to_send())
    for start in range(0, len(sent), 65_536):
        line.server.data_received(sent[start : start + 65_536])

    heard = await asyncio.wait_for(line.server.receive(), PATIENCE)
    assert heard.get('text') == long


async def test_who_does_not_read_the_answers_to_their_pings_is_read_no_more(line: Line) -> None:
    line.server.pause_writing()  # as the transport does when 64 kB wait
    for _ in range(10):
        line.says(*[line.ping] * 100)
        await asyncio.sleep(0)

    assert not line.transport.write.called
    assert not line.is_read

    line.server.resume_writing()
    for _ in range(20):
        await asyncio.sleep(0)
    assert line.transport.write.called
    assert line.is_read


async def test_what_is_left_of_a_connection_that_is_gone_is_dropped(line: Line) -> None:
    line.says(*(line.text('x') for _ in range(20 * AT_ONCE // EMPTY)))
    line.server.connection_lost(None)
    line.server.queue = asyncio.Queue()

    for _ in range(10):
        await asyncio.sleep(0)

    assert not line.server._ahead
    assert line.server.queue.qsize() <= AT_ONCE // EMPTY + 1
