"""Who is listened to while a process ends: programs repeat what was not answered, and pages do not."""

import asyncio
from unittest.mock import Mock

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from web.draining import LeavingWebSocket

pytestmark = pytest.mark.req('O1')


@pytest.mark.parametrize(
    ('path', 'heard'), [('/_nicegui_ws/socket.io/', ['before', 'after']), ('/api/socket.io/', ['before'])]
)
async def test_a_page_is_heard_until_its_line_is_closed_and_a_program_repeats(path: str, heard: list[str]) -> None:
    state = ServerState()
    line = LeavingWebSocket(uvicorn.Config(_app, log_config=None), state, {})
    line.connection_made(Mock(get_extra_info=Mock(return_value=None)))
    client = ClientProtocol(parse_uri(f'ws://localhost{path}'))
    client.send_request(client.connect())
    line.data_received(b''.join(client.data_to_send()))
    line.conn.send_response(line.response)
    client.receive_data(b''.join(line.conn.data_to_send()))

    said = []
    for text in 'before', 'after':
        client.send_text(text.encode())
        line.data_received(b''.join(client.data_to_send()))
        line.is_leaving = True
    while not line.queue.empty():
        message = await line.receive()
        said.append(message.get('text'))
        assert not line.is_done, 'it is not dealt with before the next one is asked for'

    await asyncio.gather(*state.tasks)

    assert [text for text in said if text] == heard


async def _app(scope: object, receive: object, send: object) -> None:
    """Nobody is there: the test itself asks for what was heard."""
