"""Who is in front of a class: pages that come and go, the last sign of each learner, and what follows from time alone.

Pure: it knows neither the board nor the loop, and is told the time (seconds of any clock that never goes back).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

from services.live.board.views import Headcount, Presence

IDLE_AFTER = 120.0
"""Seconds without a tap or any other gesture."""
GRACE = 8.0
"""Seconds without a connection that nobody is shown: networks flicker, and phones change from one to another."""


@dataclass(slots=True)
class _Signs:
    """What is known of one learner."""

    open: int = 0
    """pages, also those whose connection is gone for the moment"""
    connected: int = 0
    active_at: float = -inf
    gone_at: float = -inf
    """since when no page is connected"""
    joined: bool = False
    due: float = inf
    """when to look at them again"""


class Presences:
    """The presence of every learner of one class, as screens show it."""

    def __init__(self) -> None:
        self._signs: dict[int, _Signs] = {}
        self._shown: dict[int, Presence] = {}
        self._counts: Counter[Presence] = Counter()
        self._deadlines: list[tuple[float, int]] = []
        self._moved: set[int] = set()
        self._open = 0
        self.version = 0
        """grows with whatever is shown of anybody"""

    # what screens show

    def shown(self, user_id: int) -> Presence:
        """Return the presence of a learner as it was last looked at."""
        return self._shown.get(user_id, Presence.NOT_YET)

    def counts(self, enrolled: int) -> Headcount:
        """Count the learners of a class in which so many are enrolled."""
        working, idle, lost = (self._counts[each] for each in (Presence.WORKING, Presence.IDLE, Presence.LOST))
        return Headcount(here=working + idle, idle=idle, lost=lost, not_yet=max(0, enrolled - working - idle - lost))

    def state_of(self, user_id: int, now: float) -> Presence:
        """Return the presence of a learner."""
        signs = self._signs.get(user_id)
        if signs is None:
            return Presence.NOT_YET
        if not signs.connected and now >= signs.gone_at + GRACE:
            return Presence.LOST if signs.joined else Presence.NOT_YET
        return Presence.WORKING if now < signs.active_at + IDLE_AFTER else Presence.IDLE

    def is_here(self, user_id: int) -> bool:
        """Tell whether any page of a learner is open, connected or not."""
        return user_id in self._signs and self._signs[user_id].open > 0

    def silent_for(self, user_id: int, now: float) -> int:
        """Return for how many seconds a learner has had no connection."""
        signs = self._signs.get(user_id)
        return int(now - signs.gone_at) if signs and not signs.connected and signs.gone_at > -inf else 0

    def take_moved(self) -> set[int]:
        """Return those whose presence has moved since this was asked last."""
        moved, self._moved = self._moved, set()
        return moved

    @property
    def have_moved(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._moved)

    @property
    def is_anybody_here(self) -> bool:
        """Whether any page is open."""
        return self._open > 0

    # what happens

    def begin(self, joined: Iterable[int], now: float) -> None:
        """Begin with a class that these have joined; pages stay as they are."""
        have_joined = set(joined)
        for user_id in have_joined:
            self._signs.setdefault(user_id, _Signs())
        for user_id, signs in self._signs.items():
            signs.joined = user_id in have_joined
            self._look(user_id, now)

    def join(self, user_id: int, now: float) -> None:
        """A learner takes part in the class."""
        self._signs.setdefault(user_id, _Signs()).joined = True
        self._look(user_id, now)

    def arrive(self, user_id: int, now: float) -> bool:
        """A page was opened; returns whether it is their only one."""
        signs = self._signs.setdefault(user_id, _Signs())
        self._open += 1
        signs.open += 1
        signs.connected += 1
        signs.active_at = now
        self._look(user_id, now)
        return signs.open == 1

    def lose(self, user_id: int, now: float) -> None:
        """The connection of a page is gone."""
        signs = self._signs[user_id]
        signs.connected -= 1
        if not signs.connected:
            signs.gone_at = now
        self._look(user_id, now)

    def regain(self, user_id: int, now: float) -> None:
        """A page is connected again; a learner who was shown as lost is back at work."""
        signs = self._signs[user_id]
        if self.state_of(user_id, now) not in {Presence.WORKING, Presence.IDLE}:
            signs.active_at = now
        signs.connected += 1
        self._look(user_id, now)

    def leave(self, user_id: int, now: float) -> bool:
        """A page is gone for good; returns whether it was their last one."""
        signs = self._signs[user_id]
        self._open -= 1
        signs.open -= 1
        if signs.connected > signs.open:  # it was closed while it was connected
            self.lose(user_id, now)
        return not signs.open

    def act(self, user_id: int, now: float) -> None:
        """A learner who is known has tapped or done anything else."""
        if signs := self._signs.get(user_id):
            signs.active_at = now
            self._look(user_id, now)

    def pass_time(self, now: float) -> None:
        """Look at those whose time has come."""
        while self._deadlines and self._deadlines[0][0] <= now:
            due, user_id = heappop(self._deadlines)
            if self._signs[user_id].due == due:  # else somebody has looked at them meanwhile
                self._signs[user_id].due = inf
                self._look(user_id, now)

    def _look(self, user_id: int, now: float) -> None:
        before, after = self._shown.get(user_id), self.state_of(user_id, now)
        if after is not before:
            self._shown[user_id] = after
            self.version += 1
            self._counts[after] += 1
            if before is not None:
                self._counts[before] -= 1
            self._moved.add(user_id)
        signs = self._signs[user_id]
        due = min(
            signs.active_at + IDLE_AFTER if after is Presence.WORKING else inf,
            signs.gone_at + GRACE if after in _HERE and not signs.connected else inf,
        )
        if due < signs.due:  # a later one is found when the earlier has come: one tap need not move the heap
            signs.due = due
            heappush(self._deadlines, (due, user_id))


_HERE = frozenset({Presence.WORKING, Presence.IDLE})
