"""The framework's files are compressed once and kept, and what pages have in common: a class arrives all at once."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware, GZipResponder
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
        super().__init__(app, LEAST, ONCE, exclude_content_types=COMPRESSED_ALREADY)
        self._kept: dict[str, _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get('path', '')
        if not _is_cacheable(scope, path):
            await self._compress(scope, receive, send)
            return
        if path not in self._kept:
            await super().__call__(scope, receive, self._keeping(path, send))
            return
        kept = self._kept[path]
        await send(kept.start)
        await send({'type': 'http.response.body', 'body': kept.body})

    async def _compress(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'http' and b'gzip' in dict(scope['headers']).get(b'accept-encoding', b''):
            compress = _InParts(self.app, LEAST, OFTEN, exclude_content_types=COMPRESSED_ALREADY)
            await compress(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

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


class _InParts(GZipResponder):
    """Compresses the elements of a page alone: what stands before and after them is the same for a whole class."""

    def _compress_body(self, body: bytes, more_body: bool) -> bytes:
        before, begin, rest = body.partition(BEGIN)
        own, end, after = rest.rpartition(END)
        if more_body or not (begin and end):
            return super()._compress_body(body, more_body)
        size, check = len(body) & 0xFFFFFFFF, zlib.crc32(body)
        own = _deflated(begin + own + end, OFTEN, zlib.Z_FULL_FLUSH)
        parts = HEAD, _kept(before, ONCE, zlib.Z_FULL_FLUSH), own, _kept(after, ONCE, zlib.Z_FINISH)
        return b''.join(parts) + check.to_bytes(4, 'little') + size.to_bytes(4, 'little')


BEGIN, END = b'parseElements(String.raw`', b'const dark = '
"""what NiceGUI writes before the elements of a page, and after what else belongs to this page alone"""
HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
"""of a file of gzip, as RFC 1952 has it: without a name and a time"""


def _deflated(part: bytes, level: int, how: int) -> bytes:
    """Compress a part of a file by itself; `how` it ends says whether it is the last."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(part) + compressor.flush(how)


_kept = lru_cache(maxsize=64)(_deflated)


def _is_cacheable(scope: Scope, path: str) -> bool:
    if scope['type'] != 'http' or scope['method'] != 'GET' or not is_unchanging(path):
        return False
    headers = dict(scope['headers'])
    return b'gzip' in headers.get(b'accept-encoding', b'') and b'range' not in headers
