"""The roll of a class: who came when, who went, how long they stayed. A projection of the activity log.

Somebody leaves when they were last heard of, which is noted some seconds later. The end of a class ends all stays.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from models import Attendance, LiveSession, Verb, table, verbs_where
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

Key = tuple[int, int]
"""(session id, user id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """All stays of one learner in one class."""

    course_id: int
    came_at: datetime
    here_since: datetime | None = None
    left_at: datetime | None = None
    seconds: int = 0

    def until(self, moment: datetime) -> int:
        """Return how many seconds they have been there, counting a stay that goes on until `moment`."""
        # a clock that was set back must not make the time negative
        return self.seconds + (max(0, int((moment - self.here_since).total_seconds())) if self.here_since else 0)


def fold(stays: dict[Key, Stays], activities: Iterable[Recorded]) -> set[Key]:
    """Move stays by activities, oldest first; returns the keys of those that changed."""
    changed: set[Key] = set()
    for activity in activities:
        if activity.verb not in MOVING or activity.session_id is None:
            continue
        key = (activity.session_id, activity.user_id)
        before = stays.get(key)
        after = _come(before, activity) if activity.verb is Verb.JOINED else before and ended(before, moment(activity))
        if after is not None and after != before:
            stays[key] = after
            changed.add(key)
    return changed


def moment(activity: Recorded) -> datetime:
    """Return when somebody did what an activity says; a learner who left was last heard of before that was noted."""
    silent_for = (activity.seconds or 0) if activity.verb is Verb.LEFT else 0
    return activity.at - timedelta(seconds=silent_for)


def ended(stays: Stays, at: datetime) -> Stays:
    """Return the stays when the last one ends, if one goes on."""
    if stays.here_since is None:
        return stays
    return replace(stays, here_since=None, left_at=max(at, stays.here_since), seconds=stays.until(at))


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Bring the table up to date with activities just recorded."""
    moving = [activity for activity in activities if activity.session_id is not None]
    if not moving:
        return
    sessions, users = {activity.session_id for activity in moving}, {activity.user_id for activity in moving}
    stays = _read(_STORED.rows(tx.connection, sessions=list(sessions), users=list(users)))
    _store(tx, stays, fold(stays, moving))


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the stays of some people anew."""
    tx.execute(delete(Attendance).where(col(Attendance.user_id).in_(part.people)))
    if rows := list(_told(tx, part).values()):
        _STORE.each(tx.connection, rows)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the stays of some people with the log; a guest keeps their own."""
    rows = tx.session.scalars(select(Attendance).where(col(Attendance.user_id).in_(part.people)))
    stored = {(row.session_id, row.user_id): row.model_dump() for row in rows}
    return list(compared('attendance', _told(tx, part), stored))


def _told(tx: Transaction, part: Part) -> dict[Key, dict[str, object]]:
    stays = part.folded(tx, STATE)
    ends = _ends(tx, {session_id for session_id, _ in stays})
    closed = {key: ended(each, end) if (end := ends[key[0]]) else each for key, each in stays.items()}
    return {key: row_of(key, each) for key, each in closed.items()}


def _fold_part(tx: Transaction, part: Part, stays: dict[Key, Stays]) -> None:
    """Move stays by what was before the end of each class, which is not in the log."""
    moving = [each for each in part.own() if each.verb in MOVING and each.session_id is not None]
    ends = _ends(tx, {each.session_id for each in moving})
    fold(stays, (each for each in moving if not ((end := ends[each.session_id]) and moment(each) > end)))


def _ends(tx: Transaction, session_ids: Collection[int | None]) -> dict[int | None, datetime | None]:
    classes = select(_sessions.c.id, _sessions.c.ended_at)
    return dict(tx.execute(classes.where(_sessions.c.id.in_(session_ids))).all())


def close(tx: Transaction, session_id: int, at: datetime) -> None:
    """End all stays of a class, because it has ended."""
    stays = {key: ended(each, at) for key, each in _read(_HERE.rows(tx.connection, session=session_id)).items()}
    _store(tx, stays, stays.keys())


def going_on(tx: Transaction) -> dict[Key, Stays]:
    """Return the stays that go on, in all classes that are running."""
    return _read(tx.execute(_GOING_ON))


def row_of(key: Key, stays: Stays) -> dict[str, object]:
    """Return stays as a row of the table."""
    values = {name: getattr(stays, name) for name in _STAYS}
    return {'session_id': key[0], 'user_id': key[1]} | values


MOVING = verbs_where(lambda traits: traits.moves_attendance)
"""the verbs that move a stay"""


def _come(before: Stays | None, activity: Recorded) -> Stays:
    if before is None:
        return Stays(course_id=activity.of_course, came_at=activity.at, here_since=activity.at)
    return before if before.here_since else replace(before, here_since=activity.at)


def _read(rows: Iterable[Sequence[object]]) -> dict[Key, Stays]:
    return {
        (session_id, user_id): Stays(**dict(zip(_STAYS, stays, strict=True)))  # type: ignore[arg-type, misc]
        for session_id, user_id, *stays in rows
    }


def _store(tx: Transaction, stays: dict[Key, Stays], keys: Iterable[Key]) -> None:
    if rows := [row_of(key, stays[key]) for key in keys]:
        _STORE.each(tx.connection, rows)


_attendance, _sessions = table(Attendance), table(LiveSession)
_KEY = ('session_id', 'user_id')
_STAYS = ('course_id', 'came_at', 'here_since', 'left_at', 'seconds')
_ROWS = select(*(_attendance.c[name] for name in (*_KEY, *_STAYS)))
_STORED = Prepared(_ROWS.where(among(_attendance.c.session_id, 'sessions'), among(_attendance.c.user_id, 'users')))
_HERE = Prepared(_ROWS.where(_attendance.c.session_id == bindparam('session'), _attendance.c.here_since.is_not(None)))
_GOING_ON = _ROWS.join(_sessions, _sessions.c.id == _attendance.c.session_id).where(
    _sessions.c.ended_at.is_(None), _attendance.c.here_since.is_not(None)
)
_STORE = upsert(_attendance, (*_KEY, *_STAYS), key=_KEY)

STATE: State[Key, Stays] = State(name='stays', form=Form(list[tuple[Key, Stays]]), fold=_fold_part)
PROJECTION = Projection(
    name='attendance',
    follows=MOVING,
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
