"""The framework's files are compressed once and kept: a class arrives all at once."""

from dataclasses import dataclass

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNCHANGING = 'public, max-age=31536000, immutable'
"""What browsers are told of files whose address changes with their content."""


COMPRESSED_ALREADY = (*DEFAULT_EXCLUDED_CONTENT_TYPES, 'application/pdf')
LEAST = 500
"""bytes; less is sent as it is"""
OFTEN, ONCE = 4, 5
"""how hard to compress: from 4 to 5 is up to twice the time, for a twentieth of what is sent"""


def is_unchanging(path: str) -> bool:
    """Tell whether what is at this address never changes."""
    return path.startswith(('/_nicegui/', '/look/')) and '/dynamic_resources/' not in path


@dataclass(frozen=True, slots=True)
class _Kept:
    start: Message
    body: bytes


class CachedGzip(GZipMiddleware):
    """Compresses what it sends, and files that never change only once."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, LEAST, compresslevel=OFTEN, exclude_content_types=COMPRESSED_ALREADY)
        self._once = GZipMiddleware(app, LEAST, compresslevel=ONCE, exclude_content_types=COMPRESSED_ALREADY)
        self._kept: dict[str, _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get('path', '')
        if not _is_cacheable(scope, path):
            await super().__call__(scope, receive, send)
            return
        if path not in self._kept:
            await self._once(scope, receive, self._keeping(path, send))
            return
        kept = self._kept[path]
        await send(kept.start)
        await send({'type': 'http.response.body', 'body': kept.body})

    def _keeping(self, path: str, send: Send) -> Send:
        started: list[Message] = []
        body = bytearray()

        async def keep(message: Message) -> None:
            if message['type'] == 'http.response.start':
                started.append({**message, 'headers': list(message['headers'])})
            elif message['type'] == 'http.response.body':
                body.extend(message.get('body', b''))
                if not message.get('more_body') and started and started[0]['status'] == 200:
                    headers = [header for header in started[0]['headers'] if header[0] != b'content-length']
                    headers.append((b'content-length', str(len(body)).encode()))
                    self._kept[path] = _Kept({**started[0], 'headers': headers}, bytes(body))
            await send(message)

        return keep


def _is_cacheable(scope: Scope, path: str) -> bool:
    if scope['type'] != 'http' or scope['method'] != 'GET' or not is_unchanging(path):
        return False
    headers = dict(scope['headers'])
    return b'gzip' in headers.get(b'accept-encoding', b'') and b'range' not in headers
