"""Daily totals: how often and how long each person did what, by course and by their own day. A follower of the log.

All figures of a day are sums over its rows: activities by kind, active seconds by part of the day (of study),
checkpoints completed, sign-ins and learning sessions. What a guest did counts for the person who they have turned out
to be (see docs/decisions/0025-daily-totals.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ScalarResult, delete, select
from sqlmodel import col

from models import TRAITS, CountedCompletion, DailyTotal, DayPart, Mode, User, Verb, table
from services.activity import following
from services.activity.following import Follower
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert_many import UpsertMany
from services.core.transaction import Transaction
from services.study.day_parts import part_of_day

CLEARED_AT_ONCE = 500

Key = tuple[int, date, int, Verb, DayPart]
"""(user id, date of theirs, course id or 0, verb, part of the day)"""
Done = dict[tuple[int, int], int]
"""(user id, checkpoint id) → in which modes it is complete, as in `CountedCompletion`"""

_COUNT, _SECONDS, _SESSIONS, _COMPLETED = range(4)


def fold(
    activities: Iterable[Recorded], done: Done | None = None, totals: dict[Key, list[int]] | None = None
) -> dict[Key, list[int]]:
    """Return [count, seconds of study, learning sessions, completed checkpoints] of some activities, by key.

    `done` is what was complete before them, and `totals` what was counted; both are moved along.
    """
    totals = {} if totals is None else totals
    done = {} if done is None else done
    for each in activities:
        total = _total(totals, each, part_of_day(each.local_hour))
        total[_COUNT] += 1
        total[_COMPLETED] += _completes(each, done)
        if TRAITS[each.verb].counts_as_study:
            total[_SESSIONS] += bool(each.details and each.details.get('ends_session'))
            for part, seconds in _seconds(each):
                _total(totals, each, part)[_SECONDS] += seconds
    return totals


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Add activities to the totals."""
    activities = _owned(tx, activities)
    moved = {(each.user_id, each.checkpoint_id) for each in activities if _moves(each)}
    before: Done = {}
    if moved:
        rows = _DONE.rows(tx.connection, keys=sorted(moved))
        before = {(user_id, checkpoint_id): modes for user_id, checkpoint_id, modes in rows}
    after = dict(before)
    _store(tx, fold(activities, after), {key: modes for key, modes in after.items() if before.get(key) != modes})


def clear(tx: Transaction) -> bool:
    """Remove some of what is kept; returns whether there is more."""
    user_id = tx.execute(select(col(DailyTotal.user_id)).order_by(col(DailyTotal.user_id)).limit(1)).scalar()
    if user_id is None:
        return _clear_completions(tx)
    theirs = col(DailyTotal.user_id) == user_id
    days = select(col(DailyTotal.local_date)).where(theirs).distinct().order_by(col(DailyTotal.local_date))
    some = tx.execute(days.limit(CLEARED_AT_ONCE)).scalars().all()
    tx.execute(delete(DailyTotal).where(theirs, col(DailyTotal.local_date) <= some[-1]))
    return True


def rebuild(tx: Transaction, part: Part) -> None:
    """Count anew what some people did, as far as the follower has taken the log; it goes on from there."""
    position = following.held_position(tx, FOLLOWER.name)
    if position is None:
        return  # everything is being removed, to be counted anew
    for kept in (DailyTotal, CountedCompletion):
        tx.execute(delete(kept).where(col(kept.user_id).in_(part.people)))
    totals = part.folded(tx, TOTALS)
    _store(tx, totals, part.folded(tx, COMPLETE))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the totals of some people with that part of the log that the follower has taken."""
    position = following.position(tx, FOLLOWER.name)
    if position is None or position < part.begins.since:
        return []  # while it is made anew there is nothing to compare yet
    expected = {key: _row(key, total) for key, total in part.folded(tx, TOTALS).items()}
    rows: ScalarResult[DailyTotal] = tx.session.scalars(
        select(DailyTotal).where(col(DailyTotal.user_id).in_(part.people))
    )
    stored = {(row.user_id, row.local_date, row.course_id, row.verb, row.part): row.model_dump() for row in rows}
    done = part.folded(tx, COMPLETE)
    return [*compared('daily total', expected, stored), *_completion_differences(tx, part, done)]


def _fold_part(tx: Transaction, part: Part, totals: dict[Key, list[int]]) -> None:
    """Count what the follower has taken."""
    position = following.position(tx, FOLLOWER.name) or 0
    done = part.begins.state(COMPLETE)
    for key in totals:
        totals[key] = [*totals[key]]  # those of the snapshot stay as they are
    fold((each for each in part.owned() if each.id <= position), done, totals)


def _complete_part(tx: Transaction, part: Part, done: Done) -> None:
    position = following.position(tx, FOLLOWER.name) or 0
    for each in part.owned():
        if each.id <= position:
            _completes(each, done)


def _completion_differences(tx: Transaction, part: Part, done: Mapping[tuple[int, int], int]) -> Iterator[str]:
    theirs = select(CountedCompletion).where(col(CountedCompletion.user_id).in_(part.people))
    stored = {(row.user_id, row.checkpoint_id): row.model_dump() for row in tx.session.scalars(theirs)}
    return iter(compared('counted completion', {key: {'modes': modes} for key, modes in done.items()}, stored))


def _total(totals: dict[Key, list[int]], activity: Recorded, part: DayPart) -> list[int]:
    key = activity.user_id, activity.local_date, activity.course_id or 0, activity.verb, part
    return totals.setdefault(key, [0, 0, 0, 0])


def _moves(activity: Recorded) -> bool:
    """Tell whether an activity can complete a checkpoint or take that back."""
    return activity.checkpoint_id is not None and TRAITS[activity.verb].moves_percentage


def _completes(activity: Recorded, done: Done) -> int:
    """Move what is complete by an activity; returns 1 if the checkpoint became so, -1 if it ceased to be, or 0."""
    if not _moves(activity):
        return 0
    key = activity.user_id, activity.checkpoint_id or 0
    before, mode = done.get(key, 0), _MODES[activity.mode or Mode.LIVE]
    done[key] = before | mode if activity.verb is Verb.COMPLETED else before & ~mode
    return bool(done[key]) - bool(before)


def _seconds(activity: Recorded) -> Iterator[tuple[DayPart, int]]:
    """Yield the seconds of a stretch of study by part of the day: as the log has them, or else where it ended."""
    told: Mapping[str, object] = activity.details or {}
    parts = [(part, seconds) for part in DayPart if isinstance(seconds := told.get(part), int)]
    yield from parts or [(part_of_day(activity.local_hour), activity.seconds or 0)]


def _owned(tx: Transaction, activities: Sequence[Recorded]) -> Sequence[Recorded]:
    """Return activities with the person in place of the guest."""
    people = sorted({each.user_id for each in activities})
    owners: dict[int, int] = dict(_OWNERS.rows(tx.connection, people=people))
    if not owners:
        return activities
    return [replace(each, user_id=owners.get(each.user_id, each.user_id)) for each in activities]


def _store(tx: Transaction, totals: Mapping[Key, Sequence[int]], done: Mapping[tuple[int, int], int]) -> None:
    if totals:
        _ADD.store(tx.connection, [_row(key, total) for key, total in totals.items()])
    if done:
        rows = [{'user_id': user_id, 'checkpoint_id': id_, 'modes': modes} for (user_id, id_), modes in done.items()]
        _STORE_DONE.store(tx.connection, rows)


def _clear_completions(tx: Transaction) -> bool:
    """Remove the completions of one person; returns whether there was one."""
    user_id = tx.execute(select(col(CountedCompletion.user_id)).limit(1)).scalar()
    if user_id is None:
        return False
    tx.execute(delete(CountedCompletion).where(col(CountedCompletion.user_id) == user_id))
    return True


def _row(key: Key, total: Sequence[int]) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, *total), strict=True))


_MODES = {Mode.LIVE: 1, Mode.SELF_PACED: 2}
_totals, _completions, _users = table(DailyTotal), table(CountedCompletion), table(User)
_KEY = ('user_id', 'local_date', 'course_id', 'verb', 'part')
_SUMS = ('count', 'seconds', 'sessions', 'completed')
_COLUMNS = (*_KEY, *_SUMS)


_ADD = UpsertMany(
    _totals,
    _COLUMNS,
    key=_KEY,
    changes=lambda row: {name: _totals.c[name] + row[name] for name in _SUMS},
)
_OWNERS = Prepared(
    select(_users.c.id, _users.c.merged_into_id).where(
        among(_users.c.id, 'people'), _users.c.merged_into_id.is_not(None)
    )
)
_DONE = Prepared(
    select(_completions.c.user_id, _completions.c.checkpoint_id, _completions.c.modes).where(
        number_pair_among(_completions.c.user_id, _completions.c.checkpoint_id, 'keys')
    )
)
_STORE_DONE = UpsertMany(
    _completions,
    ('user_id', 'checkpoint_id', 'modes'),
    key=('user_id', 'checkpoint_id'),
    changes=lambda row: {'modes': row['modes']},
)

FOLLOWER = Follower(name='daily totals', take=take, clear=clear)
TOTALS: State[Key, list[int]] = State(name='totals', form=Form(list[tuple[Key, list[int]]]), fold=_fold_part)
COMPLETE: State[tuple[int, int], int] = State(
    name='complete', form=Form(list[tuple[tuple[int, int], int]]), fold=_complete_part
)
PROJECTION = Projection(name='daily totals', rebuild=rebuild, states=(TOTALS, COMPLETE), differences=differences)
"""Nothing in the transaction of a tap; here to be counted anew after a merge, and to be compared with the log."""
