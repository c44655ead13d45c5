"""What waits to be sent on one connection: in order, and never much of it, however slow the other side is."""

import asyncio
from collections.abc import Callable, Hashable
from itertools import count

from api.sockets.packets import Message
from api.sockets.transport import Lines
from services.core import server_log

MOST_WAITING = 500
AT_ONCE = 50
"""messages that are handed over before the other side has taken those before them"""


class Outbox:
    """Messages that wait for one line. When they become too many all are dropped, and `overflowed` is called."""

    def __init__(self, lines: Lines, line_id: str, *, overflowed: Callable[[], None]) -> None:
        self._lines = lines
        self._line_id = line_id
        self._overflowed = overflowed
        self._waiting: dict[Hashable, Callable[[], Message | None]] = {}
        self._numbers = count()
        self._filled = asyncio.Event()
        self._sending = asyncio.get_running_loop().create_task(self._keep_sending())

    def put(self, make: Callable[[], Message | None], *, instead_of: Hashable = None) -> None:
        """Have a message sent, made when its turn has come if it is still wanted then.

        It may take the place of one that waits.
        """
        key = next(self._numbers) if instead_of is None else instead_of
        self._waiting.pop(key, None)
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._overflowed()  # which asks for something that has all of it in it
            return
        self._waiting[key] = make
        self._filled.set()

    def close(self) -> None:
        """Stop sending; messages that wait are dropped."""
        self._sending.cancel()
        self._waiting.clear()

    async def _keep_sending(self) -> None:
        while True:
            await self._filled.wait()
            for _ in range(min(AT_ONCE, len(self._waiting))):
                await self._send_next()
            if not self._waiting:
                self._filled.clear()
            await self._lines.drained(self._line_id)

    async def _send_next(self) -> None:
        make = self._waiting.pop(next(iter(self._waiting)))
        try:
            if message := make():
                await self._lines.send(self._line_id, message)
        except Exception as error:  # noqa: BLE001 - what comes after it must still be sent
            server_log.write_problem('message not sent', error)
