"""Weeks that are over, with the goal that held and what was reached of it, as the log has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from models import ClosedWeek, Verb, table
from services import access
from services.access import Actor
from services.core.errors import NotEnrolled
from services.core.events import Recorded
from services.core.projection import Part, Projection, compared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.goals.status import Outlook, of_week

MOST_SHOWN = 60

Key = tuple[int, int, date]
"""(user id, course id, Monday)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWeek:
    """One learner in one course, in a week that is over."""

    monday: date
    done: int
    """checkpoints that were completed first in this week, in either mode"""
    goal: int
    """the goal that held when the week ended"""
    outlook: Outlook
    """achieved or missed"""


def own(tx: Transaction, actor: Actor | None) -> dict[int, tuple[PastWeek, ...]]:
    """Return the actor's own weeks that are over, newest first, by the id of the course."""
    actor = access.participant(tx, actor)
    found: dict[int, list[PastWeek]] = {}
    for row in _stored(tx, col(ClosedWeek.user_id) == actor.user_id):
        found.setdefault(row.course_id, []).append(_shown(row))
    return {course_id: tuple(weeks[:MOST_SHOWN]) for course_id, weeks in found.items()}


def own_in(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[PastWeek, ...]:
    """Return the actor's own weeks in a course that are over, newest first."""
    access.course(tx, actor, course_id)
    assert actor is not None
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    return known_of(tx, actor.user_id, course_id)


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> tuple[PastWeek, ...]:
    """Return the weeks of a learner in a course that are over, newest first, for those who teach it."""
    access.taught_course(tx, actor, course_id)
    access.learner(tx, actor, user_id, course_id)
    access.note_look(tx, actor, 'weekly goals', course=course_id, about=user_id)
    return known_of(tx, user_id, course_id)


def fold(recorded: Iterable[Recorded]) -> dict[Key, dict[str, Any]]:
    """Return what the log says of weeks that are over; where a guest and a person have one each, the better one."""
    found: dict[Key, dict[str, Any]] = {}
    for activity in recorded:
        if activity.verb is Verb.WEEK_CLOSED and activity.details:
            monday = activity.local_date - timedelta(days=activity.local_date.weekday())
            key = activity.user_id, activity.of_course, monday
            done, goal = int(activity.details['done']), int(activity.details['goal'])
            if key not in found or done > found[key]['done']:
                row = dict(zip(_KEY, key, strict=True))
                found[key] = row | {'goal': goal, 'done': done}
    return found


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Store the weeks that have just been closed."""
    _store(tx, fold(recorded))


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the weeks of some people anew."""
    tx.execute(delete(ClosedWeek).where(col(ClosedWeek.user_id).in_(part.people)))
    _store(tx, fold(part.owned()))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the weeks of some people with the log."""
    rows = _stored(tx, col(ClosedWeek.user_id).in_(part.people))
    stored = {(row.user_id, row.course_id, row.monday): row.model_dump() for row in rows}
    return list(compared('closed week', fold(part.owned()), stored))


def known_of(tx: Transaction, user_id: int, course_id: int) -> tuple[PastWeek, ...]:
    """Return the weeks of a learner in a course that are over, newest first; the caller has checked who may know."""
    theirs = (col(ClosedWeek.user_id) == user_id) & (col(ClosedWeek.course_id) == course_id)
    return tuple(_shown(row) for row in _stored(tx, theirs)[:MOST_SHOWN])


def _stored(tx: Transaction, condition: ColumnElement[bool]) -> Sequence[ClosedWeek]:
    rows: Sequence[ClosedWeek] = tx.session.scalars(
        select(ClosedWeek).where(condition).order_by(col(ClosedWeek.monday).desc())
    ).all()
    return rows


def _shown(row: ClosedWeek) -> PastWeek:
    return PastWeek(
        monday=row.monday,
        done=row.done,
        goal=row.goal,
        outlook=of_week(done=row.done, goal=row.goal, days_gone=7, is_over=True),
    )


def _store(tx: Transaction, rows: dict[Key, dict[str, object]]) -> None:
    if rows:
        _STORE.each(tx.connection, list(rows.values()))


_KEY = ('user_id', 'course_id', 'monday')
_STORE = upsert(table(ClosedWeek), (*_KEY, 'goal', 'done'), key=_KEY)

PROJECTION = Projection(
    name='closed weeks',
    follows=frozenset({Verb.WEEK_CLOSED}),
    project=project,
    rebuild=rebuild,
    differences=differences,
)
