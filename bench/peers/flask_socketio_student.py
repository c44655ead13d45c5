"""Simulated people of the Flask-SocketIO alternative, for the same load generator."""

import time

from bench.student import Tap, browser_session
from bench.wire import Wire


class PeerStudent:
    """Taps one checkpoint after the other; the receipt is Socket.IO's acknowledgement."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        self._origin = origin
        self._session = browser_session()
        self._wire = Wire(lambda event, payload: None)
        self._checkpoint = 0
        self._waiting = False

    @property
    def ready(self) -> bool:
        """Whether the last tap has been answered."""
        return not self._waiting and self._wire.is_open

    async def connect(self) -> None:
        """Open the socket."""
        await self._wire.open(self._session, f'{self._origin}/socket.io/', {})

    async def tap(self) -> Tap:
        """Send the next checkpoint."""
        self._checkpoint += 1
        self._waiting = True
        tap = Tap(student=self.name, checkpoint=str(self._checkpoint), sent=time.perf_counter())

        def answered() -> None:
            tap.answered = time.perf_counter()
            self._waiting = False

        await self._wire.emit('tap', {'student': self.name, 'checkpoint': tap.checkpoint}, answered)
        return tap

    async def close(self) -> None:
        """Go away."""
        await self._wire.close()
        await self._session.close()


class PeerWatcher:
    """Hears of every tap, and notes when."""

    def __init__(self, origin: str) -> None:
        self.arrived: dict[tuple[str, str], float] = {}
        self._origin = origin
        self._session = browser_session()
        self._wire = Wire(self._receive)

    async def open(self) -> None:
        """Join the room."""
        await self._wire.open(self._session, f'{self._origin}/socket.io/', {'watch': '1'})

    async def close(self) -> None:
        """Go away."""
        await self._wire.close()
        await self._session.close()

    def _receive(self, event: str, payload: object) -> None:
        if event == 'progress_update' and isinstance(payload, dict):
            self.arrived[payload['student'], payload['checkpoint']] = time.perf_counter()
