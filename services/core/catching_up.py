"""What a process loads anew when it did not hear everything that other processes have committed.

All that somebody watches here is loaded at once, and then no sooner than a while later. That while doubles as long as
the others cannot be heard at all; what the log says of courses is enough to show taps sooner.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from services.core import hub, server_log

LOAD_EVERY = 1.0
"""seconds from one time at which everything is loaded anew to the next: where messages are slow for a while, each of
them would begin it again, and it would never come to its end"""
LONGEST = 16.0
"""seconds, where the others cannot be heard for long"""
PEOPLE_AT_ONCE, PEOPLE_EVERY = 50, 0.1
"""how many people's own pages are loaded together, and seconds until the next ones"""


class CatchingUp:
    """Loads what screens of this process show, not too often."""

    def __init__(self) -> None:
        self._every = LOAD_EVERY
        self._loaded_at = -LONGEST
        self._load_soon: asyncio.TimerHandle | None = None
        self._people_soon: asyncio.TimerHandle | None = None

    def missed(self) -> None:
        """Load everything that is watched here, now or as soon as the last time is long enough ago."""
        if self._load_soon is None:
            self._load_soon = _later(self._loaded_at + self._every - time.monotonic(), self._load)

    def missed_alone(self, courses: Collection[int]) -> None:
        """Load courses of which the log has news, and everything else less and less often: the others are not heard."""
        if hub.look_again(courses):
            server_log.write('loaded anew', courses=len(courses))
        waits = self._load_soon is not None
        self.missed()
        if not waits:
            self._every = min(self._every * 2, LONGEST)

    def hear(self) -> None:
        """Take note that the others are heard again."""
        self._every = LOAD_EVERY
        if self._load_soon:  # what waited for long
            self._load_soon.cancel()
            self._load_soon = None

    def close(self) -> None:
        """Load nothing later."""
        for each in self._load_soon, self._people_soon:
            if each:
                each.cancel()

    def _load(self) -> None:
        self._load_soon = None
        self._loaded_at = time.monotonic()
        server_log.write('loaded anew', courses=hub.look_again())
        if self._people_soon:
            self._people_soon.cancel()
        self._wake(iter(hub.people()))

    def _wake(self, people: Iterator[int]) -> None:
        """Let people's own pages, such as notices, look again, some at a time."""
        hub.look_again_for(tuple(islice(people, PEOPLE_AT_ONCE)))
        rest = tuple(people)
        self._people_soon = _later(PEOPLE_EVERY, lambda: self._wake(iter(rest))) if rest else None


def _later(seconds: float, work: Callable[[], None]) -> asyncio.TimerHandle | None:
    """Do some work after a while; at once, and returning None, where there is nothing to wait for."""
    if seconds > 0:
        return asyncio.get_running_loop().call_later(seconds, work)
    work()
    return None
