"""HTTP connections with an end: who sends half a request, or a body that stops, does not keep a place for ever."""

import asyncio
import resource
import time
from collections import OrderedDict
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""until the lines in front of a body have arrived"""
BODY_SECONDS = 60.0
SLOWEST = 1024
"""bytes per second: a body may take so long, and BODY_SECONDS more"""
SILENCE = 30.0
"""seconds without a byte of a body, while it is waited for"""
CHECK_EVERY = 5.0
LARGEST_HEAD = 64 * 1024
MOST_DESCRIPTORS = 65_536
RESERVE = 256
"""descriptors for the database, files and processes"""


class OneLength(h11.Connection):
    """A connection on which no request says in two ways where its body ends.

    A proxy may believe the other one: to it, what follows would be part of somebody else's request.
    """

    def next_event(self) -> Any:
        """Return what has arrived; raises `RemoteProtocolError` for two lengths."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            if {b'content-length', b'transfer-encoding'} <= names:
                raise h11.RemoteProtocolError('two lengths')
        return event


class PatientProtocol(H11Protocol):
    """One connection; when all places are taken, the oldest half request makes room."""

    most_connections = 4_096
    half_requests: ClassVar[OrderedDict['PatientProtocol', None]] = OrderedDict()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = OneLength(h11.SERVER, LARGEST_HEAD)
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._heard = 0.0
        self._bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) > self.most_connections:
            oldest, _ = self.half_requests.popitem(last=False)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        was = self.conn.their_state
        super().data_received(data)
        now, self._heard = self.conn.their_state, time.monotonic()
        if self.transport.get_protocol() is not self:
            self._stop_waiting()  # it has become a WebSocket, from which no body comes
        elif now is h11.SEND_BODY:
            self._bytes = self._bytes + len(data) if was is h11.SEND_BODY else 0
            if was is not h11.SEND_BODY:
                self._wait_for_body()
        elif now is h11.IDLE and self.conn.trailing_data[0]:
            if self._timer is None:
                self._wait_for_head()
        else:
            self._stop_waiting()

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
        if self.conn.their_state is not h11.SEND_BODY:
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
