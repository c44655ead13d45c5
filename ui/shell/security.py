"""What surrounds every answer: security headers, and the cookies that are not given by a form."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from nicegui import Client
from nicegui.element import Element
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.core.spooling import NO_ROOM
from services.people.list_decoding import LONGEST_LIST
from settings import settings
from ui.kit.file_picker import note_no_room
from ui.shell.assets import UNCHANGING, is_unchanging
from ui.shell.request import BROWSER_COOKIE, set_cookie, set_session_cookie
from web.bodies import Limited
from web.origins import may_open_socket

HEADERS = {
    # NiceGUI's pages carry their scripts inline and build functions from text; all of it comes from here
    'content-security-policy': "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

PUBLIC = ('/certificates/issuer', '/certificates/keys', '/certificates/status')
"""What is the same for everybody and may be kept; every other answer is of a person, and is not."""

FORM = 64 * 1024
"""Bytes of the form around files."""
LARGEST_LIST_FORM = LONGEST_LIST + FORM
"""Bytes of a class list with the form around it."""

LONGEST_BODY = 1024 * 1024
"""Bytes of everything else that is sent here, whatever it calls itself."""


class Guard:
    """Middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        if too_much := _too_much(scope):
            await too_much(scope, receive, send)
            return
        state = scope.setdefault('state', {})
        headers = [(name, value) for name, value in scope['headers'] if name != b'x-forwarded-prefix']
        if sub_path := settings().sub_path:
            headers.append((b'x-forwarded-prefix', sub_path.encode()))  # NiceGUI reads it
        scope['headers'] = headers
        is_of_client = scope['path'].startswith('/api/')  # clients have tokens: their cookies are never looked at
        browser = '' if is_of_client else Request(scope).cookies.get(BROWSER_COOKIE)
        state['browser'] = '' if is_of_client else browser or secrets.token_urlsafe(24)

        async def guarded(message: Message) -> None:
            if message['type'] == 'http.response.start':
                given = {name for name, _ in message['headers']}
                message['headers'] = [*message['headers'], *(each for each in _RAW_HEADERS if each[0] not in given)]
                headers = MutableHeaders(scope=message)
                if message['status'] == 200 and is_unchanging(scope['path']):
                    headers['cache-control'] = UNCHANGING
                elif not scope['path'].startswith(PUBLIC):
                    headers.setdefault('cache-control', 'no-store')
                if settings().is_https:
                    headers.setdefault('strict-transport-security', 'max-age=31536000')
                if headers.get('content-type', '').startswith('text/html'):
                    self._give_cookies(headers, state, is_new=bool(state['browser']) and not browser)
            await send(message)

        with noting_a_full_disk(scope['path']):
            await self.app(scope, Limited(scope, receive, _most(scope)), guarded)

    def _give_cookies(self, headers: MutableHeaders, state: dict[str, str], *, is_new: bool) -> None:
        cookies = Response()
        if is_new:
            set_cookie(cookies, BROWSER_COOKIE, state['browser'])
        if token := state.get('touched'):
            set_session_cookie(cookies, token)
        for cookie in cookies.headers.getlist('set-cookie'):
            headers.append('set-cookie', cookie)


@contextmanager
def noting_a_full_disk(path: str) -> Iterator[None]:
    """Let the page know why a file that NiceGUI takes did not arrive: its browser does not tell it."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM and (field := _field_of(path)):
            note_no_room(field)
        raise


def _too_much(scope: Scope) -> Response | None:
    """Return the refusal of what NiceGUI's own upload would take without end."""
    if scope['method'] != 'POST' or not _NICEGUI_UPLOAD.match(scope['path']):
        return None
    length = Headers(scope=scope).get('content-length', '')
    if not length.isdecimal():
        return PlainTextResponse('Say how long it is.', 411, {'connection': 'close'})
    if int(length) > _most_of_field(scope['path']):
        return PlainTextResponse('This file is too large.', 413, {'connection': 'close'})
    return None


def _most(scope: Scope) -> int:
    """Return how many bytes of a body are read; `SentFile` lifts that where a file is taken piece by piece."""
    return _most_of_field(scope['path']) if _NICEGUI_UPLOAD.match(scope['path']) else LONGEST_BODY


def _most_of_field(path: str) -> int:
    """Return how many bytes a field of an open page takes, as its page says; those of a class list where none does."""
    field = _field_of(path)
    most = (field.props.get('max-total-size') or field.props.get('max-file-size')) if field else None
    return most + FORM if isinstance(most, int) else LARGEST_LIST_FORM


def _field_of(path: str) -> Element | None:
    """Return the field of an open page to which a file is sent."""
    found = _NICEGUI_UPLOAD.fullmatch(path)
    client = Client.instances.get(found['client']) if found else None
    return client.elements.get(int(found['field'] or 0)) if client and found else None


_NICEGUI_UPLOAD = re.compile('/_nicegui/client/(?P<client>[^/]+)/upload/(?P<field>[0-9]{1,9})?')


def comes_from_elsewhere(request: Request) -> bool:
    """Tell whether the browser says that a form was sent by a page of another site: a second wall beside the token."""
    site = request.headers.get('sec-fetch-site')
    if site is not None:
        return site not in {'same-origin', 'none'}
    origin = request.headers.get('origin')
    return not may_open_socket(origin, {'HTTP_HOST': request.headers.get('host', '')})
