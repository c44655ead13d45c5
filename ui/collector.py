"""Garbage collection that no class notices.

With Python's defaults a full collection walks through every page of a thousand students and stops them all
for a second. Here what lives as long as a class is frozen once the class has settled, and thawed and
collected when nobody is there.
"""

import asyncio
import gc

from nicegui import Client, background_tasks

THRESHOLDS = (100_000, 50, 100)
CHECK_EVERY = 5.0
WORTH_FREEZING = 25
"""pages that came since the last time"""


def tune() -> None:
    """Collect seldom, and never look at what the start has built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def start() -> asyncio.Task[None]:
    """Keep freezing and thawing as classes come and go."""
    return background_tasks.create(_watch(), name='collector')


async def _watch() -> None:
    frozen = before = 0
    while True:
        await asyncio.sleep(CHECK_EVERY)
        pages = len(Client.instances)
        if pages == 0 and frozen:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            frozen = 0
        elif pages == before and abs(pages - frozen) >= WORTH_FREEZING:
            gc.freeze()
            frozen = pages
        before = pages
