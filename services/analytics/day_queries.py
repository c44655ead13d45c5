"""What the database is asked for the days of a course, from the daily totals; each query is found by an index."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

import orjson
from sqlalchemy import BindParameter, bindparam, func, literal, select

from models import DailyTotal, Enrollment, Verb, table, verbs_where
from services.analytics.course_facts import DaySums
from services.core.sql.in_list import among
from services.core.sql.listed import listed
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def days(
    tx: Transaction, course_id: int, people: Sequence[int], since: date
) -> tuple[dict[date, set[int]], dict[date, DaySums]]:
    """Return of each day since one which of some learners did something themselves, and what all did together.

    A day on which nothing of these learners was recorded is in neither.
    """
    active: defaultdict[date, set[int]] = defaultdict(set)
    sums: dict[date, DaySums] = {}
    for day, verb, user_ids, seconds, completed in _DAYS.rows(
        tx.connection, course=course_id, people=list(people), since=since
    ):
        who = active[day]
        if verb not in NOT_OWN:
            who.update(orjson.loads(user_ids))
        so_far = sums.get(day, DaySums(seconds=0, completed=0))
        sums[day] = DaySums(seconds=so_far.seconds + int(seconds), completed=so_far.completed + int(completed))
    return active, sums


def last_days(
    tx: Transaction, course_id: int, people: Sequence[int], active: Mapping[date, AbstractSet[int]]
) -> dict[int, date]:
    """Return on which day each of some learners did something themselves last, where the days of late are known."""
    found = {user_id: day for day in sorted(active) for user_id in active[day]}
    if before := [user_id for user_id in people if user_id not in found]:
        found.update(
            (user_id, last) for user_id, last in _LAST.rows(tx.connection, course=course_id, people=before) if last
        )
    return found


_totals, _enrollments = table(DailyTotal), table(Enrollment)
_COURSE: BindParameter[int] = bindparam('course')

NOT_OWN = sorted({*verbs_where(lambda traits: not traits.is_own_deed), Verb.ENROLLED})
"""what others do for a learner says nothing of how active they are"""
_SINCE = _totals.c.local_date >= bindparam('since', type_=_totals.c.local_date.type)
IS_DEED = _totals.c.verb.not_in([literal(verb, _totals.c.verb.type) for verb in NOT_OWN])
"""as one list, which is looked up: a chain of comparisons took twice as long"""
_last = (
    select(_totals.c.local_date)
    .where(_totals.c.course_id == _COURSE, _totals.c.user_id == _enrollments.c.user_id, IS_DEED)
    .order_by(_totals.c.local_date.desc())
    .limit(1)
    .correlate(_enrollments)
)
_LAST = Prepared(
    select(_enrollments.c.user_id, _last.scalar_subquery()).where(
        _enrollments.c.course_id == _COURSE, among(_enrollments.c.user_id, 'people')
    )
)
_DAYS = Prepared(
    lambda dialect: (
        select(
            _totals.c.local_date,
            _totals.c.verb,
            listed(dialect, _totals.c.user_id),
            func.sum(_totals.c.seconds),
            func.sum(_totals.c.completed),
        )
        .where(_totals.c.course_id == _COURSE, among(_totals.c.user_id, 'people'), _SINCE)
        .group_by(_totals.c.local_date, _totals.c.verb)
    )
)
