"""Study time by the week: the sessions of a learner, added up from Monday to Sunday in the zone of the reader."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.core import zones
from services.study.times import SessionTime

MOST_WEEKS = 12
"""How many weeks are returned at most: about a term."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyWeek:
    """One week of a learner in a course."""

    monday: date
    seconds: int

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)


def by_week(sessions: Iterable[SessionTime], zone: ZoneInfo, now: datetime) -> tuple[StudyWeek, ...]:
    """Return this week and those before it, back to the first session, the newest first; none without a session.

    A session belongs to the week in which it began. A week without study is part of the row.
    """
    seconds: Counter[date] = Counter()
    for each in sessions:
        seconds[_monday(zone, each.started_at)] += each.active_seconds
    if not seconds:
        return ()
    this_week, first = _monday(zone, now), min(seconds)
    mondays = [this_week - number * WEEK for number in range(MOST_WEEKS)]
    return tuple(StudyWeek(monday=monday, seconds=seconds[monday]) for monday in mondays if monday >= first)


def _monday(zone: ZoneInfo, moment: datetime) -> date:
    day = zones.local_date(zone, moment)
    return day - timedelta(days=day.weekday())
