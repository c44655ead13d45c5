"""How a learner stands to the others of a course: only for those who want it, and only where the others are enough.

Everything is as of the end of yesterday in the school's zone, so that nobody can see what one person did just now, also
not by a change of their own zone. Who was taken out since counts until the day is over: the difference would be theirs.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BindParameter, bindparam, func, or_, select

from models import DailyTotal, Enrollment, User, table
from services.analytics import k_rule
from services.analytics.k_rule import IN_COURSE, Rough
from services.analytics.learner_facts import LearnerFacts
from services.core import zones
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

NEAR = 10
"""percentage points within which somebody is at a similar level"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The learner and the others, as of the end of `day`; None where it would show a person."""

    day: date
    own_percent: int
    others_percent: int | None
    own_week_steps: int
    others_week_steps: float | None
    ahead_of: int | Rough
    """the share of the others who have done less than 10 points below"""
    similar_to: int | Rough
    behind: int | Rough


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    percent: int
    in_week: int


def of_learner(tx: Transaction, facts: LearnerFacts) -> Comparison:
    """Return how a learner stood to the others yesterday; the caller has checked that they want it."""
    day = zones.local_date(zones.school(), tx.now) - timedelta(days=1)
    everybody = _as_of(tx, facts, day)
    mine = everybody.pop(facts.learner.user_id, _Done(percent=0, in_week=0))
    return compared(mine, list(everybody.values()), day)


def compared(mine: _Done, others: list[_Done], day: date) -> Comparison:
    """Return how one stands to others."""
    below = sum(each.percent < mine.percent - NEAR for each in others)
    above = sum(each.percent > mine.percent + NEAR for each in others)
    # the three shares add up to all: where one would show somebody, none of them is said
    shares = tuple(k_rule.share(part, len(others), k=IN_COURSE) for part in (below, len(others) - below - above, above))
    ahead, similar, behind = (Rough.HIDDEN,) * 3 if Rough.HIDDEN in shares else shares
    percent = k_rule.mean([each.percent for each in others], k=IN_COURSE)
    in_week = k_rule.mean([each.in_week for each in others], k=IN_COURSE)
    return Comparison(
        day=day,
        own_percent=mine.percent,
        others_percent=None if percent is None else int(percent),
        own_week_steps=mine.in_week,
        others_week_steps=None if in_week is None else round(in_week, 1),
        ahead_of=ahead,
        similar_to=similar,
        behind=behind,
    )


def _as_of(tx: Transaction, facts: LearnerFacts, day: date) -> dict[int, _Done]:
    """Return how far everybody was at the end of a day who was in the course then."""
    ends = zones.start_of_day(zones.school(), day + timedelta(days=1))
    people = _PEOPLE.rows(tx.connection, course=facts.course.id, ends=ends)
    ids = [user_id for user_id, _ in people]
    counted = max(1, facts.course.counted)
    rows = _DONE.rows(tx.connection, course=facts.course.id, people=ids, day=day, week=day - timedelta(days=7))
    moved = {user_id: (int(since), int(in_week)) for user_id, since, in_week in rows}
    return {
        user_id: _Done(percent=max(0, min(100, (done - since) * 100 // counted)), in_week=max(0, in_week))
        for user_id, done in people
        for since, in_week in (moved.get(user_id, (0, 0)),)
    }


_totals, _places, _users = table(DailyTotal), table(Enrollment), table(User)
_COURSE: BindParameter[int] = bindparam('course')
_DAY = _totals.c.local_date.type
_ENDS = bindparam('ends', type_=_places.c.enrolled_at.type)
_PEOPLE = Prepared(
    select(_places.c.user_id, _places.c.done)
    .join(_users, _users.c.id == _places.c.user_id)
    .where(
        _places.c.course_id == _COURSE,
        _places.c.enrolled_at < _ENDS,
        or_(_places.c.removed_at.is_(None), _places.c.removed_at >= _ENDS),
        _users.c.merged_into_id.is_(None),
    )
)
_is_since = _totals.c.local_date > bindparam('day', type_=_DAY)
_since = func.coalesce(func.sum(_totals.c.completed).filter(_is_since), 0)
_in_week = func.coalesce(func.sum(_totals.c.completed).filter(~_is_since), 0)
_DONE = Prepared(
    select(_totals.c.user_id, _since, _in_week)
    .where(
        _totals.c.course_id == _COURSE,
        among(_totals.c.user_id, 'people'),
        _totals.c.local_date > bindparam('week', type_=_DAY),
    )
    .group_by(_totals.c.user_id)
)
