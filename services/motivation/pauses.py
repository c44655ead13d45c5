"""Pauses of streaks: days on which a learner need not learn, as those who teach them say. Kept in the log."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import delete, select
from sqlmodel import col

from models import StreakPause, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.errors import Invalid
from services.core.events import Recorded
from services.core.projection import Part, Projection, compared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.motivation.calendar import DaySpan, check_span
from services.quizzes.mastery import owners_of

FARTHEST = timedelta(days=366)
"""from today, back and ahead"""

Key = tuple[int, int, date]
"""(user id, course id, first day)"""


def pause(tx: Transaction, actor: Actor | None, course_id: int, user_id: int, *, first: date, last: date) -> None:
    """Let some days count for nothing in the streak of a learner; a pause that begins on the same day is replaced."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id, removed=False)
    assert actor is not None
    span = check_span(first, last)
    if abs(first - tx.now.date()) > FARTHEST:
        raise Invalid('Choose days of the last or the next twelve months.', field='first')
    _record(tx, actor, course_id, user_id, span)


def end(tx: Transaction, actor: Actor | None, course_id: int, user_id: int, *, first: date) -> None:
    """Take a pause back, as if it had not been said."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    assert actor is not None
    if any(span.first == first for span in _stored(tx, course_id, user_id)):
        _record(tx, actor, course_id, user_id, DaySpan(first, first - timedelta(days=1)))


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> tuple[DaySpan, ...]:
    """Return the pauses that those who teach a course have given a learner, newest first, to those who teach it."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    return _stored(tx, course_id, user_id)


def fold(activities: Iterable[Recorded]) -> dict[Key, date]:
    """Return the pauses that activities, oldest first, say; the last word on a first day holds."""
    found: dict[Key, date] = {}
    for each in activities:
        if each.verb is Verb.STREAK_PAUSED and each.details:
            first, last = (date.fromisoformat(str(each.details[name])) for name in ('first', 'last'))
            found[each.user_id, each.of_course, first] = last
    return found


def project(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Store pauses that have just been said or taken back."""
    owners = owners_of(tx, {each.user_id for each in activities})
    _store(tx, {(owners.get(key[0], key[0]), *key[1:]): last for key, last in fold(activities).items()})


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the pauses of some people anew."""
    tx.execute(delete(StreakPause).where(col(StreakPause.user_id).in_(part.people)))
    _store(tx, fold(part.owned()))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the pauses of some people with the log."""
    rows = tx.session.scalars(select(StreakPause).where(col(StreakPause.user_id).in_(part.people)))
    stored = {(row.user_id, row.course_id, row.first_day): row.model_dump() for row in rows}
    told = {key: _row(key, last) for key, last in fold(part.owned()).items() if last >= key[2]}
    return list(compared('streak pause', told, stored))


def _stored(tx: Transaction, course_id: int, user_id: int) -> tuple[DaySpan, ...]:
    first = col(StreakPause.first_day)
    theirs = col(StreakPause.user_id) == user_id, col(StreakPause.course_id) == course_id
    rows = tx.execute(select(first, col(StreakPause.last_day)).where(*theirs).order_by(first.desc()))
    return tuple(DaySpan(*row) for row in rows)


def _record(tx: Transaction, actor: Actor, course_id: int, user_id: int, span: DaySpan) -> None:
    entry = Entry(
        user_id=user_id,
        tap_id=f'{Verb.STREAK_PAUSED}:{uuid4().hex}',
        verb=Verb.STREAK_PAUSED,
        course_id=course_id,
        details={'by': actor.user_id, 'first': span.first.isoformat(), 'last': span.last.isoformat()},
    )
    recording.record(tx, [entry])
    tx.note('streak paused', course=course_id, about=user_id, by=actor.user_id)


def _store(tx: Transaction, found: dict[Key, date]) -> None:
    for user_id, course_id, first in (key for key, last in found.items() if last < key[2]):
        theirs = col(StreakPause.user_id) == user_id, col(StreakPause.course_id) == course_id
        tx.execute(delete(StreakPause).where(*theirs, col(StreakPause.first_day) == first))
    if rows := [_row(key, last) for key, last in found.items() if last >= key[2]]:
        _STORE.each(tx.connection, rows)


def _row(key: Key, last: date) -> dict[str, object]:
    return dict(zip(_COLUMNS, (*key, last), strict=True))


_COLUMNS = ('user_id', 'course_id', 'first_day', 'last_day')
_STORE = upsert(table(StreakPause), _COLUMNS, key=_COLUMNS[:3])

PROJECTION = Projection(
    name='streak pauses',
    follows=frozenset({Verb.STREAK_PAUSED}),
    project=project,
    rebuild=rebuild,
    differences=differences,
)
