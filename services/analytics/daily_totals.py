"""Daily totals: how often and how long each person did what, by course and by their own day. A follower of the log.

All figures of a day are sums over its rows: activities by kind, active seconds by part of the day (of study),
completed checkpoints (completed less undone), sign-ins and learning sessions.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import TRAITS, DailyTotal, DayPart, Verb, table
from services.activity import following
from services.activity.following import Follower
from services.core.database import Transaction
from services.core.events import Recorded
from services.core.projection import Part, Projection, compared
from services.core.sql.prepared import Prepared

CLEARED_AT_ONCE = 500

Key = tuple[int, date, int, Verb, DayPart]
"""(user id, date of theirs, course id or 0, verb, part of the day)"""


def fold(activities: Iterable[Recorded]) -> dict[Key, list[int]]:
    """Return [count, seconds of study, learning sessions] of some activities, by key."""
    totals: dict[Key, list[int]] = {}
    for each in activities:
        key = (each.user_id, each.local_date, each.course_id or 0, each.verb, part_of_day(each.local_hour))
        total = totals.setdefault(key, [0, 0, 0])
        total[0] += 1
        if TRAITS[each.verb].counts_as_study:
            total[1] += each.seconds or 0
            total[2] += bool(each.details and each.details.get('ends_session'))
    return totals


def part_of_day(hour: int) -> DayPart:
    """Return the part of the day that an hour belongs to."""
    return (DayPart.NIGHT, DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING)[hour // 6]


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Add activities to the totals."""
    _ADD.each(tx.connection, [_row(key, total) for key, total in fold(activities).items()])


def clear(tx: Transaction) -> bool:
    """Remove some totals; returns whether there are more."""
    user_id = tx.execute(select(col(DailyTotal.user_id)).order_by(col(DailyTotal.user_id)).limit(1)).scalar()
    if user_id is None:
        return False
    days = select(col(DailyTotal.local_date)).where(col(DailyTotal.user_id) == user_id).distinct()
    some = tx.execute(days.order_by(col(DailyTotal.local_date)).limit(CLEARED_AT_ONCE)).scalars().all()
    theirs = col(DailyTotal.user_id) == user_id, col(DailyTotal.local_date) <= some[-1]
    tx.execute(delete(DailyTotal).where(*theirs))
    return True


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the totals of some people with that part of the log that the follower has taken."""
    position = following.position(tx, FOLLOWER.name)
    if position is None:
        return []  # while it is made anew there is nothing to compare yet
    expected = {
        key: _row(key, total) for key, total in fold(each for each in part.own() if each.id <= position).items()
    }
    rows = tx.session.scalars(select(DailyTotal).where(col(DailyTotal.user_id).in_(part.people)))
    stored = {(row.user_id, row.local_date, row.course_id, row.verb, row.part): row.model_dump() for row in rows}
    return list(compared('daily total', expected, stored))


def _row(key: Key, total: Sequence[int]) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *total), strict=True))


_totals = table(DailyTotal)
_KEY = ('user_id', 'local_date', 'course_id', 'verb', 'part')
_SUMS = ('count', 'seconds', 'sessions')
_COLUMNS = (*_KEY, *_SUMS)


def _adding(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_totals) if dialect.name == 'sqlite' else postgresql.insert(_totals)
    more = {name: _totals.c[name] + row.excluded[name] for name in _SUMS}
    return row.on_conflict_do_update(index_elements=list(_KEY), set_=more)


_ADD = Prepared(_adding, columns=_COLUMNS)

FOLLOWER = Follower(name='daily totals', take=take, clear=clear)
PROJECTION = Projection(name='daily totals', differences=differences)
"""Nothing in the transaction of a tap; here only to be compared with the log."""
