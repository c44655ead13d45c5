"""The days on which learners learned, by their own dates: a checkpoint completed, a class joined, or study."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from models import LearningDay, Verb, table
from services.activity import following
from services.core.events import Recorded
from services.core.projection import Form, Part, State, compared
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

ENOUGH_SECONDS = 600
"""of study that make a day of learning. Source: PRODUCT G4"""

FOLLOWER = 'points'
"""the follower that moves days, and points with them"""

Key = tuple[int, date]
"""(user id, date of theirs)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is known of one day of one learner."""

    seconds: int = 0
    counted_at: datetime | None = None
    local_hour: int = 0
    activity_id: int = 0


def fold(activities: Iterable[Recorded], owners: Mapping[int, int], days: dict[Key, Day]) -> Iterator[Recorded]:
    """Move days by activities, oldest first; yields each activity with which a day begins to count."""
    for each in activities:
        if not _moves(each):
            continue
        key = owners.get(each.user_id, each.user_id), each.local_date
        before = days.get(key, _NOTHING)
        seconds = before.seconds + (each.seconds or 0 if each.verb is Verb.STUDIED else 0)
        days[key] = day = replace(before, seconds=seconds)
        if day.counted_at is None and (each.verb is not Verb.STUDIED or seconds >= ENOUGH_SECONDS):
            days[key] = replace(day, counted_at=each.happened_at, local_hour=each.local_hour, activity_id=each.id)
            yield each


def known(tx: Transaction, activities: Sequence[Recorded], owners: Mapping[int, int]) -> dict[Key, Day]:
    """Return what is stored of the days that activities can move."""
    moving = [each for each in activities if _moves(each)]
    if not moving:
        return {}
    rows = _KNOWN.rows(
        tx.connection,
        people=sorted({owners.get(each.user_id, each.user_id) for each in moving}),
        first=min(each.local_date for each in moving),
        last=max(each.local_date for each in moving),
    )
    return {
        (user_id, day): Day(seconds=seconds, counted_at=at, local_hour=hour, activity_id=activity_id)
        for user_id, day, seconds, at, hour, activity_id in rows
    }


def store(tx: Transaction, days: Mapping[Key, Day]) -> None:
    """Store days."""
    if days:
        _STORE.each(tx.connection, [_row(key, day) for key, day in days.items()])


def remove(tx: Transaction, people: Iterable[int]) -> None:
    """Remove the days of some people."""
    tx.execute(delete(LearningDay).where(col(LearningDay.user_id).in_(people)))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the days of some people with the log, as far as the follower has taken it."""
    rows = tx.session.scalars(select(LearningDay).where(col(LearningDay.user_id).in_(part.people)))
    stored = {(row.user_id, row.local_date): row.model_dump() for row in rows}
    told = {key: _row(key, day) for key, day in part.folded(tx, STATE).items()}
    return list(compared('learning day', told, stored))


def taken(tx: Transaction, part: Part) -> Iterator[Recorded]:
    """Yield that part of the log that the follower has taken."""
    position = following.position(tx, FOLLOWER) or 0
    return (each for each in part.owned() if each.id <= position)


def _fold_part(tx: Transaction, part: Part, days: dict[Key, Day]) -> None:
    for _ in fold(taken(tx, part), {}, days):
        pass


def _moves(activity: Recorded) -> bool:
    """Tell whether an activity can make a day of learning; what an instructor does for the learner cannot."""
    if activity.course_id is None or activity.is_by_another:
        return False
    is_done = activity.verb is Verb.COMPLETED and activity.checkpoint_id is not None
    return (
        is_done or (activity.verb is Verb.JOINED and activity.session_id is not None) or activity.verb is Verb.STUDIED
    )


def _row(key: Key, day: Day) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, day.seconds, day.counted_at, day.local_hour, day.activity_id), strict=True))


_NOTHING = Day()
_COLUMNS = ('user_id', 'local_date', 'seconds', 'counted_at', 'local_hour', 'activity_id')
_days = table(LearningDay)
_DATE = _days.c.local_date.type
_KNOWN = Prepared(
    select(*(_days.c[name] for name in _COLUMNS)).where(
        among(_days.c.user_id, 'people'),
        _days.c.local_date >= bindparam('first', type_=_DATE),
        _days.c.local_date <= bindparam('last', type_=_DATE),
    )
)
_STORE = upsert(_days, _COLUMNS, key=('user_id', 'local_date'))

STATE: State[Key, Day] = State(name='learning days', form=Form(list[tuple[Key, Day]]), fold=_fold_part)
