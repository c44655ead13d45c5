"""One page on which somebody reads: from what is on their screen to what they can have read.

It knows no screen and no database; moments are seconds of a clock of ours that never jumps. Time flows into the parts
that are on the screen, from top to bottom: each needs some time, then it is read. What is only leafed or scrolled past
is not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.content import intervals
from services.content.backlog import Backlog
from services.content.intervals import Seen

ATTENTION = 120.0
"""Seconds for which somebody is believed to read on without turning a page or scrolling."""
LOOK = 2.0
"""Seconds after which a page that is shown counts as seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPart:
    """One page, or one part of a text: from where to where, and how many seconds it needs."""

    start: float
    stop: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedReading:
    """What there is to save of a reading."""

    seen: Seen = ()
    position: float | None = None
    """where to go on, if it has moved"""
    views: int = 0
    seconds: float = 0.0
    """how long it was read, if this ends a stretch"""

    def __bool__(self) -> bool:
        return self != UnsavedReading()

    def and_then(self, later: 'UnsavedReading') -> 'UnsavedReading':
        """Return both together."""
        return UnsavedReading(
            seen=intervals.merge([*self.seen, *later.seen]),
            position=self.position if later.position is None else later.position,
            views=self.views + later.views,
            seconds=self.seconds + later.seconds,
        )


def pages(count: int) -> list[ReadingPart]:
    """Return the pages of a document as parts."""
    return [ReadingPart(start=index, stop=index + 1, seconds=LOOK) for index in range(count)]


class Reading(Backlog[UnsavedReading]):
    """Follows one document on one page."""

    def __init__(self, parts: Sequence[ReadingPart], *, seen: Seen = (), at: float = 0.0) -> None:
        super().__init__(UnsavedReading())
        self.position = at
        self._parts = parts
        self._left = {index: part.seconds for index, part in enumerate(parts) if not covers(seen, part)}
        self._shown: list[int] = []
        self._since = self._sign_at = 0.0
        self._seconds = 0.0
        self._has_begun = False

    @property
    def is_waiting(self) -> bool:
        """Whether something is on the screen that is not read yet."""
        return any(index in self._left for index in self._shown)

    def show(self, shown: Collection[int], now: float) -> None:
        """Somebody has turned to these parts, by their numbers from 0; those that do not exist show nothing."""
        self.pass_time(now)
        self._shown = sorted(index for index in set(shown) if 0 <= index < len(self._parts))
        self._sign_at = now
        if not self._shown:
            return
        self._add(UnsavedReading(views=not self._has_begun))
        self._has_begun = True
        position = self._parts[self._shown[0]].start
        if position != self.position:
            self.position = position
            self._add(UnsavedReading(position=position))

    def pass_time(self, now: float) -> None:
        """Let the time until now flow into what is on the screen."""
        until = min(now, self._sign_at + ATTENTION)
        passed, self._since = max(0.0, until - self._since), max(now, self._since)
        if not self._shown:
            return
        self._seconds += passed
        for index in self._shown:
            if passed <= 0 or index not in self._left:
                continue
            passed, self._left[index] = passed - self._left[index], self._left[index] - passed
            if self._left[index] <= 0:
                del self._left[index]
                part = self._parts[index]
                self._add(UnsavedReading(seen=((part.start, part.stop),)))
        if now > until:
            self._end_stretch()

    def leave(self, now: float) -> None:
        """The page is closed."""
        self.pass_time(now)
        self._shown = []
        self._end_stretch()

    def _end_stretch(self) -> None:
        self._add(UnsavedReading(seconds=self._seconds))
        self._seconds = 0.0


def covers(seen: Seen, part: ReadingPart) -> bool:
    """Tell whether a part was seen before."""
    return any(start <= part.start and part.stop <= stop for start, stop in seen)
