"""Courses as those see them who teach or learn in them: what they have, and each as a whole."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, exists, func, literal, select, union_all
from sqlmodel import col

from models import Course, CourseInstructor, Enrollment, Progress, Role
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.courses import teachers
from services.courses.catalog import class_is_on
from services.courses.teachers import Teacher
from services.progress.states import EnrollmentState, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """A course that the viewer teaches or learns in, as it is listed."""

    course_id: int
    title: str
    subject: str
    is_archived: bool
    is_running: bool
    """whether a class is held on it now"""
    teaches: bool
    checkpoints: int
    """that count"""
    learners: int | None
    """None unless the viewer teaches it"""
    code: str | None
    """with which others join; None unless the viewer teaches it"""
    percent: int | None
    """how far the viewer is; None unless they learn in it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """The viewer as a learner of the course."""

    percent: int
    state: EnrollmentState
    is_hidden: bool
    """whether they have chosen not to be shown on the projector"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """What only those see of a course who teach it."""

    code: str
    code_open: bool
    owns: bool
    learners: int
    owner: Teacher
    co_instructors: tuple[Teacher, ...]
    lag_percent: int
    lag_steps: int
    lag_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseShown:
    """A course, as the viewer may see it."""

    course_id: int
    title: str
    description: str
    subject: str
    is_archived: bool
    is_running: bool
    """whether a class is held on it now"""
    classmates_help: bool
    gives_certificates: bool
    taught_by: tuple[str, ...]
    checkpoints: int
    """that count"""
    learning: OwnPlace | None
    """None unless the viewer learns in it"""
    teaching: Teaching | None
    """None unless the viewer teaches it"""


def own(tx: Transaction, actor: Actor | None, *, after: int = 0, limit: int) -> list[OwnCourse]:
    """Return the courses that the actor teaches or learns in, by id, beginning behind the id `after`."""
    actor = access.participant(tx, actor)
    me = actor.user_id
    helps = select(col(CourseInstructor.course_id)).where(col(CourseInstructor.user_id) == me, literal(actor.may_teach))
    learns = (col(Enrollment.user_id) == me) & col(Enrollment.removed_at).is_(None)
    mine = union_all(
        select(col(Course.id)).where(col(Course.owner_id) == me), helps, select(col(Enrollment.course_id)).where(learns)
    )
    query = (
        select(Course, class_is_on(), _learners(), col(Course.id).in_(helps), col(Enrollment.percent))
        .outerjoin(Enrollment, (col(Enrollment.course_id) == col(Course.id)) & learns)
        .where(col(Course.id).in_(mine), col(Course.deleted_at).is_(None), col(Course.id) > after)
        .order_by(col(Course.id))
        .limit(limit)
    )
    return [_own(actor, *row) for row in tx.execute(query)]


def shown(tx: Transaction, actor: Actor | None, course_id: int) -> CourseShown:
    """Return a course, as the viewer may see it."""
    course = access.course(tx, actor, course_id)
    assert actor is not None  # `access` has seen to it
    is_running, learners = tx.execute(select(class_is_on(), _learners()).where(col(Course.id) == course_id)).one()
    owner, *helpers = teachers.of_course(tx, course_id)
    teaching = Teaching(
        code=course.code,
        code_open=course.code_open,
        owns=actor.role is Role.ADMIN or actor.user_id == course.owner_id,
        learners=learners,
        owner=owner,
        co_instructors=tuple(helpers),
        lag_percent=course.lag_percent,
        lag_steps=course.lag_steps,
        lag_minutes=course.lag_minutes,
    )
    return CourseShown(
        course_id=course_id,
        title=course.title,
        description=course.description,
        subject=course.subject,
        is_archived=course.archived_at is not None,
        is_running=bool(is_running),
        classmates_help=course.classmates_help,
        gives_certificates=course.gives_certificates,
        taught_by=(owner.name, *(helper.name for helper in helpers)),
        checkpoints=course.counted,
        learning=_place(tx, actor, course_id),
        teaching=teaching if access.teaches(tx, actor, course) else None,
    )


def _own(actor: Actor, course: Course, is_running: bool, learners: int, helps: bool, percent: int | None) -> OwnCourse:
    teaches = bool(helps) or course.owner_id == actor.user_id or actor.role is Role.ADMIN
    return OwnCourse(
        course_id=course.id,
        title=course.title,
        subject=course.subject,
        is_archived=course.archived_at is not None,
        is_running=bool(is_running),
        teaches=teaches,
        checkpoints=course.counted,
        learners=learners if teaches else None,
        code=course.code if teaches else None,
        percent=percent,
    )


def _place(tx: Transaction, actor: Actor, course_id: int) -> OwnPlace | None:
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == actor.user_id
    started = exists().where(col(Progress.course_id) == course_id, col(Progress.user_id) == actor.user_id)
    query = select(Enrollment, started).where(*mine, col(Enrollment.removed_at).is_(None))
    for place, has_started in tx.execute(query):
        state = state_of(completed=bool(place.completed_at), paused=bool(place.paused_at), started=bool(has_started))
        return OwnPlace(percent=place.percent, state=state, is_hidden=place.is_hidden)
    return None


def _learners() -> ScalarSelect[int]:
    learns = col(Enrollment.course_id) == col(Course.id), col(Enrollment.removed_at).is_(None)
    return select(func.count()).select_from(Enrollment).where(*learns).correlate(Course).scalar_subquery()
