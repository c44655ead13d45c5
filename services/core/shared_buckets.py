"""What one process takes out of the buckets that have a name, the others take out of theirs, a moment later.

A moment, because a message for each request would cost more than the request may: a client that asks several processes
at once gets a little more than it should, for a quarter of a second.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from services.core import buckets, jobs
from services.core.processes import Processes

TELL_EVERY = 0.25
TAKEN = 'taken'

_taken = Counter[tuple[str, str]]()
_noting = threading.Lock()
"""the writer notes, too: guests who join"""


def start(processes: Processes) -> asyncio.Task[None]:
    """Share the buckets from now on, until the task is cancelled."""

    async def tell() -> None:
        with _noting:
            noted = _taken.copy()
            _taken.clear()
        taken = [(name, key, count) for (name, key), count in noted.items() if count]
        if taken:
            processes.say(TAKEN, {TAKEN: taken})

    processes.hear(TAKEN, hear)
    buckets.tell_others = note
    return jobs.every(TELL_EVERY, 'sharing limits', tell)


def note(name: str, key: str, count: int) -> None:
    """Take note of what is to be told."""
    with _noting:
        _taken[name, key] += count


def hear(_: str, message: Mapping[str, Any]) -> None:
    """Take what another process has taken; buckets that only the other one knows are of another version."""
    for name, key, count in message[TAKEN]:
        if found := buckets.named.get(name):
            found.taken_elsewhere(str(key), int(count))
