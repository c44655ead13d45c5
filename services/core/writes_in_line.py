"""The writes that wait for the writer: the quick ones, such as taps, before all others, and those in turn with them.

A tap does not wait until the notices of fifty people are marked as read: a commit has either quick writes or others in
it. While both wait, they take turns, and the others have a few milliseconds at a time.
"""

from collections import deque
from collections.abc import Callable, Sequence

from services.core.performing import Write

MOST_IN_ONE_COMMIT = 200


class WritesInLine:
    """Two lines before one door."""

    def __init__(self, is_quick: Callable[[Write], bool]) -> None:
        self._is_quick = is_quick
        self._quick: deque[Write] = deque()
        self._others: deque[Write] = deque()
        self._others_are_next = False

    def __len__(self) -> int:
        return len(self._quick) + len(self._others)

    def add(self, write: Write) -> None:
        """Put a write at the end of its line."""
        (self._quick if self._is_quick(write) else self._others).append(write)

    def oldest(self) -> float | None:
        """Return since when the write waits that came first; None where none waits."""
        return min((line[0].since for line in (self._quick, self._others) if line), default=None)

    @property
    def quick_wait(self) -> bool:
        """Whether a quick write waits; any thread may ask."""
        return bool(self._quick)

    def quick_are_next(self) -> bool:
        """Whether what is taken next are quick writes."""
        return bool(self._quick) and not (self._others and self._others_are_next)

    def take(self) -> list[Write]:
        """Take the writes that may share the next commit, all of them quick or none."""
        quick = self.quick_are_next()
        self._others_are_next = quick
        line = self._quick if quick else self._others
        return [line.popleft() for _ in range(min(len(line), MOST_IN_ONE_COMMIT))]

    def put_back(self, others: Sequence[Write]) -> None:
        """Put writes back that found no time in their commit, before all that came later."""
        self._others.extendleft(reversed(others))
