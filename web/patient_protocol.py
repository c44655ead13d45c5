"""HTTP connections with an end: who sends half a request, or a body that stops, does not keep a place for ever."""

import asyncio
import resource
import time
from collections import OrderedDict
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
"""until the lines in front of a body have arrived"""
BODY_SECONDS = 60.0
SLOWEST = 1024
"""bytes per second: a body may take so long, and BODY_SECONDS more"""
SILENCE = 30.0
"""seconds without a byte of a body, while it is waited for"""
CHECK_EVERY = 5.0
LARGEST_HEAD = 64 * 1024
"""bytes"""
LINE = 4
"""bytes of a line of a head beside its name and value"""
MOST_AHEAD = 16
"""Requests that may wait on one connection until the one before them is answered. Browsers send none ahead; thousands
fit into one packet, and each takes memory."""
TOO_LARGE = 'The lines in front of the body are too many or too long.'
MOST_DESCRIPTORS = 65_536
RESERVE = 256
"""descriptors for the database, files and processes"""


class Unclear(ValueError):
    """A request that a proxy may understand in another way, or that is too large; the answer to it is 400."""


class PatientProtocol(HttpToolsProtocol):
    """One connection; when all places are taken, the oldest half request makes room."""

    most_connections = 4_096
    half_requests: ClassVar[OrderedDict['PatientProtocol', None]] = OrderedDict()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._heard = 0.0
        self._is_in_head = self._is_in_body = False
        self._head = self._bytes = 0
        """bytes of the head that the parser has told, and of the head or body that is on its way"""
        self._refusal = ''

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) > self.most_connections:
            oldest, _ = self.half_requests.popitem(last=False)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; nothing more, once something was refused: the parser would keep what has no end."""
        if self._refusal:
            return
        was_in_head, was_in_body = self._is_in_head, self._is_in_body
        super().data_received(data)
        self._heard = time.monotonic()
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._stop_waiting()  # it was refused, or has become a WebSocket, from which no body comes
        elif self._is_in_body:
            self._bytes = self._bytes + len(data) if was_in_body else 0
            if not was_in_body:
                self._wait_for_body()
        elif self._is_in_head:
            self._bytes = self._bytes + len(data) if was_in_head else len(data)
            if self._bytes > LARGEST_HEAD:
                self.send_400_response(TOO_LARGE)
            elif self._timer is None:
                self._wait_for_head()
        else:
            self._stop_waiting()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._is_in_head, self._head = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a line of the head; those behind a body would be believed like these, so they are left out."""
        if self._is_in_head:
            super().on_header(name, value)
            self._count(len(name) + len(value) + LINE)

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        self._count(len(url))

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > LARGEST_HEAD:
            raise Unclear(TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Begin to answer; raises `Unclear`.

        To a proxy that believes the other one of two lengths, what follows would be part of somebody else's request.
        """
        names = [name for name, _ in self.headers]
        version = self.parser.get_http_version()
        if len(self.pipeline) >= MOST_AHEAD:
            raise Unclear('more at once than anybody sends')
        if {b'content-length', b'transfer-encoding'} <= set(names):
            raise Unclear('two lengths')
        if version not in {'1.0', '1.1'} or names.count(b'host') > 1 or (version == '1.1' and b'host' not in names):
            raise Unclear('a version that is not spoken here, or not one host')
        self._is_in_head, self._is_in_body = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Have the whole of a request."""
        self._is_in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse a request and end the connection; one that came before it on the same connection is answered first."""
        self._stop_waiting()
        if self._is_in_head and self.cycle and not self.cycle.response_complete:
            self._refusal = msg
        else:
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """Go on with what was asked after it."""
        super().on_response_complete()
        if self._refusal and not self.pipeline and self.cycle.response_complete:
            super().send_400_response(self._refusal)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self.half_requests[self] = None
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _wait_for_body(self) -> None:
        self._stop_waiting()
        self._begun = time.monotonic()
        self._timer = self.loop.call_later(CHECK_EVERY, self._check_body)

    def _check_body(self) -> None:
        """Go on waiting for a body that comes, and for one that we ourselves do not read at the moment."""
        self._timer = None
        if not self._is_in_body:
            return
        now = time.monotonic()
        if self.flow.read_paused:
            self._begun += CHECK_EVERY
            self._heard = now
        if now - self._heard > SILENCE or now - self._begun > BODY_SECONDS + self._bytes / SLOWEST:
            self._give_up()
        else:
            self._timer = self.loop.call_later(CHECK_EVERY, self._check_body)

    def _stop_waiting(self) -> None:
        self.half_requests.pop(self, None)
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _give_up(self) -> None:
        self._stop_waiting()
        self.transport.abort()


def raise_limits() -> None:
    """Let this process have as many descriptors as it may, and as many connections as they allow."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, MOST_DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    PatientProtocol.most_connections = max(64, wanted - RESERVE)
