"""What the database is asked for the days of a course, from the daily totals; each query is found by an index."""

from collections.abc import Sequence
from datetime import date

import orjson
from sqlalchemy import BindParameter, bindparam, func, literal, or_, select

from models import DailyTotal, Enrollment, Verb, table, verbs_where
from services.analytics.course_facts import DaySums
from services.core.sql.in_list import among
from services.core.sql.listed import listed
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def outer_days(
    tx: Transaction, course_id: int, people: Sequence[int], since: date
) -> tuple[dict[int, date], date | None]:
    """Return on which day each of some learners did something themselves last, and the first day since one of all."""
    rows = _OUTER_DAYS.rows(tx.connection, course=course_id, people=list(people), since=since)
    last_days = {user_id: last for user_id, last, _ in rows if last}
    return last_days, min((first for *_, first in rows if first), default=None)


def active(tx: Transaction, course_id: int, people: Sequence[int], since: date) -> dict[date, set[int]]:
    """Return which of some learners did something themselves on each day since one."""
    rows = _ACTIVE.rows(tx.connection, course=course_id, people=list(people), since=since)
    return {day: set(orjson.loads(user_ids)) for day, user_ids in rows}


def sums(tx: Transaction, course_id: int, people: Sequence[int], since: date) -> dict[date, DaySums]:
    """Return how long some learners studied on each day since one, and how much they completed, all together."""
    rows = _SUMS.rows(tx.connection, course=course_id, people=list(people), since=since)
    return {day: DaySums(seconds=int(seconds), completed=int(completed)) for day, seconds, completed in rows}


_totals, _enrollments = table(DailyTotal), table(Enrollment)
_COURSE: BindParameter[int] = bindparam('course')

NOT_OWN = sorted({*verbs_where(lambda traits: not traits.is_own_deed), Verb.ENROLLED})
"""what others do for a learner says nothing of how active they are"""
_SINCE = _totals.c.local_date >= bindparam('since', type_=_totals.c.local_date.type)
IS_DEED = _totals.c.verb.not_in([literal(verb, _totals.c.verb.type) for verb in NOT_OWN])
"""as one list, which is looked up: a chain of comparisons took twice as long"""
_SUMMED = sorted(verbs_where(lambda traits: traits.counts_as_study or traits.moves_percentage))
"""whose totals can have seconds or completed checkpoints"""
_whose_days = select(_totals.c.local_date).where(
    _totals.c.course_id == _COURSE, _totals.c.user_id == _enrollments.c.user_id
)
_last = _whose_days.where(IS_DEED).order_by(_totals.c.local_date.desc()).limit(1).correlate(_enrollments)
_first = _whose_days.where(_SINCE).order_by(_totals.c.local_date).limit(1).correlate(_enrollments)
_OUTER_DAYS = Prepared(
    select(_enrollments.c.user_id, _last.scalar_subquery(), _first.scalar_subquery()).where(
        _enrollments.c.course_id == _COURSE, among(_enrollments.c.user_id, 'people')
    )
)
_THEIRS = _totals.c.course_id == _COURSE, among(_totals.c.user_id, 'people'), _SINCE
_active = select(_totals.c.user_id, _totals.c.local_date).where(*_THEIRS, IS_DEED).distinct().subquery()
_ACTIVE = Prepared(
    lambda dialect: select(_active.c.local_date, listed(dialect, _active.c.user_id)).group_by(_active.c.local_date)
)
_SUMS = Prepared(
    select(_totals.c.local_date, func.sum(_totals.c.seconds), func.sum(_totals.c.completed))
    .where(*_THEIRS, or_(*(_totals.c.verb == verb for verb in _SUMMED)))
    .group_by(_totals.c.local_date)
)
