"""The inside of Engine.IO and Socket.IO that our lines stand on."""

import engineio
import pytest
import socketio
from engineio.async_socket import AsyncSocket
from engineio.base_server import BaseServer

from tests.support.sources import fingerprints

pytestmark = pytest.mark.req('L5')

KNOWN = {
    'socketio.async_server.AsyncServer._engineio_server_class': '199c42bf',
    'engineio.async_server.AsyncServer.disconnect': '8bb6448c',
    'engineio.base_server.BaseServer.on': '7b5457b5',
    'engineio.async_socket.AsyncSocket.close': 'faa2e939',
}
RELIED_ON = (
    socketio.AsyncServer._engineio_server_class,
    engineio.AsyncServer.disconnect,
    BaseServer.on,
    AsyncSocket.close,
)


def test_what_the_lines_stand_on_is_as_it_was() -> None:
    now = fingerprints(RELIED_ON)
    assert now == KNOWN, (
        'Check in api/sockets/transport.py whether `Engine` is still made by `_engineio_server_class`, is handed every '
        'event by `on`, and closes a line by `close(wait=False)` and a None in its queue; then write the new hashes.'
    )
