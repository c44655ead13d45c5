"""How a request to a socket is handed to Engine.IO.

As shipped, a class is made for each request. A class refers to itself, so it is freed by the collector alone, which
seldom looks at what requests leave: 8 KB of each, for as long as somebody is connected, with long polling every few
seconds from each page.
"""

from typing import Any

from starlette.types import Receive, Scope, Send

LENGTH = 'CONTENT_LENGTH'
READ = {
    b'content-length': LENGTH,
    **{
        name.encode(): f'HTTP_{name.upper().replace("-", "_")}'
        for name in (
            *('accept-encoding', 'access-control-request-headers', 'authorization', 'connection', 'host', 'origin'),
            *('upgrade', 'x-forwarded-host', 'x-forwarded-proto'),
        )
    },
}
"""the headers that anybody looks at, and their names in the environment, which is kept while the socket is open"""


class Body:
    """The body of a request, as far as it is asked for."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def read(self, length: int) -> bytes:
        """Return the first bytes of the body; what comes after them is heard and dropped."""
        parts: list[bytes] = []
        has_more, missing = True, length
        while has_more:
            event = await self._receive()
            part = event.get('body', b'')[:missing]
            parts.append(part)
            missing -= len(part)
            has_more = event.get('more_body', False)
        return b''.join(parts)


async def translate(scope: Scope, receive: Receive, send: Send) -> dict[str, Any]:
    """Return the environment of a request, with what Engine.IO, Socket.IO, NiceGUI and our own rules read of it."""
    if scope['type'] == 'websocket':
        await receive()  # that it wants to be connected
    environ: dict[str, Any] = {
        'asgi.scope': scope,
        'asgi.receive': receive,
        'asgi.send': send,
        'wsgi.input': Body(receive),
        'wsgi.url_scheme': 'http',
        'REQUEST_METHOD': scope.get('method', 'GET'),
        'QUERY_STRING': scope.get('query_string', b'').decode('latin-1'),
    }
    for name, value in scope['headers']:
        if key := READ.get(name):
            said = value.decode('utf-8', 'replace')
            environ[key] = f'{environ[key]},{said}' if key in environ and key != LENGTH else said
    return environ
