"""How many points each learner has in each course: the sums of the ledger, moved with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Dialect, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import Course, PointTotal, table
from services.core.projection import compared
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

Key = tuple[int, int]
"""(user id, course id)"""


def summed(rows: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Return the sums of points that are not nothing."""
    sums: dict[Key, int] = defaultdict(int)
    for key, points in rows:
        if points:
            sums[key] += points
    return sums


def add(tx: Transaction, sums: Mapping[Key, int]) -> None:
    """Add points to the totals."""
    if sums:
        _ADD.each(tx.connection, [_row(key, points) for key, points in sums.items()])


def remove(tx: Transaction, people: Iterable[int]) -> None:
    """Remove the totals of some people."""
    tx.execute(delete(PointTotal).where(col(PointTotal.user_id).in_(people)))


def of_people(tx: Transaction, people: Iterable[int]) -> dict[int, int]:
    """Return how many points some people have where points are on; the caller has checked who may see it."""
    return dict(_OF_PEOPLE.rows(tx.connection, people=sorted(people)))


def differences(tx: Transaction, people: Iterable[int], expected: Mapping[Key, int]) -> Iterable[str]:
    """Compare the totals of some people with what they should be."""
    rows = tx.session.scalars(select(PointTotal).where(col(PointTotal.user_id).in_(people)))
    stored = {(row.user_id, row.course_id): row.model_dump() for row in rows}
    return compared('point total', {key: _row(key, points) for key, points in expected.items()}, stored)


def _row(key: Key, points: int) -> dict[str, object]:
    return {'user_id': key[0], 'course_id': key[1], 'points': points}


_totals, _courses = table(PointTotal), table(Course)


def _adding(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_totals) if dialect.name == 'sqlite' else postgresql.insert(_totals)
    more = {'points': _totals.c.points + row.excluded.points}
    return row.on_conflict_do_update(index_elements=['user_id', 'course_id'], set_=more)


_ADD = Prepared(_adding, columns=('user_id', 'course_id', 'points'))
_OF_PEOPLE = Prepared(
    select(_totals.c.user_id, func.sum(_totals.c.points))
    .join(_courses, (_courses.c.id == _totals.c.course_id) & _courses.c.shows_points)
    .where(among(_totals.c.user_id, 'people'))
    .group_by(_totals.c.user_id)
)
