"""What stands above every page of a course, for those who teach it; and to which page of a course a person is led."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, func, select

from models import Checkpoint, Course, Enrollment, HelpRequest, Module, table
from services import access
from services.access import Actor
from services.core import database
from services.core.errors import NotFound
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.live import class_access, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHead:
    """A course as the top of its pages shows it."""

    course_id: int
    title: str
    code: str
    """empty where nobody can join with it"""
    is_running: bool
    waiting: int
    """how many learners wait for help, and nobody is on the way to them"""


class Door(StrEnum):
    """The page of a course to which a person is led."""

    CHECKPOINTS = 'steps'
    """they teach the course"""
    CLASS = 'class'
    """they learn in it, and a class is on"""
    LEARN = 'learn'
    OUTSIDE = 'outside'
    """they are not in it, or it is not there: both look the same"""


@database.quick
def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> CourseHead:
    """Return the top of the pages of a course that the actor teaches."""
    course = access.taught_course(tx, actor, course_id)
    session_id = _running(tx, course_id)
    return CourseHead(
        course_id=course_id,
        title=course.title,
        code=course.code if course.code_open and not course.archived_at else '',
        is_running=session_id is not None,
        waiting=_WAITING.rows(tx.connection, session=session_id)[0][0] if session_id else 0,
    )


@database.quick
def door(tx: Transaction, actor: Actor | None, course_id: int) -> Door:
    """Return the page to which the actor is led; a learner who was taken out reads why they are out."""
    actor = access.signed_in(tx, actor)
    course = tx.session.get(Course, course_id)
    if course and not course.deleted_at and access.teaches(tx, actor, course):
        return Door.CHECKPOINTS
    try:
        class_access.place(tx, actor, course_id)
    except NotFound:
        return Door.OUTSIDE
    return Door.LEARN if _running(tx, course_id) is None else Door.CLASS


def _running(tx: Transaction, course_id: int) -> int | None:
    latest = sessions.latest(tx, course_id)
    return latest.session_id if latest and latest.ended_at is None else None


_requests, _checkpoints, _modules = table(HelpRequest), table(Checkpoint), table(Module)
_enrollments = table(Enrollment)
_WAITING = Prepared(
    select(func.count())
    .select_from(_requests)
    .join(_checkpoints, _checkpoints.c.id == _requests.c.checkpoint_id)
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .join(
        _enrollments,
        (_enrollments.c.course_id == _requests.c.course_id) & (_enrollments.c.user_id == _requests.c.user_id),
    )
    .where(
        _requests.c.session_id == bindparam('session'),
        _requests.c.resolved_at.is_(None),
        _requests.c.helper_id.is_(None),
        _checkpoints.c.deleted_at.is_(None),
        _checkpoints.c.is_preview.is_(False),
        _modules.c.deleted_at.is_(None),
        _enrollments.c.removed_at.is_(None),
    )
)
