"""How much one token may ask for, and one address without a token: a bucket that fills up again by itself."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from services.core.errors import TooManyAttempts

MOST_BUCKETS = 20_000


@dataclass(slots=True)
class Limits:
    """Buckets, by who asks; whoever has not been there for longest is forgotten first."""

    per_second: float
    at_once: int
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, who: str) -> None:
        """Take one request out of a bucket; raises `TooManyAttempts` if it is empty."""
        now = time.monotonic()
        left, since = self._buckets.pop(who, (float(self.at_once), now))
        left = min(float(self.at_once), left + (now - since) * self.per_second)
        self._buckets[who] = (left - 1 if left >= 1 else left), now
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if left < 1:
            seconds = max(1, round((1 - left) / self.per_second + 0.5))
            raise TooManyAttempts('Too many requests. Wait a moment, then go on.', seconds=seconds)
