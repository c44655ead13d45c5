"""Garbage collection that no class notices.

With Python's defaults a full collection walks through every page of a thousand students and stops them all for a
second. Here whatever outlives a short look is frozen, and thawed and collected when nobody is there, or when so many
pages have gone that it is worth it.
"""

import asyncio
import gc
import time
from weakref import ref

from nicegui import Client, background_tasks
from nicegui.element import Element

from services.core import metrics
from ui.kit.nicegui_patches import deleted_elements

THRESHOLDS = (10_000, 50, 100)
"""A pause is as long as what it looks at: 10,000 young objects are about 10 ms; what survives is soon frozen."""
LOOK_EVERY = 0.25
"""seconds; taps wait while all that is new is walked through, which after two seconds of them is forty milliseconds"""
FEW_OBJECTS = 2_000
"""Where fewer are new, and Python has not collected either, nothing is done: idle pages only replace what they have."""
MANY_NEW = 5
"""Pages that have come since the last look. To walk through more of them would take long, and they stay. With fewer,
all that is new is looked at: a request that ends after a look is garbage, and once frozen it would not be freed."""
OF_A_PAGE = 20
"""Elements that a page of a class leaves to the collector when it is deleted, because its widgets know each other; and
so many pages leave as much that leave no element, but what a request and an answer have held."""
MANY_GONE = 1_000
"""pages that have gone since the last full collection and left so much; it is worth the pause"""
GONE_PER_WATCHED = 20
"""How many more must have gone for each page that somebody watches, as all of those are walked through as well. Nobody
watches a page without a socket, and what a client leaves that loads many of them must not wait for more."""
FULL_AT_MOST_EVERY = 60.0
"""seconds; otherwise somebody who opens and closes pages could stop everybody else again and again"""


def tune() -> None:
    """Collect little at a time, from now on, and never look at what the start has built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_measure)
    gc.enable()


def start() -> asyncio.Task[None]:
    """Keep freezing and thawing as classes come and go."""
    return background_tasks.create(_watch(), name='collector')


def _measure(phase: str, _: dict[str, int]) -> None:
    """Take the time of a collection; Python calls this at its start and at its end."""
    global _began
    if phase == 'start':
        _began = time.perf_counter()
    else:
        metrics.collector_paused(time.perf_counter() - _began)


_began = 0.0


class Collector:
    """Which pages were there at the look before, and how many have gone since everything was collected."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._deleted: list[ref[Element]] = []
        self._gone = 0.0
        self._next_full = 0.0

    def look(self) -> None:
        """Collect what is new since the look before, or everything where that is worth it, and freeze what is left."""
        open_now = set(Client.instances)
        new = len(open_now - self._open)
        self._gone += (len(self._open - open_now) + self._left_behind()) / OF_A_PAGE
        self._open = open_now
        if self._is_full_worth_it():
            self._gone, self._next_full = 0.0, time.monotonic() + FULL_AT_MOST_EVERY
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif _is_much_new():
            gc.collect(0 if new > MANY_NEW else 2)
            gc.freeze()

    def _left_behind(self) -> int:
        """Return how many of the elements that were deleted before the last look are still there."""
        left = sum(deleted() is not None for deleted in self._deleted)
        self._deleted = list(deleted_elements)
        deleted_elements.clear()
        return left

    def _is_full_worth_it(self) -> bool:
        if not self._gone or time.monotonic() < self._next_full:
            return False
        if self._gone < MANY_GONE:
            return not self._open
        watched = sum(client.has_socket_connection for client in Client.instances.values())
        return self._gone >= GONE_PER_WATCHED * watched


def _is_much_new() -> bool:
    young, looked_at_once, _ = gc.get_count()
    return young >= FEW_OBJECTS or looked_at_once > 0


async def _watch() -> None:
    collector = Collector()
    while True:
        await asyncio.sleep(LOOK_EVERY)
        collector.look()
