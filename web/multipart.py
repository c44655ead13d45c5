"""Reads the file that a form sends, piece by piece, without ever holding more of it than one piece."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from services.core.errors import Invalid
from services.core.phrases import phrase
from web.bodies import lift_limits

FORM_AROUND = 4096
"""Bytes by which a form is larger than the file in it, at the most that browsers need."""

LONGEST_HEADER = 16 * 1024
"""Bytes of a line in front of the file, which holds its name; no disk has longer names than 255 characters."""

LONGEST_FRONT = 1024 * 1024
"""bytes in front of a file; our pages send none"""

SHORT_BODY = 64 * 1024
LONGEST_WAIT = 2.0
"""seconds for the rest of a short body"""


async def read_rest(request: Request) -> None:
    """Read what is left of a short body, because an answer is lost if the connection is closed over it."""
    left = SHORT_BODY
    lift_limits(request.scope)  # this one holds, and the answer is the one that is waiting, not that it was too long
    # nobody waits for a sender of more, or for a slow one; a body that was begun elsewhere is not read on
    with suppress(ClientDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT):
            async for piece in request.stream():
                left -= len(piece)
                if left < 0:
                    return


class SentFile:
    """The first file of a form: `open` reads on to its name, then iterating gives its pieces.

    Made only for people who may send one, by those who count the pieces: a body that is read here has no other limit.
    """

    def __init__(self, request: Request) -> None:
        kind, options = parse_options_header(request.headers.get('content-type'))
        if kind != b'multipart/form-data' or not options.get(b'boundary'):
            raise Invalid(_NO_FILE)
        lift_limits(request.scope)
        self.name = ''
        length = request.headers.get('content-length', '')
        self.size = max(0, int(length) - FORM_AROUND) if length.isdecimal() else None
        """about how large it is at least, if the sender says so"""
        self._stream = request.stream()
        self._read_in_all = 0
        self._pieces: deque[bytes] = deque()
        self._field, self._value = bytearray(), bytearray()
        self._found = self._inside = self._complete = False
        try:
            self._parser = MultipartParser(
                options[b'boundary'],
                {
                    'on_header_field': self._on_header_field,
                    'on_header_value': self._on_header_value,
                    'on_header_end': self._on_header_end,
                    'on_part_data': self._on_part_data,
                    'on_part_end': self._on_part_end,
                },
                max_header_size=LONGEST_HEADER,
            )
        except FormParserError as error:
            raise Invalid(_NO_FILE) from error

    async def open(self) -> None:
        """Read until the name of the file is known; raises `Invalid` if there is none, or too much in front of it."""
        while not self._found:
            if not await self._read() or (self._read_in_all > LONGEST_FRONT and not self._found):
                raise Invalid(_NO_FILE)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the file; raises `Invalid` if it breaks off."""
        while True:
            while self._pieces:
                yield self._pieces.popleft()
            if self._complete:
                return
            if not await self._read():
                raise Invalid('The upload broke off. Try it again.')

    async def _read(self) -> bool:
        """Take in what has come since; False if that was all."""
        chunk = await anext(self._stream, b'')
        self._read_in_all += len(chunk)
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Invalid(_LONG_NAME if 'header size' in str(error) else _NO_FILE) from error
        return bool(chunk)

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._field.lower() == b'content-disposition' and not self._found:
            _, options = parse_options_header(bytes(self._value))
            if b'filename' in options:
                self.name = _read_name(options[b'filename'])
                self._found = self._inside = True
        self._field.clear()
        self._value.clear()

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._pieces.append(data[start:end])

    def _on_part_end(self) -> None:
        self._complete = self._complete or self._inside
        self._inside = False


def _read_name(written: bytes) -> str:
    """Return a name as it was before its browser wrote it into a header."""
    name = written.decode(errors='replace')
    for written_as, letter in ('%22', '"'), ('%0D', '\r'), ('%0A', '\n'):
        name = name.replace(written_as, letter)
    return name


_LONG_NAME = phrase('The name of this file is too long. Rename it and try again.')
_NO_FILE = phrase('No file has arrived. Choose one and try again.')
