"""A request to a socket is read as Engine.IO wants it, and leaves nothing to the collector."""

import gc
from collections.abc import Iterable

import pytest
from engineio.async_drivers import asgi as asgi_driver  # type: ignore[import-untyped]
from starlette.types import Message

from ui.kit import nicegui_patches, socket_requests

pytestmark = pytest.mark.req('O8')


class Line:
    """The messages of one request, and no more than those that it has."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._messages = iter(messages)

    async def receive(self) -> Message:
        return next(self._messages)

    async def send(self, _: Message) -> None:
        raise AssertionError('nothing is answered while a request is read')


SCOPE = {
    'type': 'http',
    'method': 'POST',
    'path': '/s/',
    'query_string': b'EIO=4&sid=\xff',
    'headers': [
        (b'content-length', b'4'),
        (b'x-forwarded-host', b'a'),
        (b'x-forwarded-host', b'b'),
        (b'host', b'\xff'),
    ],
}
PARTS: list[Message] = [
    {'type': 'http.request', 'body': b'42', 'more_body': True},
    {'type': 'http.request', 'body': b'["x"]', 'more_body': True},
    {'type': 'http.request', 'body': b'and more', 'more_body': False},
]


async def test_what_is_read_of_a_request() -> None:
    line = Line(PARTS)

    environ = await socket_requests.translate(SCOPE, line.receive, line.send)

    assert environ['REQUEST_METHOD'] == 'POST'
    assert environ['QUERY_STRING'].startswith('EIO=4&sid=')
    assert environ['CONTENT_LENGTH'] == '4'
    assert environ['HTTP_X_FORWARDED_HOST'] == 'a,b'
    assert environ['HTTP_HOST'] == '\ufffd'
    assert await environ['wsgi.input'].read(4) == b'42["', 'as many as it said'


async def test_a_body_that_ends_early_is_what_has_come() -> None:
    line = Line([*PARTS[:1], {'type': 'http.disconnect'}])
    environ = await socket_requests.translate(SCOPE, line.receive, line.send)

    assert await environ['wsgi.input'].read(100) == b'42'


async def test_a_request_leaves_no_class_to_the_collector() -> None:
    nicegui_patches.apply()
    gc.disable()
    try:
        before = classes()
        for _ in range(100):
            line = Line([])
            await asgi_driver._async['translate_request'](SCOPE, line.receive, line.send)
        assert classes() - before < 100
    finally:
        gc.enable()


def classes() -> int:
    """Return how many there are in this process, of whatever else goes on in it too."""
    return sum(isinstance(each, type) for each in gc.get_objects())
