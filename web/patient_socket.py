"""A WebSocket that is read a little at a time.

As shipped, all that has arrived is taken apart in one turn of the event loop: a quarter of a megabyte of empty frames
is 37,000 messages, and nobody else is looked after for a second. And a ping is answered whether or not the one who
sends it reads the answers, which fill the memory then.
"""

import time

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

AT_ONCE = 2_048
"""bytes between two looks at the clock: 300 empty frames"""
A_TURN = 0.002
"""Seconds after which others have a turn. A long text is one frame, and taken at once."""
MOST_MESSAGES = 200
"""that wait until the page or the client is done with those before them"""
LOOK_EVERY = 0.05
"""seconds, while nothing more is taken because nothing is read, or dealt with, at the other end"""


class PatientWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that lets others have a turn, and takes nothing more from one who does not read what it answers."""

    _ahead = b''
    """what has arrived and was not taken apart yet; while there is some, nothing more is read"""

    def data_received(self, data: bytes) -> None:
        """Take what has arrived, in its turn."""
        if self._ahead:
            self._ahead += data
            self.transport.pause_reading()
        elif len(data) <= AT_ONCE and self.writable.is_set():
            super().data_received(data)
        else:
            self._ahead = data
            self.transport.pause_reading()
            self._go_on()

    def handle_connect(self, event: Request) -> None:
        """Begin, and keep only what was made of the request, for as long as this is open."""
        super().handle_connect(event)
        del self.request

    async def receive(self) -> ASGIReceiveEvent:
        """Return the next message."""
        message = await super().receive()
        if self._ahead:
            self.transport.pause_reading()  # as shipped, more is read as soon as no message waits
        return message

    def _go_on(self) -> None:
        until = time.perf_counter() + A_TURN
        while self._ahead and self._has_room():
            some, self._ahead = self._ahead[:AT_ONCE], self._ahead[AT_ONCE:]
            super().data_received(some)
            if time.perf_counter() >= until:
                break
        if self.disconnected or self.transport.is_closing():
            self._ahead = b''
        elif self._ahead:
            self.loop.call_later(0 if self._has_room() else LOOK_EVERY, self._go_on)
        elif not self.read_paused:
            self.transport.resume_reading()

    def _has_room(self) -> bool:
        return self.writable.is_set() and self.queue.qsize() < MOST_MESSAGES
