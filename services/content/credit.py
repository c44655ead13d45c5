"""Time that has passed at a film or a document and is not used up: what a program has to spend when it tells.

Pure rules. A page is followed here as it is used, with a clock of ours; a program only tells afterwards what it
showed. So it can never tell of more than there was time for, however often it tells and however many there are.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST = 1.0
"""Seconds that a learner is believed to have been there before they tell anything."""
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


def credit(spent_until: datetime | None, now: datetime, *, lasts: float = LASTS) -> Credit:
    """Return what there is to spend now; where the clock was set back there is nothing until it has caught up."""
    if spent_until is None:
        return Credit(spent_until=now - timedelta(seconds=FIRST), now=now)
    return Credit(spent_until=min(now, max(spent_until, now - timedelta(seconds=lasts))), now=now)
