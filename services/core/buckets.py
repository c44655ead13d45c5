"""Token buckets: how often somebody may do something; each bucket fills up again by itself.

Those that have a name are the same in all processes that hear each other (`services.core.shared_buckets`).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from services.core.errors import TooManyAttempts
from services.core.hidden_names import hidden
from services.core.phrases import Phrase, phrase

MOST_BUCKETS = 20_000


_TOO_MANY = phrase('Too many requests. Wait a moment, then go on.')


@dataclass(slots=True, kw_only=True)
class Buckets:
    """One bucket for each name; those not used for longest are dropped first, so the memory for them is bounded."""

    per_second: float
    at_once: int
    sentence: Phrase = _TOO_MANY
    name: str = ''
    """what is limited; where several processes run, each tells the others what is taken"""
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """Be known by the name, for what other processes say."""
        if self.name:
            named[self.name] = self

    def take(self, who: str) -> None:
        """Take one out of a bucket; raises `TooManyAttempts` if it is empty."""
        key = self._key(who)
        left = self._fill(key)
        if left < 1:
            raise self._refusal(left)
        self._put(key, left - 1)
        self._tell(key, 1)

    def give_back(self, who: str) -> None:
        """Put one back that was taken for what turned out to be all right."""
        key = self._key(who)
        self._put(key, min(float(self.at_once), self._fill(key) + 1))
        self._tell(key, -1)

    def check(self, who: str) -> None:
        """Raise `TooManyAttempts` if a bucket is empty; takes nothing."""
        if (left := self._fill(self._key(who))) < 1:
            raise self._refusal(left)

    def is_empty(self, who: str) -> bool:
        """Tell whether nothing can be taken at the moment."""
        return self._fill(self._key(who)) < 1

    def taken_elsewhere(self, key: str, count: int) -> None:
        """Take note of what another process has taken out of a bucket, or has given back (less than 0)."""
        self._put(key, max(0.0, min(float(self.at_once), self._fill(key) - count)))

    def clear(self) -> None:
        """Fill all buckets."""
        self._left.clear()

    def _key(self, who: str) -> str:
        """Return under what a bucket is kept: other processes are told no addresses and no cookies."""
        return hidden(who) if self.name else who

    def _tell(self, key: str, count: int) -> None:
        if self.name and tell_others:
            tell_others(self.name, key, count)

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


named: dict[str, Buckets] = {}
tell_others: Callable[[str, str, int], None] | None = None
"""tells the other processes what was taken, where there are any"""
