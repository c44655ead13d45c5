"""The ledger of points: one row for each thing that a learner has done and that counts. A follower of the log.

A row is written once. Doing something again pays nothing, undoing it takes nothing back, and what a guest earned counts
for the person who they have turned out to be, each reason once (see docs/decisions/0037-points.md). What is new in it
can earn a badge.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Dialect, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import col

from models import LearningDay, PointEntry, PointReason, PointTotal, table
from services.activity import following
from services.activity.following import Follower
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation import awarding, days, helpers, totals
from services.motivation.days import Day
from services.motivation.paid import Paid
from services.motivation.rules import Earned, earned
from services.quizzes.mastery import owners_of

Key = tuple[int, PointReason, int, str]
"""(user id, reason, id of the checkpoint, course, badge or activity, day or Monday of the week or nothing)"""
Entry = tuple[int, int, datetime, date, int]
"""(course id, points, when they were earned, on which date of the learner's, by which activity)"""


def fold(
    activities: Iterable[Recorded],
    owners: Mapping[int, int],
    known: dict[days.Key, Day],
    ledger: dict[Key, Entry] | None = None,
) -> dict[Key, Entry]:
    """Return what activities, oldest first, have earned for the people who guests have turned out to be.

    `known` are the days on which they learned, and `ledger` is what was earned before; both are moved along.
    """
    ledger = {} if ledger is None else ledger
    for each in activities:
        for one in earned(each):
            _enter(ledger, owners, each, one)
        for counting in days.fold([each], owners, known):
            day = Earned(PointReason.DAY, 0, counting.local_date.isoformat())
            _enter(ledger, owners, counting, day)
    return ledger


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Pay what activities have earned, unless it was paid before, and award the badges that this earns."""
    helpers.note(tx, activities)
    owners = owners_of(tx, {each.user_id for each in activities})
    known = days.known(tx, activities, owners)
    before = dict(known)
    ledger = fold(activities, owners, known)
    days.store(tx, {key: day for key, day in known.items() if before.get(key) != day})
    awarding.award(tx, _pay(tx, ledger))


def clear(tx: Transaction) -> bool:
    """Remove the points, days or totals of one person; returns whether there was one."""
    for kept in (PointEntry, LearningDay, PointTotal):
        user_id = tx.execute(select(col(kept.user_id)).order_by(col(kept.user_id)).limit(1)).scalar()
        if user_id is not None:
            tx.execute(delete(kept).where(col(kept.user_id) == user_id))
            return True
    return False


def rebuild(tx: Transaction, part: Part) -> None:
    """Pay some people anew, as far as the follower has taken the log; it goes on from there."""
    if following.held_position(tx, FOLLOWER.name) is None:
        return  # everything is being removed, to be paid anew
    tx.execute(delete(PointEntry).where(col(PointEntry.user_id).in_(part.people)))
    totals.remove(tx, part.people)
    days.remove(tx, part.people)
    days.store(tx, part.folded(tx, days.STATE))
    _pay(tx, part.folded(tx, STATE))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the points of some people with that part of the log that the follower has taken."""
    position = following.position(tx, FOLLOWER.name)
    if position is None or position < part.begins.since:
        return []  # while it is made anew there is nothing to compare yet
    rows = tx.session.scalars(select(PointEntry).where(col(PointEntry.user_id).in_(part.people)))
    stored = {(row.user_id, row.reason, row.object_id, row.period): row.model_dump() for row in rows}
    ledger = part.folded(tx, STATE)
    told = {key: _row(key, entry) for key, entry in ledger.items()}
    sums = totals.summed(((key[0], entry[0]), entry[1]) for key, entry in ledger.items())
    different = totals.differences(tx, part.people, sums)
    return [*compared('points', told, stored), *different, *days.differences(tx, part)]


def _enter(ledger: dict[Key, Entry], owners: Mapping[int, int], activity: Recorded, one: Earned) -> None:
    key = owners.get(activity.user_id, activity.user_id), one.reason, one.object_id, one.period
    if key not in ledger:
        when = activity.happened_at, activity.local_date
        ledger[key] = (activity.of_course, one.worth, *when, activity.id)


def _fold_part(tx: Transaction, part: Part, ledger: dict[Key, Entry]) -> None:
    """Pay for what the follower has taken."""
    fold(days.taken(tx, part), {}, part.begins.state(days.STATE), ledger)


def _pay(tx: Transaction, ledger: Mapping[Key, Entry]) -> list[Paid]:
    """Store what was not there yet, and return it."""
    if not ledger:
        return []
    rows = _PAY.each(tx.connection, [_row(key, entry) for key, entry in ledger.items()])
    paid = [Paid(*row) for row in rows]
    totals.add(tx, totals.summed(((each.user_id, each.course_id), each.points) for each in paid))
    return paid


def _row(key: Key, entry: Entry) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *entry), strict=True))


_COLUMNS = (
    'user_id',
    'reason',
    'object_id',
    'period',
    'course_id',
    'points',
    'earned_at',
    'local_date',
    'activity_id',
)
_entries = table(PointEntry)


def _once(dialect: Dialect) -> UpdateBase:
    row = sqlite.insert(_entries) if dialect.name == 'sqlite' else postgresql.insert(_entries)
    return row.on_conflict_do_nothing().returning(*(_entries.c[name] for name in Paid._fields))


_PAY = Prepared(_once, columns=_COLUMNS)

FOLLOWER = Follower(name=days.FOLLOWER, take=take, clear=clear)
STATE: State[Key, Entry] = State(name='points', form=Form(list[tuple[Key, Entry]]), fold=_fold_part)
PROJECTION = Projection(name='points', rebuild=rebuild, states=(STATE, days.STATE), differences=differences)
"""Nothing in the transaction of a tap; here to be paid anew after a merge, and to be compared with the log."""
