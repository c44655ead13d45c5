"""Learners are notified a day before they have to hand something in or complete it, by their own date.

Extra time and what was agreed count. A date that was moved is another one, and notifies again.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import timedelta

from sqlalchemy import bindparam, or_, select

from models import (
    AssignmentExtension,
    Checkpoint,
    Course,
    Enrollment,
    NoticeKind,
    Quiz,
    QuizException,
    User,
    table,
)
from services.core import database, zones
from services.core.jobs import Kind
from services.core.phrases import phrase
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.deadlines import dates
from services.deadlines.dates import Deadline
from services.notices import writing
from services.notices.drafts import Draft, moment_key

LOOK_EVERY = timedelta(minutes=15)
AHEAD = timedelta(hours=24)
EXTRA_TIME = timedelta(days=60)
"""by how much extra time can put a date off, and more"""
IN_ONE_GO = 50
"""learners whose dates are read at a time"""

Place = tuple[int, int]
"""(user id, course id)"""


def kind() -> Kind:
    """Return the job that looks for deadlines that are near."""
    return Kind(name='deadlines', work=lambda _: look(), repeats=LOOK_EVERY)


async def look() -> int:
    """Notify those who have something to do within a day, some of them at a time; returns how many notices it wrote."""
    written = 0
    places = await database.read(_places)
    people = sorted({user_id for user_id, _ in places})
    for start in range(0, len(people), IN_ONE_GO):
        found = await database.read(_drafts, people[start : start + IN_ONE_GO], places)
        written += await writing.write_some_at_a_time(found)
    return written


def _places(tx: Transaction) -> frozenset[Place]:
    """Return which learners may have a deadline soon in which courses; most courses have none at most times."""
    window = {'now': tx.now, 'until': tx.now + AHEAD, 'before': tx.now - EXTRA_TIME}
    return frozenset(place for query in (_DUE, _AGREED, _CLOSING) for place in query.rows(tx.connection, **window))


def _drafts(tx: Transaction, people: list[int], places: AbstractSet[Place]) -> list[Draft]:
    zones_of: dict[int, str] = dict(_ZONES.rows(tx.connection, people=people))
    return [
        _draft(user_id, deadline, zones_of.get(user_id, ''))
        for user_id in people
        for deadline in _near(tx, user_id)
        if (user_id, deadline.course_id) in places
    ]


def _near(tx: Transaction, user_id: int) -> Iterator[Deadline]:
    for deadline in dates.of_learner(tx, user_id, since=tx.now):
        if deadline.due_at <= tx.now + AHEAD and not deadline.is_done:
            yield deadline


def _draft(user_id: int, deadline: Deadline, zone: str) -> Draft:
    time = zones.in_zone(zones.of(zone), deadline.due_at).strftime('%H:%M')
    return Draft(
        user_id=user_id,
        kind=NoticeKind.DEADLINE,
        object_key=f'checkpoint:{deadline.checkpoint_id}',
        occurrence=moment_key(deadline.due_at),
        course_id=deadline.course_id,
        title=phrase('“{step}” is due within a day, at {time}.', step=deadline.title, time=time),
        body=phrase('In “{course}”', course=deadline.course),
        address=f'/courses/{deadline.course_id}/learn/{deadline.checkpoint_id}',
        happened_at=deadline.due_at - AHEAD,
        useful_until=deadline.due_at,
    )


_places_of, _courses, _users = table(Enrollment), table(Course), table(User)
_checkpoints, _quizzes = table(Checkpoint), table(Quiz)
_extensions, _exceptions = table(AssignmentExtension), table(QuizException)
_MOMENT = _checkpoints.c.due_at.type
_NOW, _UNTIL, _BEFORE = (bindparam(name, type_=_MOMENT) for name in ('now', 'until', 'before'))
_ZONES = Prepared(select(_users.c.id, _users.c.time_zone).where(among(_users.c.id, 'people')))
_LEARNS = (
    _places_of.c.removed_at.is_(None),
    _places_of.c.paused_at.is_(None),
    _courses.c.archived_at.is_(None),
    _courses.c.deleted_at.is_(None),
)
_IN_COURSES = select(_places_of.c.user_id, _places_of.c.course_id).join(
    _courses, _courses.c.id == _places_of.c.course_id
)
_DUE = Prepared(
    _IN_COURSES.join(_checkpoints, _checkpoints.c.course_id == _places_of.c.course_id).where(
        *_LEARNS,
        _checkpoints.c.deleted_at.is_(None),
        _checkpoints.c.due_at <= _UNTIL,
        or_(_checkpoints.c.due_at >= _NOW, (_places_of.c.extra_percent > 0) & (_checkpoints.c.due_at >= _BEFORE)),
    )
)
_AGREED = Prepared(
    _IN_COURSES.join(_checkpoints, _checkpoints.c.course_id == _places_of.c.course_id)
    .join(_extensions, _extensions.c.checkpoint_id == _checkpoints.c.id)
    .where(
        *_LEARNS,
        or_(
            _extensions.c.user_id == _places_of.c.user_id,
            _extensions.c.group_id == _places_of.c.group_id,
        ),
        _extensions.c.due_at.between(_NOW, _UNTIL),
    )
)
_CLOSING = Prepared(
    _IN_COURSES.join(_quizzes, _quizzes.c.course_id == _places_of.c.course_id)
    .outerjoin(
        _exceptions,
        (_exceptions.c.checkpoint_id == _quizzes.c.checkpoint_id) & (_exceptions.c.user_id == _places_of.c.user_id),
    )
    .where(
        *_LEARNS,
        or_(_quizzes.c.closes_at.between(_NOW, _UNTIL), _exceptions.c.closes_at.between(_NOW, _UNTIL)),
    )
)
