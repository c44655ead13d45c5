"""Garbage collection that no class notices.

With Python's defaults a full collection walks through every page of a thousand students and stops them all
for a second. Here whatever outlives a short look is frozen, and thawed and collected when nobody is there, or when so
many pages have gone that it is worth it.
"""

import asyncio
import gc
import time

from nicegui import Client, background_tasks

from services.core import metrics

THRESHOLDS = (10_000, 50, 100)
"""A pause is as long as what it looks at: 10,000 young objects are about 10 ms; what survives is soon frozen."""
CHECK_EVERY = 1.0
MANY_GONE = 500
"""pages that were closed since the last full collection; what they leave behind is worth the pause"""
GONE_PER_OPEN = 20
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


async def _watch() -> None:
    open_before: set[str] = set()
    gone, next_full = 0, 0.0
    while True:
        await asyncio.sleep(CHECK_EVERY)
        open_now = set(Client.instances)
        gone += len(open_before - open_now)
        open_before = open_now
        is_worth_it = gone and (not open_now or gone >= max(MANY_GONE, GONE_PER_OPEN * len(open_now)))
        if is_worth_it and time.monotonic() >= next_full:
            gone, next_full = 0, time.monotonic() + FULL_AT_MOST_EVERY
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif gc.get_count()[1]:  # young objects were looked at since; look at the rest before they are put away
            gc.collect(0)
            gc.freeze()
