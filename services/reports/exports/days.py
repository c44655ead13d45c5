"""How long learners were at work on each day of theirs: what three of the tables are sums of."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import String, bindparam, case, cast, func, literal_column, select

from models import Attendance, DailyTotal, LiveSession, Verb, table
from services.analytics import day_queries
from services.core import zones
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.reports.exports.asking import Scope

AT_ONCE = 100
"""learners whose days are read together"""


@dataclass(slots=True)
class Day:
    """One day of one learner, as on the page of the learner."""

    study_seconds: int = 0
    class_seconds: int = 0
    completed: int = 0
    is_active: bool = False
    """whether the learner did something themselves"""

    @property
    def is_shown(self) -> bool:
        """Whether there was something that a table has."""
        return bool(self.study_seconds or self.class_seconds or self.completed)


def some(found: Scope, position: int) -> tuple[list[int], int | None]:
    """Return the learners of a page, and where the next page begins; None after the last one."""
    people = list(found.learners)
    end = position + AT_ONCE
    return people[position:end], end if end < len(people) else None


def in_parts(found: Scope) -> Iterator[list[int]]:
    """Yield all learners, some at a time."""
    for start in range(0, len(found.learners), AT_ONCE):
        yield some(found, start)[0]


def studied_by_month(tx: Transaction, found: Scope) -> Iterator[tuple[int, str, int]]:
    """Yield (learner, month, seconds of study on their own) of all who are asked for.

    The database adds the days up: where a school reads hundreds of courses, there would be a million of them.
    """
    span = {'since': found.since, 'until': found.until}
    for user_id, month, seconds in _MONTHS.rows(tx.connection, course=found.course_id, **span):
        if user_id in found.learners:
            yield user_id, month, int(seconds)


def in_class(tx: Transaction, found: Scope, people: Container[int]) -> Iterator[tuple[int, date, int]]:
    """Yield (learner, day, seconds in class) of some learners, whose zone decides on which day that was."""
    selves = [one for one, owner in found.selves.items() if owner in people]
    began = zones.start_of_day(zones.of('UTC'), found.since - timedelta(days=1))
    ended = zones.start_of_day(zones.of('UTC'), found.until + timedelta(days=2))
    rows = _CLASSES.rows(tx.connection, course=found.course_id, people=selves, since=began, until=ended)
    for one, came_at, seconds in rows:
        user_id = found.selves[one]
        day = zones.local_date(found.learners[user_id].zone, came_at)
        if found.since <= day <= found.until:
            yield user_id, day, seconds


def of_people(tx: Transaction, found: Scope, people: Sequence[int]) -> dict[int, dict[date, Day]]:
    """Return the days of some learners, in order."""
    days: dict[int, dict[date, Day]] = {user_id: {} for user_id in people}
    span = {'since': found.since, 'until': found.until}
    for user_id, day, seconds, completed, deeds in _TOTALS.rows(
        tx.connection, course=found.course_id, people=list(people), **span
    ):
        days[user_id][day] = Day(study_seconds=int(seconds), completed=int(completed), is_active=bool(deeds))
    for user_id, day, seconds in in_class(tx, found, days):
        days[user_id].setdefault(day, Day()).class_seconds += seconds
    return {user_id: dict(sorted(its.items())) for user_id, its in days.items()}


_totals, _attendance, _live = table(DailyTotal), table(Attendance), table(LiveSession)
_DAY, _MOMENT = _totals.c.local_date.type, _attendance.c.came_at.type
_TOTALS = Prepared(
    select(
        _totals.c.user_id,
        _totals.c.local_date,
        func.sum(_totals.c.seconds),
        func.sum(_totals.c.completed),
        func.max(case((day_queries.IS_DEED, 1), else_=0)),
    )
    .where(
        _totals.c.course_id == bindparam('course'),
        among(_totals.c.user_id, 'people'),
        _totals.c.local_date >= bindparam('since', type_=_DAY),
        _totals.c.local_date <= bindparam('until', type_=_DAY),
    )
    .group_by(_totals.c.user_id, _totals.c.local_date)
)
_month = func.substr(cast(_totals.c.local_date, String), literal_column('1'), literal_column('7'))
_MONTHS = Prepared(
    select(_totals.c.user_id, _month, func.sum(_totals.c.seconds))
    .where(
        _totals.c.course_id == bindparam('course'),
        _totals.c.local_date >= bindparam('since', type_=_DAY),
        _totals.c.local_date <= bindparam('until', type_=_DAY),
        _totals.c.verb == Verb.STUDIED,
    )
    .group_by(_totals.c.user_id, _month)
)
_CLASSES = Prepared(
    select(_attendance.c.user_id, _attendance.c.came_at, _attendance.c.seconds)
    .join(_live, _live.c.id == _attendance.c.session_id)
    .where(
        among(_attendance.c.user_id, 'people'),
        _live.c.course_id == bindparam('course'),
        _attendance.c.came_at >= bindparam('since', type_=_MOMENT),
        _attendance.c.came_at < bindparam('until', type_=_MOMENT),
    )
)
