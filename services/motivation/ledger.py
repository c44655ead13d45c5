"""The ledger of points: one row for each reason that a learner has earned points for. A follower of the log.

A row is written once. Doing something again pays nothing, undoing it takes nothing back, and what a guest earned counts
for the person who they have turned out to be, each reason once (see docs/decisions/0037-points.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import PointEntry, PointReason, table
from services.activity import following
from services.activity.following import Follower
from services.core.database import Transaction
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.prepared import Prepared
from services.motivation.rules import POINTS, earned
from services.quizzes.mastery import owners_of

Key = tuple[int, PointReason, int, str]
"""(user id, reason, id of the checkpoint or course, Monday of the week or nothing)"""
Paid = tuple[int, int, datetime]
"""(course id, points, when they were earned)"""


def fold(
    activities: Iterable[Recorded], owners: Mapping[int, int], ledger: dict[Key, Paid] | None = None
) -> dict[Key, Paid]:
    """Return what activities, oldest first, have earned for the people who guests have turned out to be.

    `ledger` is what was earned before them; it is moved along.
    """
    ledger = {} if ledger is None else ledger
    for each in activities:
        for reason, object_id, period in earned(each):
            key = owners.get(each.user_id, each.user_id), reason, object_id, period
            ledger.setdefault(key, (each.of_course, POINTS[reason], each.happened_at))
    return ledger


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Pay what activities have earned, unless it was paid before."""
    earning = [each for each in activities if next(earned(each), None)]
    if earning:
        _pay(tx, fold(earning, owners_of(tx, {each.user_id for each in earning})))


def clear(tx: Transaction) -> bool:
    """Remove the points of one person; returns whether there was one."""
    user_id = tx.execute(select(col(PointEntry.user_id)).order_by(col(PointEntry.user_id)).limit(1)).scalar()
    if user_id is None:
        return False
    tx.execute(delete(PointEntry).where(col(PointEntry.user_id) == user_id))
    return True


def rebuild(tx: Transaction, part: Part) -> None:
    """Pay some people anew, as far as the follower has taken the log; it goes on from there."""
    if following.held_position(tx, FOLLOWER.name) is None:
        return  # everything is being removed, to be paid anew
    tx.execute(delete(PointEntry).where(col(PointEntry.user_id).in_(part.people)))
    _pay(tx, part.folded(tx, STATE))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the points of some people with that part of the log that the follower has taken."""
    position = following.position(tx, FOLLOWER.name)
    if position is None or position < part.begins.since:
        return []  # while it is made anew there is nothing to compare yet
    rows = tx.session.scalars(select(PointEntry).where(col(PointEntry.user_id).in_(part.people)))
    stored = {(row.user_id, row.reason, row.object_id, row.period): row.model_dump() for row in rows}
    told = {key: _row(key, paid) for key, paid in part.folded(tx, STATE).items()}
    return list(compared('points', told, stored))


def _fold_part(tx: Transaction, part: Part, ledger: dict[Key, Paid]) -> None:
    """Pay for what the follower has taken."""
    position = following.position(tx, FOLLOWER.name) or 0
    fold((each for each in part.owned() if each.id <= position), {}, ledger)


def _pay(tx: Transaction, ledger: Mapping[Key, Paid]) -> None:
    if ledger:
        _PAY.each(tx.connection, [_row(key, paid) for key, paid in ledger.items()])


def _row(key: Key, paid: Paid) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *paid), strict=True))


_COLUMNS = ('user_id', 'reason', 'object_id', 'period', 'course_id', 'points', 'earned_at')
_entries = table(PointEntry)


def _once(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_entries) if dialect.name == 'sqlite' else postgresql.insert(_entries)
    return row.on_conflict_do_nothing()


_PAY = Prepared(_once, columns=_COLUMNS)

FOLLOWER = Follower(name='points', take=take, clear=clear)
STATE: State[Key, Paid] = State(name='points', form=Form(list[tuple[Key, Paid]]), fold=_fold_part)
PROJECTION = Projection(name='points', rebuild=rebuild, states=(STATE,), differences=differences)
"""Nothing in the transaction of a tap; here to be paid anew after a merge, and to be compared with the log."""
