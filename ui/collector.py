"""Garbage collection that no class notices.

With Python's defaults a full collection walks through every page of a thousand students and stops them all
for a second. Here what lives as long as a class is frozen as the class arrives, and thawed and
collected when nobody is there.
"""

import asyncio
import gc

from nicegui import Client, background_tasks

THRESHOLDS = (100_000, 50, 100)
"""A pause is as long as what it looks at: often and little, where Python's 700 would pass too much on too soon."""
CHECK_EVERY = 1.0
WORTH_FREEZING = 25
"""pages that came or went since the last time"""


def tune() -> None:
    """Collect seldom, and never look at what the start has built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def start() -> asyncio.Task[None]:
    """Keep freezing and thawing as classes come and go."""
    return background_tasks.create(_watch(), name='collector')


async def _watch() -> None:
    settled_at = 0
    while True:
        await asyncio.sleep(CHECK_EVERY)
        pages = len(Client.instances)
        if pages == 0 and settled_at:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            settled_at = 0
        elif abs(pages - settled_at) >= WORTH_FREEZING:
            gc.freeze()
            settled_at = pages
