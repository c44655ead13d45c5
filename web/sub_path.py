"""A server below a path of another address (`https://example.org/waymark`), as PUBLIC_URL says.

Inside, addresses begin at the root, as they do without a path: `SubPath` takes the path away from what is asked for,
and puts it before where an answer leads. What a page shows is led below it by `outward` and `outward_html`.
"""

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import settings

Headers = Iterable[tuple[bytes, bytes]]


def outward(address: str) -> str:
    """Return an address of ours as a browser has to ask for it; one that leads elsewhere is returned as it is."""
    is_ours = address.startswith('/') and not address.startswith('//')
    return settings().sub_path + address if is_ours else address


def outward_html(html: str) -> str:
    """Return HTML whose links, pictures and forms lead where `outward` says; words that look like HTML stay."""
    return _TAG.sub(lambda tag: _ADDRESS.sub(_led, tag[0]), html) if settings().sub_path else html


_TAG = re.compile('<[a-z][^<>]*>')
_ADDRESS = re.compile(r'(?<=\s)(href|src|action|poster)="(/[^"]*)"')


def _led(found: re.Match[str]) -> str:
    return f'{found[1]}="{outward(found[2])}"'


class SubPath:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._path = settings().sub_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what comes without the path, such as a look of a proxy at `/ready`, is served as well."""
        if scope['type'] == 'lifespan' or not self._path:
            await self.app(scope, receive, send)
            return
        path = scope['path']
        if path == self._path or path.startswith(f'{self._path}/'):
            scope['path'] = path[len(self._path) :] or '/'

        async def lead(message: Message) -> None:
            if 'headers' in message:
                message = {**message, 'headers': self._headers(message['headers'])}
            await send(message)

        await self.app(scope, receive, lead)

    def _headers(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        return [(name, self._below(name.lower(), value)) for name, value in headers]

    def _below(self, name: bytes, value: bytes) -> bytes:
        if name == b'location':
            return outward(value.decode('latin-1')).encode('latin-1')
        if name == b'set-cookie':
            return _COOKIE_PATH.sub(b'; Path=' + self._path.encode(), value)
        return value


_COOKIE_PATH = re.compile(rb'; path=/(?=;|$)', re.IGNORECASE)
