"""Draws the figures of the school once, with noise, and keeps what was drawn; every face of them reads these rows.

Discrete Laplace noise hides whether one person is in a figure. What is said of the same people again and again would
give them away all the same, so a week has a budget: nothing is drawn that would take more of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from models import Activity, FollowerState, ReleasedFigure, SchoolFigure
from models import table as table_of
from services.analytics import daily_totals, noise, school_counts
from services.analytics.course_facts import monday
from services.analytics.k_rule import SITE_WIDE, Rough
from services.analytics.school_counts import (
    DAYS,
    MOST_BADGES,
    MOST_DAYS,
    MOST_MINUTES,
    MOST_NOTICES,
    MOST_SESSIONS,
    WEEK,
    Counted,
)
from services.core import database, zones
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.motivation import days as learning_days

NAME = 'school figures'
LOOK_EVERY = timedelta(minutes=1)
BUDGET = 12.0
"""epsilon that all figures of one week may take together, for one person in one course"""
EPSILON: Mapping[SchoolFigure, float] = {
    SchoolFigure.ACTIVE_PEOPLE: 0.5,
    SchoolFigure.ACTIVE_PER_MONTH: 0.5,
    SchoolFigure.SESSIONS: 1.0,
    SchoolFigure.SESSION_MINUTES: 1.0,
    SchoolFigure.ENROLLED: 0.5,
    SchoolFigure.COMPLETED: 0.5,
    SchoolFigure.DAYS_TO_COMPLETION: 1.0,
    SchoolFigure.NOTICES: 0.5,
    SchoolFigure.NOTICES_READ: 1.0,
    SchoolFigure.NOTICES_MAILED: 0.5,
    SchoolFigure.STREAKS: 0.5,
    SchoolFigure.STREAKS_KEPT: 0.5,
    SchoolFigure.BADGES: 1.0,
}
"""what one drawing of each takes; people by day are drawn seven times in a week, the others once"""
MOST = {
    SchoolFigure.SESSIONS: MOST_SESSIONS,
    SchoolFigure.SESSION_MINUTES: MOST_MINUTES,
    SchoolFigure.NOTICES: MOST_NOTICES,
    SchoolFigure.NOTICES_READ: MOST_NOTICES,
    SchoolFigure.NOTICES_MAILED: MOST_NOTICES,
    SchoolFigure.BADGES: MOST_BADGES,
}
"""by how much one person changes a figure; the others are counts of people"""
KEPT_FOR = timedelta(days=3 * DAYS)
OF_COURSES = frozenset({SchoolFigure.ENROLLED, SchoolFigure.COMPLETED})
PARTS = frozenset(
    {
        SchoolFigure.DAYS_TO_COMPLETION,
        SchoolFigure.COMPLETED,
        SchoolFigure.NOTICES_READ,
        SchoolFigure.STREAKS_KEPT,
    }
)
"""what may be less than the fewest people of whom a number is said"""


class OverBudget(RuntimeError):
    """More was to be said of a week than its budget allows."""


def kind() -> Kind:
    """Return the job that draws what is missing."""
    return Kind(name=NAME, work=lambda _: release(), repeats=LOOK_EVERY)


async def release() -> int:
    """Draw the figures of days and weeks that are over and have none; returns how many."""
    found = await database.read(_missing)
    return await database.write(draw, found) if found else 0


def forget(tx: Transaction) -> None:
    """Forget all that was drawn, where what happened before is written only now, as in the demo school."""
    tx.execute(delete(ReleasedFigure))


def last_sunday(day: date) -> date:
    """Return the end of the last week that is over on the evening of a day."""
    return monday(day + timedelta(days=1)) - timedelta(days=1)


def draw(tx: Transaction, counted: Sequence[Counted]) -> int:
    """Add noise to figures and keep them; returns how many. Raises `OverBudget`, and what was drawn already fails."""
    totals: Counter[SchoolFigure] = Counter()
    rows: list[dict[str, object]] = []
    for each in counted:
        is_sum = each.figure in OF_COURSES and not each.course_id
        value = totals[each.figure] if is_sum else _with_noise(each)
        totals[each.figure] += value
        rows.append(
            {
                'day': each.day,
                'figure': each.figure,
                'course_id': each.course_id,
                'value': None if each.rough else _sensible(each, value),
                'rough': '' if each.rough in {None, Rough.HIDDEN} else each.rough,
                'epsilon': 0.0 if is_sum else EPSILON[each.figure],  # a sum says nothing that its parts do not say
            }
        )
    tx.execute(delete(ReleasedFigure).where(col(ReleasedFigure.day) < min(tx.now.date(), _last(counted)) - KEPT_FOR))
    tx.execute(insert(table_of(ReleasedFigure)), rows)
    for week in {monday(each.day) for each in counted}:
        _check_budget(tx, week)
    tx.note('school figures drawn', figures=len(rows))
    return len(rows)


def _last(counted: Sequence[Counted]) -> date:
    return max(each.day for each in counted)


def _with_noise(counted: Counted) -> int:
    epsilon = EPSILON[counted.figure]
    if counted.figure is SchoolFigure.DAYS_TO_COMPLETION:
        return noise.median(counted.values, most=MOST_DAYS, epsilon=epsilon)
    return counted.value + noise.discrete_laplace(round(MOST.get(counted.figure, 1) / epsilon))


def _sensible(counted: Counted, value: int) -> int:
    """Return a figure as it can be: not below what is shown at all; a day on which nobody came stays one."""
    if counted.figure in PARTS:
        return max(value, 0)
    return max(value, SITE_WIDE) if counted.value else 0


def _missing(tx: Transaction) -> list[Counted]:
    """Return what is over and not drawn yet; nothing before the totals have caught up."""
    today = zones.local_date(zones.school(), tx.now)
    if _are_behind(tx, today):
        return []
    yesterday = today - timedelta(days=1)
    drawn = {
        (figure, day)
        for figure, day in tx.execute(
            select(col(ReleasedFigure.figure), col(ReleasedFigure.day)).where(col(ReleasedFigure.course_id) == 0)
        )
    }
    return list(_counted(tx, drawn, yesterday, last_sunday(yesterday)))


def _counted(
    tx: Transaction, drawn: set[tuple[SchoolFigure, date]], yesterday: date, sunday: date
) -> Iterator[Counted]:
    wanted = [yesterday - timedelta(days=number) for number in range(DAYS)]
    if days := [day for day in wanted if (SchoolFigure.ACTIVE_PEOPLE, day) not in drawn]:
        yield from school_counts.of_days(tx, days)
    for last in (sunday - timedelta(days=DAYS), sunday):
        if (SchoolFigure.ACTIVE_PER_MONTH, last) not in drawn:
            yield school_counts.of_month(tx, last)
    for last in (sunday - number * WEEK for number in range(DAYS // WEEK.days)):
        if (SchoolFigure.SESSIONS, last) not in drawn:
            yield from school_counts.of_week(tx, last)
        if (SchoolFigure.NOTICES, last) not in drawn:
            yield from school_counts.of_notices(tx, last)
        if (SchoolFigure.STREAKS, last) not in drawn:
            yield from school_counts.of_motivation(tx, last)
    if (SchoolFigure.ENROLLED, sunday) not in drawn:
        yield from school_counts.of_courses(tx, sunday)


def _are_behind(tx: Transaction, today: date) -> bool:
    """Tell whether something was recorded before today that the totals or days of learning do not have yet."""
    names = daily_totals.FOLLOWER.name, learning_days.FOLLOWER
    states = [tx.session.get(FollowerState, name) for name in names]
    if any(state is not None and state.is_clearing for state in states):
        return True
    after = col(Activity.id) > min(state.position if state else 0 for state in states)
    first = tx.execute(select(col(Activity.at)).where(after).order_by(col(Activity.id)).limit(1)).scalar()
    return first is not None and first < zones.start_of_day(zones.school(), today)


def _check_budget(tx: Transaction, week: date) -> None:
    """Raise `OverBudget` where the figures of a week take more than they may, of whichever course somebody is in."""
    sums = (
        select(col(ReleasedFigure.course_id), func.sum(col(ReleasedFigure.epsilon)))
        .where(col(ReleasedFigure.day) >= week, col(ReleasedFigure.day) < week + WEEK)
        .group_by(col(ReleasedFigure.course_id))
    )
    spent: dict[int, float] = dict(tx.execute(sums).all())
    most = spent.pop(0, 0.0) + max(spent.values(), default=0.0)
    if most > BUDGET:
        raise OverBudget(f'the week from {week} would take {most:g} of {BUDGET:g}')
