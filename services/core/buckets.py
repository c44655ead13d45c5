"""Token buckets: how often somebody may do something; each bucket fills up again by itself."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from services.core.errors import TooManyAttempts
from services.core.phrases import Phrase, phrase

MOST_BUCKETS = 20_000


_TOO_MANY = phrase('Too many requests. Wait a moment, then go on.')


@dataclass(slots=True, kw_only=True)
class Buckets:
    """One bucket for each name; those not used for longest are dropped first, so the memory for them is bounded."""

    per_second: float
    at_once: int
    sentence: Phrase = _TOO_MANY
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, who: str) -> None:
        """Take one out of a bucket; raises `TooManyAttempts` if it is empty."""
        left = self._fill(who)
        if left < 1:
            raise self._refusal(left)
        self._put(who, left - 1)

    def give_back(self, who: str) -> None:
        """Put one back that was taken for what turned out to be all right."""
        self._put(who, min(float(self.at_once), self._fill(who) + 1))

    def check(self, who: str) -> None:
        """Raise `TooManyAttempts` if a bucket is empty; takes nothing."""
        if (left := self._fill(who)) < 1:
            raise self._refusal(left)

    def is_empty(self, who: str) -> bool:
        """Tell whether nothing can be taken at the moment."""
        return self._fill(who) < 1

    def clear(self) -> None:
        """Fill all buckets."""
        self._left.clear()

    def _fill(self, who: str) -> float:
        now = time.monotonic()
        left, since = self._left.pop(who, (float(self.at_once), now))
        left = min(float(self.at_once), left + (now - since) * self.per_second)
        self._left[who] = left, now
        if len(self._left) > MOST_BUCKETS:
            self._left.popitem(last=False)
        return left

    def _put(self, who: str, left: float) -> None:
        self._left[who] = left, time.monotonic()

    def _refusal(self, left: float) -> TooManyAttempts:
        return TooManyAttempts(self.sentence, seconds=max(1, round((1 - left) / self.per_second + 0.5)))
