"""Streaks: how many days of learning follow on each other, by the learner's own dates. Source: PRODUCT G4.

Days without duties never break one, a learner who misses a day is forgiven by a freeze, and the longest streak stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

MOST_FREEZES = 2
EARNED_AFTER = 7
"""days of learning that earn a freeze"""
AFTER_TRAVEL = timedelta(hours=48)
"""how long a day also counts by the clocks of the zone that a learner has left"""
TRAVELLED = timedelta(hours=2)
"""differences between clocks that are no travel: those of summer time, and of zones with half hours"""
SATURDAY = 5


class Learned(NamedTuple):
    """A date of a learner on which they learned, and when it began to count."""

    day: date
    at: datetime
    hour: int
    """of that day"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How regularly a learner learns."""

    current: int = 0
    longest: int = 0
    freezes: int = MOST_FREEZES
    """missed days that will be forgiven"""
    frozen: tuple[date, ...] = ()
    """missed days that were forgiven, of the current streak"""
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksInARow:
    """In how many weeks a learner has reached their goal."""

    current: int = 0
    longest: int = 0


def is_weekend(day: date) -> bool:
    """Tell whether a day is one on which schools have no lessons."""
    return day.weekday() >= SATURDAY


def streak(days: Iterable[date], today: date, is_free: Callable[[date], bool] = is_weekend) -> Streak:
    """Return the streak of a learner who learned on some days; the day that is not over yet breaks nothing."""
    learned = set(days)
    if not learned:
        return Streak()
    current = longest = counted = 0
    freezes, frozen = MOST_FREEZES, list[date]()
    day = min(learned)
    while day <= today:
        if day in learned:
            current, counted = current + 1, counted + 1
            longest = max(longest, current)
            freezes = min(MOST_FREEZES, freezes + (counted % EARNED_AFTER == 0))
        elif current and day != today and not is_free(day):
            if freezes:
                freezes -= 1
                frozen.append(day)
            else:
                current, frozen = 0, []
        day += timedelta(days=1)
    return Streak(current=current, longest=longest, freezes=freezes, frozen=tuple(frozen), last_day=max(learned))


def weeks_in_a_row(
    met: Iterable[date], missed: Iterable[date], is_free: Callable[[date], bool] = is_weekend
) -> WeeksInARow:
    """Return in how many weeks, by their Mondays, a learner reached their goal one after the other.

    A week in which nothing had to be reached breaks nothing, and neither does one with a day off in it.
    """
    reached = set(met)
    current = longest = 0
    for monday in sorted(reached | set(missed)):
        if monday in reached:
            current += 1
            longest = max(longest, current)
        elif not any(is_free(monday + timedelta(days=number)) for number in range(SATURDAY)):
            current = 0
    return WeeksInARow(current=current, longest=longest)


def dates(learned: Sequence[Learned]) -> set[date]:
    """Return the dates on which somebody learned; soon after travel, also by the clocks of the zone that they left."""
    found: set[date] = set()
    left: tuple[datetime, timedelta] | None = None
    before: timedelta | None = None
    for each in sorted(learned, key=lambda each: each.at):
        found.add(each.day)
        ahead = _ahead(each)
        if before is not None and abs(ahead - before) >= TRAVELLED:
            left = each.at, before
        if left and each.at - left[0] <= AFTER_TRAVEL:
            found.add((each.at + left[1]).date())
        before = ahead
    return found


def _ahead(learned: Learned) -> timedelta:
    """Return how far the clocks of the learner were ahead of UTC, in whole hours."""
    clock = datetime.combine(learned.day, time(learned.hour))
    return clock - learned.at.replace(minute=0, second=0, microsecond=0, tzinfo=None)
