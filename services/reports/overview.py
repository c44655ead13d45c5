"""How far learners are as a whole: one in all courses, and everybody in one course."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, literal_column, select

from models import Activity, Certificate, Course, CourseGroup, Enrollment, Progress, User, table, verbs_where
from services import access
from services.access import Actor
from services.certificates.validity import VALID
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress.states import EnrollmentState, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStanding:
    """How far a learner is with one course."""

    course_id: int
    title: str
    enrollment_id: int
    state: EnrollmentState
    percent: int
    done: int
    counted: int
    enrolled_at: datetime
    completed_at: datetime | None
    """when the course was completed first"""
    certificate: str | None
    """its serial"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerStanding:
    """How far a learner is with all their courses, as far as they concern the reader."""

    user_id: int
    name: str
    percent: int
    """of everything that counts in these courses, rounded down"""
    done: int
    counted: int
    courses: tuple[CourseStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classmate:
    """One learner of a course, as those who teach it see them."""

    user_id: int
    name: str
    enrollment_id: int
    state: EnrollmentState
    percent: int
    done: int
    completed_at: datetime | None
    """when the course was completed first"""
    last_active: datetime | None


def of_learner(tx: Transaction, actor: Actor | None, user_id: int) -> LearnerStanding:
    """Return how far a learner is with the courses that concern the actor."""
    courses = in_courses(tx, user_id, access.learning(tx, actor, user_id))
    access.note_look(tx, actor, 'learner', about=user_id)
    done, counted = sum(each.done for each in courses), sum(each.counted for each in courses)
    return LearnerStanding(
        user_id=user_id,
        name=tx.session.get_one(User, user_id).name,
        percent=done * 100 // counted if counted else 0,
        done=done,
        counted=counted,
        courses=courses,
    )


def of_course(
    tx: Transaction, actor: Actor | None, course_id: int, *, after: int = 0, limit: int, group: str = ''
) -> tuple[Classmate, ...]:
    """Return the learners of a course, or of one group, by their ids, at most so many after one of them."""
    access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'progress', course=course_id)
    rows = _EVERYBODY.rows(tx.connection, course=course_id, after=after, limit=limit, group=group)
    users = [user_id for user_id, *_ in rows]
    active: dict[int, datetime] = dict(_LAST_ACTIVE.rows(tx.connection, course=course_id, users=users))
    return tuple(
        Classmate(
            user_id=user_id,
            name=name,
            enrollment_id=enrollment_id,
            state=state_of(completed=bool(completed_at), paused=bool(paused_at), started=bool(started)),
            percent=percent,
            done=done,
            completed_at=completed_at,
            last_active=active.get(user_id),
        )
        for user_id, name, enrollment_id, percent, done, completed_at, paused_at, started in rows
    )


def in_courses(tx: Transaction, user_id: int, course_ids: Collection[int]) -> tuple[CourseStanding, ...]:
    """Return how far a learner is with some courses; the caller has checked who may see it."""
    rows = _COURSES.rows(tx.connection, user=user_id, courses=list(course_ids))
    return tuple(
        CourseStanding(
            course_id=course_id,
            title=title,
            enrollment_id=enrollment_id,
            state=state_of(completed=bool(completed_at), paused=bool(paused_at), started=bool(started)),
            percent=percent,
            done=done,
            counted=counted,
            enrolled_at=enrolled_at,
            completed_at=completed_at,
            certificate=serial,
        )
        for (
            course_id,
            title,
            counted,
            enrollment_id,
            percent,
            done,
            enrolled_at,
            completed_at,
            paused_at,
            started,
            serial,
        ) in rows
    )


_enrollments, _courses, _users = table(Enrollment), table(Course), table(User)
_progress, _log, _certificates = table(Progress), table(Activity), table(Certificate)
_groups = table(CourseGroup)

_STARTED = exists(literal_column('1')).where(
    _progress.c.course_id == _enrollments.c.course_id, _progress.c.user_id == _enrollments.c.user_id
)
_COURSES = Prepared(
    select(
        _courses.c.id,
        _courses.c.title,
        _courses.c.counted,
        _enrollments.c.id,
        _enrollments.c.percent,
        _enrollments.c.done,
        _enrollments.c.enrolled_at,
        _enrollments.c.completed_at,
        _enrollments.c.paused_at,
        _STARTED,
        _certificates.c.serial,
    )
    .join(_enrollments, _enrollments.c.course_id == _courses.c.id)
    .outerjoin(
        _certificates,
        (_certificates.c.course_id == _courses.c.id) & (_certificates.c.user_id == _enrollments.c.user_id) & VALID,
    )
    .where(_enrollments.c.user_id == bindparam('user'), among(_courses.c.id, 'courses'))
    .order_by(_courses.c.id)
)
_EVERYBODY = Prepared(
    select(
        _enrollments.c.user_id,
        _users.c.name,
        _enrollments.c.id,
        _enrollments.c.percent,
        _enrollments.c.done,
        _enrollments.c.completed_at,
        _enrollments.c.paused_at,
        _STARTED,
    )
    .join(_users, _users.c.id == _enrollments.c.user_id)
    .outerjoin(_groups, _groups.c.id == _enrollments.c.group_id)
    .where(
        (bindparam('group', type_=_groups.c.name.type) == '') | (_groups.c.name == bindparam('group')),
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.user_id > bindparam('after'),
        _enrollments.c.removed_at.is_(None),
    )
    .order_by(_enrollments.c.user_id)
    .limit(bindparam('limit'))
)
_FOR_THEM = sorted(verbs_where(lambda traits: not traits.is_own_deed))
_LAST_ACTIVE = Prepared(
    select(_log.c.user_id, func.max(_log.c.at))
    .where(
        among(_log.c.user_id, 'users'),
        # not by the index of the course, which has everybody's
        _log.c.course_id + 0 == bindparam('course'),
        *(_log.c.verb != verb for verb in _FOR_THEM),
    )
    .group_by(_log.c.user_id)
)
