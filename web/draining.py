"""How a process ends while people are connected to it: what it has begun to do is done and answered, then they leave.

From the first moment nobody new is let in: a connection is refused, so a proxy tries another process at once and no
person sees an error. Then WebSockets are closed, some at a time, and pages and programs connect again: to another
process behind the same proxy, or to this one once it is back.
"""

import asyncio
import socket
import time
from collections.abc import Sequence

import uvicorn
from uvicorn._types import ASGIReceiveEvent

from services.core import database, server_log
from web.patient_socket import PatientWebSocket

SETTLE = 0.1
"""seconds for what pages do beside the answer to a message"""
LONGEST = 4.0
"""seconds that draining may take; what hangs is not waited for"""
TURNS, FEWEST = 20, 50
"""They leave in so many turns, or fewer turns of at least so many: all pages loaded anew at once would be a burst."""


class LeavingWebSocket(PatientWebSocket):
    """A WebSocket that can stop to listen before it is closed, so that whatever it has heard is answered."""

    is_leaving = False
    is_at_work = False
    """whether a message was heard, and the one who took it does not ask for the next one yet"""

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; what comes after the end was decided, a program sends again, to another process."""
        if not (self.is_leaving and self.is_of_program):
            super().data_received(data)

    @property
    def is_of_program(self) -> bool:
        """Whether a program is at the other end; a page sends nothing again, so it is listened to until the end."""
        return self.handshake_initiated and self.scope['path'].startswith('/api/')

    async def receive(self) -> ASGIReceiveEvent:
        """Return the next message; asking for it means that the last one is dealt with."""
        self.is_at_work = False
        message = await super().receive()
        self.is_at_work = True
        return message

    def shutdown(self) -> None:
        """Close it, unless it is being closed already: an answer may take a while to leave."""
        if not self.transport.is_closing():
            super().shutdown()

    @property
    def is_done(self) -> bool:
        """Whether every message that was heard is dealt with."""
        return self.disconnected or (not self.is_at_work and self.queue.empty() and not self._ahead)


class DrainingServer(uvicorn.Server):
    """Ends without losing what people have just done."""

    def __init__(self, config: uvicorn.Config, *, has_others: bool) -> None:
        """Take whether other processes show the same: if not, all leave together, and come back sooner."""
        super().__init__(config)
        self._has_others = has_others

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in, finish what is under way, let everybody go, and end; in a bounded time."""
        begun = time.monotonic()
        for listening in self.servers:
            listening.close()
        lines = self._lines()
        for connection in self.server_state.connections - set(lines):
            connection.shutdown()  # which answers a request that is under way first
        server_log.write('ending', websockets=len(lines))
        await self._let_go(lines, begun + LONGEST)
        server_log.write('drained', seconds=round(time.monotonic() - begun, 2))
        await super().shutdown(sockets)

    def _lines(self) -> list[LeavingWebSocket]:
        return [each for each in self.server_state.connections if isinstance(each, LeavingWebSocket)]

    async def _let_go(self, lines: Sequence[LeavingWebSocket], until: float) -> None:
        in_one_turn = max(FEWEST, -(-len(lines) // TURNS)) if self._has_others else len(lines)
        for first in range(0, len(lines), in_one_turn or 1):
            leaving = lines[first : first + in_one_turn]
            for line in leaving:
                line.is_leaving = True
            await self._finish(leaving, until)
            for line in leaving:
                line.shutdown()
        await self._finish([], until)  # also what came without a WebSocket

    async def _finish(self, leaving: Sequence[LeavingWebSocket], until: float) -> None:
        """Wait until nothing is under way on some lines, and nothing waits to be saved."""
        await self._pause(SETTLE, until)
        while not (all(line.is_done for line in leaving) and not database.waiting_for()):
            if not await self._pause(0.01, until):
                return
        for _ in range(10):  # what was answered leaves the queues in between
            await asyncio.sleep(0)

    async def _pause(self, seconds: float, until: float) -> bool:
        """Wait for a moment; returns False where there is no time for it."""
        if self.force_exit or time.monotonic() >= until:
            return False
        await asyncio.sleep(seconds)
        return True
