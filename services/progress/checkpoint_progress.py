"""Progress: one learner at one checkpoint in one mode. A projection of the activity log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from models import Mode, Progress, Verb, table, verbs_where
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

Key = tuple[int, int, Mode]
"""(user id, checkpoint id, mode)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeProgress:
    """How far one learner is with one checkpoint in one mode."""

    course_id: int
    started_at: datetime
    completed_at: datetime | None = None
    duration_seconds: int | None = None


def fold(standings: dict[Key, ModeProgress], activities: Iterable[Recorded]) -> set[Key]:
    """Move standings by activities, oldest first; returns the keys of those that changed.

    Completing again keeps the first moment; undoing keeps the start.
    """
    changed: set[Key] = set()
    for activity in activities:
        if activity.verb not in _MOVING or activity.checkpoint_id is None or activity.mode is None:
            continue
        key = (activity.user_id, activity.checkpoint_id, activity.mode)
        before = standings.get(key)
        after = _moved(before, activity)
        if after is not None and after != before:
            standings[key] = after
            changed.add(key)
    return changed


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Bring the table up to date with activities just recorded."""
    standings = _stored(tx, activities)
    changed = fold(standings, activities)
    rows = [row_of(key, standings[key]) for key in changed]
    _STORE.each(tx.connection, rows)


def rebuild(tx: Transaction, part: Part) -> None:
    """Store what some people have done anew; the work of a guest is that of the person who they turned out to be."""
    tx.execute(delete(Progress).where(col(Progress.user_id).in_(part.people)))
    if rows := list(_told(tx, part).values()):
        _STORE.each(tx.connection, rows)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the progress of some people with the log."""
    rows = tx.session.scalars(select(Progress).where(col(Progress.user_id).in_(part.people)))
    stored = {(row.user_id, row.checkpoint_id, row.mode): row.model_dump() for row in rows}
    return list(compared('progress', _told(tx, part), stored))


def row_of(key: Key, standing: ModeProgress) -> dict[str, object]:
    """Return a standing as a row of the table."""
    return {
        'user_id': key[0],
        'checkpoint_id': key[1],
        'mode': key[2],
        'course_id': standing.course_id,
        'started_at': standing.started_at,
        'completed_at': standing.completed_at,
        'duration_seconds': standing.duration_seconds,
    }


def _told(tx: Transaction, part: Part) -> dict[Key, dict[str, object]]:
    return {key: row_of(key, standing) for key, standing in part.folded(tx, STATE).items()}


_MOVING = verbs_where(lambda traits: traits.moves_progress)


def _moved(before: ModeProgress | None, activity: Recorded) -> ModeProgress | None:
    if activity.verb is Verb.UNDONE:
        return replace(before, completed_at=None, duration_seconds=None) if before else None
    started = before or ModeProgress(course_id=activity.of_course, started_at=activity.at)
    if activity.verb is Verb.STARTED or started.completed_at:
        return started
    # a clock that was set back must not make the time negative
    seconds = max(0, int((activity.at - started.started_at).total_seconds()))
    return replace(started, completed_at=activity.at, duration_seconds=seconds)


def of_learner(tx: Transaction, course_id: int, user_id: int) -> dict[int, dict[Mode, ModeProgress]]:
    """Return how it went with each checkpoint of a course, by its id; the caller has checked who may see it."""
    found: dict[int, dict[Mode, ModeProgress]] = {}
    for checkpoint_id, mode, *facts in _OF_LEARNER.rows(tx.connection, course=course_id, user=user_id):
        found.setdefault(checkpoint_id, {})[mode] = _progress_of(facts)
    return found


def _progress_of(facts: Sequence[Any]) -> ModeProgress:
    return ModeProgress(**dict(zip(_FACTS, facts, strict=True)))


def _stored(tx: Transaction, activities: Sequence[Recorded]) -> dict[Key, ModeProgress]:
    rows = _STORED.rows(
        tx.connection,
        keys=sorted({(each.user_id, each.checkpoint_id) for each in activities if each.checkpoint_id is not None}),
    )
    return {(user_id, checkpoint_id, mode): _progress_of(facts) for user_id, checkpoint_id, mode, *facts in rows}


_progress = table(Progress)
_FACTS = ('course_id', 'started_at', 'completed_at', 'duration_seconds')
_KEY = ('user_id', 'checkpoint_id', 'mode')
_STORED = Prepared(
    select(*(_progress.c[name] for name in (*_KEY, *_FACTS))).where(
        number_pair_among(_progress.c.user_id, _progress.c.checkpoint_id, 'keys')
    )
)
_OF_LEARNER = Prepared(
    select(*(_progress.c[name] for name in ('checkpoint_id', 'mode', *_FACTS))).where(
        _progress.c.course_id == bindparam('course'), _progress.c.user_id == bindparam('user')
    )
)
_STORE = upsert(_progress, (*_KEY, *_FACTS), key=_KEY)

STATE: State[Key, ModeProgress] = State(
    name='progress',
    form=Form(list[tuple[Key, ModeProgress]]),
    fold=lambda _, part, standings: fold(standings, part.owned()),
)
PROJECTION = Projection(
    name='progress',
    follows=_MOVING,
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
