"""The parts of motivation, each of which can be switched off alone: in the school, and in one course.

What is off is neither shown nor awarded. Points go on being counted, so that nothing is missing once they are on again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from sqlalchemy import bindparam, select

from models import Course, Enrollment, SchoolSettings, table
from services import access
from services.access import Actor
from services.accounts import school_settings
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


class Part(StrEnum):
    """What can be switched on and off."""

    POINTS = 'points'
    BADGES = 'badges'
    STREAKS = 'streaks'
    LEADERBOARD = 'leaderboard'


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which of them are on; a leaderboard needs points."""

    points: bool = True
    badges: bool = True
    streaks: bool = True
    leaderboard: bool = True

    def __and__(self, other: 'Parts') -> 'Parts':
        """Return what is on in both."""
        return Parts(**{name: getattr(self, name) and getattr(other, name) for name in _NAMES})

    def __or__(self, other: 'Parts') -> 'Parts':
        """Return what is on in one of them."""
        return Parts(**{name: getattr(self, name) or getattr(other, name) for name in _NAMES})


def in_school(tx: Transaction) -> Parts:
    """Return what is on in the school."""
    rows = _SCHOOL.rows(tx.connection)
    return _parts(rows[0]) if rows else Parts()


def in_course(tx: Transaction, course_id: int) -> Parts:
    """Return what is on in a course; the caller has checked who may know it."""
    return in_courses(tx, {course_id}).get(course_id, OFF)


def in_courses(tx: Transaction, course_ids: set[int]) -> dict[int, Parts]:
    """Return what is on in each of some courses."""
    school = in_school(tx)
    rows = _COURSES.rows(tx.connection, courses=sorted(course_ids))
    return {course_id: school & _parts(flags) for course_id, *flags in rows}


def of_learner(tx: Transaction, user_id: int) -> Parts:
    """Return what is on for a learner: in the school, and in one of their courses at least."""
    found = OFF
    for flags in _OF_LEARNER.rows(tx.connection, user=user_id):
        found |= _parts(flags)
    return found & in_school(tx)


def school(tx: Transaction, actor: Actor | None) -> Parts:
    """Return to an admin what is on in the school."""
    access.admin(tx, actor)
    return in_school(tx)


def switch_school(tx: Transaction, actor: Actor | None, *, part: Part, on: bool) -> None:
    """Switch a part on or off in the whole school."""
    actor = access.admin(tx, actor)
    id_ = school_settings.ONLY
    row = tx.session.get(SchoolSettings, id_) or SchoolSettings(id=id_, created_at=tx.now, updated_at=tx.now)
    setattr(row, f'shows_{part}', on)
    row.updated_at = tx.now
    tx.session.add(row)
    tx.note('motivation switched', part=part, on=on, course=None, by=actor.user_id)


def course(tx: Transaction, actor: Actor | None, course_id: int) -> Parts:
    """Return to those who teach a course what is on in it, whatever the school says."""
    taught = access.taught_course(tx, actor, course_id)
    return Parts(**{name: getattr(taught, f'shows_{name}') for name in _NAMES})


def switch_course(tx: Transaction, actor: Actor | None, course_id: int, *, part: Part, on: bool) -> None:
    """Switch a part on or off in a course; where the school has it off, it stays off."""
    taught = access.taught_course(tx, actor, course_id)
    setattr(taught, f'shows_{part}', on)
    tx.session.add(taught)
    tx.note('motivation switched', part=part, on=on, course=course_id, by=actor.user_id if actor else 0)


def _parts(flags: Iterable[bool]) -> Parts:
    points, badges, streaks, leaderboard = flags
    return Parts(points=points, badges=badges, streaks=streaks, leaderboard=leaderboard and points)


_NAMES = tuple(field.name for field in fields(Parts))
OFF = Parts(points=False, badges=False, streaks=False, leaderboard=False)
_school, _courses, _enrollments = table(SchoolSettings), table(Course), table(Enrollment)
_SCHOOL = Prepared(select(*(_school.c[f'shows_{name}'] for name in _NAMES)).where(_school.c.id == school_settings.ONLY))
_OF_COURSE = tuple(_courses.c[f'shows_{name}'] for name in _NAMES)
_COURSES = Prepared(select(_courses.c.id, *_OF_COURSE).where(among(_courses.c.id, 'courses')))
_OF_LEARNER = Prepared(
    select(*_OF_COURSE)
    .distinct()
    .join(_enrollments, _enrollments.c.course_id == _courses.c.id)
    .where(
        _enrollments.c.user_id == bindparam('user'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
    )
)
