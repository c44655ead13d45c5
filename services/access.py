"""Who may do what: one funnel for each kind of access, called by every verb."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, bindparam, exists, select
from sqlmodel import col

from models import Checkpoint, Course, CourseInstructor, Enrollment, Module, ParentLink, Role, SignIn, User, table
from services.core import zones
from services.core.errors import Forbidden, NotFound, NotSignedIn
from services.core.looks import Looked
from services.core.phrases import phrase
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person who acts, on one of their devices."""

    user_id: int
    sign_in_id: int
    role: Role
    name: str
    is_guest: bool
    time_zone: str = ''
    """IANA name; empty for the zone of the school"""
    language: str = ''
    """code; empty for the language that their browser asks for"""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this person lives: their days and weeks, and the times that they see."""
        return zones.of(self.time_zone)

    @property
    def may_teach(self) -> bool:
        """Whether this person may have courses of their own."""
        return self.role in {Role.INSTRUCTOR, Role.ADMIN}

    @property
    def may_learn(self) -> bool:
        """Whether this person may have a place in courses; parents have none."""
        return self.role is not Role.PARENT


def signed_in(tx: Transaction, actor: Actor | None) -> Actor:
    """Return the actor if the device is still signed in, else raise `NotSignedIn`."""
    if actor is None or not alive(tx, [actor.sign_in_id]):
        raise NotSignedIn
    return actor


def alive(tx: Transaction, sign_in_ids: list[int]) -> set[int]:
    """Return those sign-ins that still hold."""
    return {id_ for (id_,) in _ALIVE.rows(tx.connection, ids=sign_in_ids, now=tx.now)}


def note_look(
    tx: Transaction, actor: Actor | None, page: str, *, course: int | None = None, about: int | None = None
) -> None:
    """Record who has opened which overview of learners, or of the school.

    It is a line in the server log. Where data of other people were looked at, it is a row as well, which is on the disk
    before what was found leaves the server (`services.core.looks`).
    """
    tx.note('dashboard opened', page=page, by=actor.user_id if actor else 0, course=course, about=about)
    if actor and about != actor.user_id and (about is not None or course is not None):
        tx.looks.append(Looked(by_id=actor.user_id, page=page, about_id=about, course_id=course))


def admin(tx: Transaction, actor: Actor | None) -> Actor:
    """Return the actor if they run this installation."""
    actor = signed_in(tx, actor)
    if actor.role is not Role.ADMIN:
        raise NotFound('There is nothing here.')
    return actor


def teacher(tx: Transaction, actor: Actor | None) -> Actor:
    """Return the actor if they may have courses of their own."""
    actor = signed_in(tx, actor)
    if not actor.may_teach:
        raise Forbidden('Only instructors can do this. Ask your school to invite you as one.')
    return actor


def participant(tx: Transaction, actor: Actor | None) -> Actor:
    """Return the actor unless they are a parent: parents have no place in courses, and nothing that comes with one."""
    actor = signed_in(tx, actor)
    if not actor.may_learn:
        raise Forbidden('This is for people in courses. As a parent you see how your children learn.')
    return actor


def parent(tx: Transaction, actor: Actor | None) -> Actor:
    """Return the actor if they are a parent."""
    actor = signed_in(tx, actor)
    if actor.role is not Role.PARENT:
        raise NotFound(_NO_CHILD)
    return actor


def child(tx: Transaction, actor: Actor | None, child_id: int) -> User:
    """Return a child who is linked to the actor, a parent; absent and not theirs look the same."""
    for found in children(tx, actor):
        if found.id == child_id:
            return found
    raise NotFound(_NO_CHILD)


def children(tx: Transaction, actor: Actor | None) -> tuple[User, ...]:
    """Return the children who are linked to the actor, a parent, by name."""
    actor = parent(tx, actor)
    theirs = (
        select(User)
        .join(ParentLink, col(ParentLink.child_id) == col(User.id))
        .where(col(ParentLink.parent_id) == actor.user_id, col(User.role) == Role.STUDENT)
        .order_by(col(User.plain_name), col(User.id))
    )
    return tuple(tx.execute(theirs).scalars())


def course(tx: Transaction, actor: Actor | None, course_id: int) -> Course:
    """Return a course that the actor teaches or is enrolled in; absent and not theirs look the same."""
    actor = signed_in(tx, actor)
    found = tx.session.get(Course, course_id)
    if found is None or found.deleted_at or not (teaches(tx, actor, found) or enrolled(tx, actor.user_id, course_id)):
        raise NotFound(_NO_COURSE)
    return found


def taught_course(tx: Transaction, actor: Actor | None, course_id: int, *, deleted: bool = False) -> Course:
    """Return a course that the actor teaches; absent and not theirs look the same."""
    actor = signed_in(tx, actor)
    found = tx.session.get(Course, course_id)
    if found is None or bool(found.deleted_at) is not deleted or not teaches(tx, actor, found):
        raise NotFound(_NO_COURSE)
    return found


def taught_module(tx: Transaction, actor: Actor | None, module_id: int, *, deleted: bool = False) -> Module:
    """Return a module of a course that the actor teaches; absent and not theirs look the same."""
    found = tx.session.get(Module, module_id)
    taught_course(tx, actor, found.course_id if found else 0)  # so that absent and not yours look the same
    if found is None or bool(found.deleted_at) is not deleted:
        raise NotFound('This module is gone. Somebody may have deleted it.')
    return found


def checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    """Return a checkpoint of a course that the actor teaches or is enrolled in; absent and not theirs look the same."""
    found = tx.session.get(Checkpoint, checkpoint_id)
    course(tx, actor, found.course_id if found else 0)
    if found is None or found.deleted_at:
        raise NotFound('This step is gone. Somebody may have deleted it.')
    return found


def taught_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, deleted: bool = False) -> Checkpoint:
    """Return a checkpoint of a course that the actor teaches; absent and not theirs look the same."""
    found = tx.session.get(Checkpoint, checkpoint_id)
    taught_course(tx, actor, found.course_id if found else 0)
    if found is None or bool(found.deleted_at) is not deleted:
        raise NotFound('This step is gone. Somebody may have deleted it.')
    return found


def teaches(tx: Transaction, actor: Actor, taught: Course) -> bool:
    """Return whether the actor is an admin, or an instructor who owns the course or helps to teach it."""
    if not actor.may_teach:
        return False  # also not the owner, once they are no instructor
    if actor.role is Role.ADMIN or taught.owner_id == actor.user_id:
        return True
    helping = exists().where(
        col(CourseInstructor.course_id) == taught.id, col(CourseInstructor.user_id) == actor.user_id
    )
    return bool(tx.execute(select(helping)).scalar())


def enrolled(tx: Transaction, user_id: int, course_id: int) -> bool:
    """Tell whether a person takes part in a course as a learner."""
    return bool(_ENROLLED.rows(tx.connection, user=user_id, course=course_id))


def enrollment(
    tx: Transaction, course_id: int, user_id: int, *, removed: bool = True, locked: bool = False
) -> Enrollment:
    """Return the enrollment of a learner, else raise `NotFound`; the caller has checked who may see it.

    Learners who were taken out have theirs still, unless `removed` is false. A `locked` one is about to be changed, or
    something is about to be written about its learner; once they are erased, nothing is.
    """
    theirs = select(Enrollment).where(col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == user_id)
    if not removed:
        theirs = theirs.where(col(Enrollment.removed_at).is_(None))
    if locked:
        is_erased = exists().where(col(User.id) == user_id, col(User.erased_at).is_not(None))
        theirs = theirs.where(~is_erased).with_for_update()
    found: Enrollment | None = tx.session.scalars(theirs).one_or_none()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def student(tx: Transaction, actor: Actor, user_id: int) -> User:
    """Return a student who learns in a course that the actor teaches; who runs the installation finds anybody."""
    helping = exists().where(
        col(CourseInstructor.course_id) == col(Course.id), col(CourseInstructor.user_id) == actor.user_id
    )
    learns = exists().where(
        col(Enrollment.user_id) == user_id,
        col(Enrollment.removed_at).is_(None),
        col(Course.id) == col(Enrollment.course_id),
        col(Course.deleted_at).is_(None),
        (col(Course.owner_id) == actor.user_id) | helping,
    )
    found = tx.session.get(User, user_id)
    if found and actor.role is Role.ADMIN:
        return found
    is_theirs = found is not None and found.role is Role.STUDENT and actor.may_teach
    if found is None or not is_theirs or not tx.execute(select(learns)).scalar():
        raise NotFound('There is no such person, or they do not learn in one of your courses.')
    return found


def learning(tx: Transaction, actor: Actor | None, user_id: int) -> list[int]:
    """Return the ids of the courses in which a person learns, as far as it concerns the actor.

    It does for themselves, for those who teach the course, and for the admin of the installation. Absent and not theirs
    look the same.
    """
    actor = signed_in(tx, actor)
    is_self, is_admin = user_id == actor.user_id, actor.role is Role.ADMIN
    rows = _LEARNING.rows(
        tx.connection,
        learner=user_id,
        all=is_self or is_admin,
        owner=actor.user_id if actor.may_teach else 0,  # also not the owner, once they are no instructor
        helper=actor.user_id if actor.may_teach else 0,
    )
    if not rows and not is_self and not (is_admin and tx.session.get(User, user_id) is not None):
        raise NotFound(_NO_LEARNER)
    return [course_id for (course_id,) in rows]


def learner(tx: Transaction, actor: Actor | None, user_id: int, course_id: int) -> None:
    """Let only those pass whom it concerns how a person learns in a course; absent and not theirs look the same."""
    if course_id not in learning(tx, actor, user_id):
        raise NotFound(_NO_LEARNER)


NOT_HERE = phrase('This person does not learn in the course.')
_NO_CHILD = phrase('There is no such child, or they are not linked to you.')
_NO_COURSE = phrase('There is no such course, or it is not one of yours.')
_NO_LEARNER = phrase('There is no such learner, or they do not learn in one of your courses.')

_sign_ins, _enrollments = table(SignIn), table(Enrollment)
_courses, _instructors = table(Course), table(CourseInstructor)
_ENROLLED = Prepared(
    select(_enrollments.c.id).where(
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.user_id == bindparam('user'),
        _enrollments.c.removed_at.is_(None),
    )
)
_ALIVE = Prepared(select(_sign_ins.c.id).where(among(_sign_ins.c.id, 'ids'), _sign_ins.c.expires_at > bindparam('now')))
_LEARNING = Prepared(
    select(_enrollments.c.course_id)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _enrollments.c.user_id == bindparam('learner'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
        bindparam('all', type_=Boolean())
        | (_courses.c.owner_id == bindparam('owner'))
        | exists().where(_instructors.c.course_id == _courses.c.id, _instructors.c.user_id == bindparam('helper')),
    )
    .order_by(_enrollments.c.course_id)
)
