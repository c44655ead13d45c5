"""Time that has passed at a video or a document and is not used up: what can be spent on what is said to be seen.

Pure rules. Each page, and each client, can tell of anything; so they all spend the same time, once for one person
and one content, however often they tell and however many they are.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.content.intervals import Interval, Seen
from services.content.video_tracker import FASTEST

LASTS = 120.0
"""Seconds for which time lasts that is not spent; as long as somebody is believed to read on without a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What there is to spend."""

    spent_until: datetime
    now: datetime

    @property
    def seconds(self) -> float:
        """How much is left."""
        return max(0.0, (self.now - self.spent_until).total_seconds())

    def spend(self, seconds: float) -> 'Credit':
        """Return what is left after some was spent."""
        return replace(self, spent_until=min(self.now, self.spent_until + timedelta(seconds=seconds)))


def credit(spent_until: datetime | None, now: datetime, *, first: float, lasts: float = LASTS) -> Credit:
    """Return what there is to spend now; `first` seconds where nothing was told before.

    Where the clock was set back there is nothing until it has caught up.
    """
    if spent_until is None:
        return Credit(spent_until=now - timedelta(seconds=first), now=now)
    return Credit(spent_until=min(now, max(spent_until, now - timedelta(seconds=lasts))), now=now)


def affordable(told: Seen, left: Credit) -> tuple[Seen, Credit]:
    """Return the part of what is told of a video that there was time for, and what is left then."""
    seen: list[Interval] = []
    for start, stop in told:
        end = min(stop, start + left.seconds * FASTEST)
        if start < end:
            seen.append((start, end))
            left = left.spend((end - start) / FASTEST)
    return tuple(seen), left
