"""Calls of many screens and clients, a few at a time, so that nothing else waits until all of them were made."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from services.core import watchers

SLICE = 0.025
"""Seconds from a few calls to the next few."""
SLICE_SIZE = 25
SETTLE = 0.4
"""Seconds from a receipt to what follows it on the screen."""
MANY_SETTLING = 200
"""with so many screens waiting, all of them wait longer: receipts come first"""
FIGURE_INTERVAL = 3.0
"""Seconds from one figure for everybody to the next, at least."""
FIGURES_PER_SECOND = 40


def figure_interval(count: int) -> float:
    """Return the seconds after which so many are told the next figure."""
    return max(FIGURE_INTERVAL, count / FIGURES_PER_SECOND)


class Spreader:
    """Makes calls; in the server log, those that fail are called `who`."""

    def __init__(self, who: str = 'screen') -> None:
        self._who = who
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def hand_out(self, calls: Sequence[Callable[[], None]], *, size: int = SLICE_SIZE) -> None:
        """Make calls, so many in a slice."""
        if calls:
            task = self._loop.create_task(self._spread(calls, size))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def hand_out_figure(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make calls that are repeated, over the time until they are."""
        slices = figure_interval(len(calls)) / SLICE
        self.hand_out(calls, size=int(len(calls) / slices) + 1)

    async def _spread(self, calls: Sequence[Callable[[], None]], size: int) -> None:
        for start in range(0, len(calls), size):
            watchers.tell(calls[start : start + size], who=self._who)
            await asyncio.sleep(SLICE)


class Settling:
    """Draws what follows receipts: a moment later, so that the tick is seen and a second tap hits nothing new.

    After a burst of taps everybody gets their receipt first.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, draw: Callable[[], None]) -> None:
        """Draw something a moment later."""
        self._waiting.append((self._loop.time() + SETTLE, draw))
        if self._timer is None:
            self._timer = self._loop.call_later(SETTLE, self._draw)

    def _draw(self) -> None:
        now = self._loop.time()
        latest = now - (0.0 if len(self._waiting) < MANY_SETTLING else SETTLE)
        for _ in range(SLICE_SIZE):
            if not self._waiting or self._waiting[0][0] > latest:
                break
            watchers.tell([self._waiting.popleft()[1]])
        self._timer = self._loop.call_later(SLICE, self._draw) if self._waiting else None
