"""Who may still listen: asked again and again for all clients at once, because listening asks for nothing itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from models import Course, Enrollment, Role, SignIn, User, table
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
class Admitted:
    """Who may still listen, with the role that they have now, and where."""

    actors: dict[int, Actor]
    """by sign-in; devices that were signed out are not there"""
    seats: frozenset[Seat]


def admitted(tx: Transaction, actors: Collection[Actor], seats: Collection[Seat]) -> Admitted:
    """Return those of some clients that are still signed in, and those of their seats that are still theirs."""
    roles: dict[int, Role] = dict(_ROLES.rows(tx.connection, ids=[actor.sign_in_id for actor in actors], now=tx.now))
    alive = {
        actor.sign_in_id: replace(actor, role=roles[actor.sign_in_id]) for actor in actors if actor.sign_in_id in roles
    }
    learning = {(seat.user_id, seat.course_id) for seat in seats if seat.learns}
    learn = set(_LEARN.rows(tx.connection, places=sorted(learning))) if learning else set()
    kept = {
        seat for seat in seats if seat.sign_in_id in alive and seat.learns and (seat.user_id, seat.course_id) in learn
    }
    teaching = [seat for seat in seats if seat.sign_in_id in alive and not seat.learns]
    kept |= {seat for seat in teaching if _teaches(tx, alive[seat.sign_in_id], seat.course_id)}
    return Admitted(actors=alive, seats=frozenset(kept))


def _teaches(tx: Transaction, actor: Actor, course_id: int) -> bool:
    try:
        access.taught_course(tx, actor, course_id)
    except DomainError:
        return False
    return True


_sign_ins, _users = table(SignIn), table(User)
_enrollments, _courses = table(Enrollment), table(Course)
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
