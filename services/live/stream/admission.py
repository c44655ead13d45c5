"""Who may still listen: asked again and again for all clients at once, because listening asks for nothing itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from models import Checkpoint, Course, Enrollment, ParentLink, Role, SignIn, User, table
from services import access
from services.access import Actor
from services.core.errors import DomainError
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where one client listens, and whether its person learns there or else teaches."""

    sign_in_id: int
    user_id: int
    course_id: int
    learns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentSeat:
    """Whose child one page of a parent shows."""

    sign_in_id: int
    user_id: int
    child_id: int


AnySeat = Seat | ParentSeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Who may still listen, with the role that they have now, and where."""

    actors: dict[int, Actor]
    """by sign-in; devices that were signed out are not there"""
    seats: frozenset[AnySeat]


def seat_of(
    tx: Transaction, actor: Actor, *, course_id: int = 0, checkpoint_id: int = 0, child_id: int = 0
) -> AnySeat | None:
    """Return what gives somebody a right to a page of a course, of a step, or of a child; None where nothing does.

    Who both teaches and learns in a course is here to teach.
    """
    if actor.role is Role.PARENT:
        link = ParentSeat(sign_in_id=actor.sign_in_id, user_id=actor.user_id, child_id=child_id)
        return link if _linked(tx, {link}) else None
    if checkpoint_id and not course_id:
        course_id = next((id_ for (id_,) in _COURSE_OF.rows(tx.connection, id=checkpoint_id)), 0)
    seat = Seat(sign_in_id=actor.sign_in_id, user_id=actor.user_id, course_id=course_id, learns=True)
    if not course_id:
        return None
    if actor.may_teach and _teaches(tx, actor, course_id):
        return replace(seat, learns=False)
    return seat if _LEARN.rows(tx.connection, places=[(actor.user_id, course_id)]) else None


def admitted(tx: Transaction, actors: Collection[Actor], seats: Collection[AnySeat]) -> Admitted:
    """Return those of some clients that are still signed in, and those of their seats that are still theirs."""
    roles: dict[int, Role] = dict(_ROLES.rows(tx.connection, ids=[actor.sign_in_id for actor in actors], now=tx.now))
    alive = {
        actor.sign_in_id: replace(actor, role=roles[actor.sign_in_id]) for actor in actors if actor.sign_in_id in roles
    }
    theirs = [seat for seat in seats if seat.sign_in_id in alive]
    in_courses = [seat for seat in theirs if isinstance(seat, Seat)]
    learning = {(seat.user_id, seat.course_id) for seat in in_courses if seat.learns}
    learn = set(_LEARN.rows(tx.connection, places=sorted(learning))) if learning else set()
    kept: set[AnySeat] = {seat for seat in in_courses if seat.learns and (seat.user_id, seat.course_id) in learn}
    teaching = [seat for seat in in_courses if not seat.learns]
    kept |= {seat for seat in teaching if _teaches(tx, alive[seat.sign_in_id], seat.course_id)}
    kept |= _linked(tx, {seat for seat in theirs if isinstance(seat, ParentSeat)})
    return Admitted(actors=alive, seats=frozenset(kept))


def _linked(tx: Transaction, seats: Collection[ParentSeat]) -> set[ParentSeat]:
    links = {(seat.user_id, seat.child_id) for seat in seats}
    linked = set(_LINKED.rows(tx.connection, links=sorted(links))) if links else set()
    return {seat for seat in seats if (seat.user_id, seat.child_id) in linked}


def _teaches(tx: Transaction, actor: Actor, course_id: int) -> bool:
    try:
        access.taught_course(tx, actor, course_id)
    except DomainError:
        return False
    return True


_sign_ins, _users = table(SignIn), table(User)
_enrollments, _courses, _links, _checkpoints = table(Enrollment), table(Course), table(ParentLink), table(Checkpoint)
_ROLES = Prepared(
    select(_sign_ins.c.id, _users.c.role)
    .join(_users, _users.c.id == _sign_ins.c.user_id)
    .where(among(_sign_ins.c.id, 'ids'), _sign_ins.c.expires_at > bindparam('now'))
)
_LEARN = Prepared(
    select(_enrollments.c.user_id, _enrollments.c.course_id)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        number_pair_among(_enrollments.c.user_id, _enrollments.c.course_id, 'places'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
    )
)
_LINKED = Prepared(
    select(_links.c.parent_id, _links.c.child_id).where(
        number_pair_among(_links.c.parent_id, _links.c.child_id, 'links')
    )
)
_COURSE_OF = Prepared(select(_checkpoints.c.course_id).where(_checkpoints.c.id == bindparam('id')))
