"""The short codes with which guests come back on any device: seen and renewed by those who teach them.

Each look and each renewal is written to the server log, because a code is a way into the place of a guest.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from models import CourseGroup, Enrollment, User
from services import access
from services.access import Actor
from services.core.errors import Refused
from services.core.secrets import REJOIN_CODE_LENGTH, new_code
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestCode:
    """The code of one guest."""

    user_id: int
    name: str
    group: str
    """empty where they are in none"""
    code: str


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> tuple[GuestCode, ...]:
    """Return the codes of all guests of a course, or of one group, by name."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    found = listed(tx, course_id, group=group)
    tx.note('guest codes seen', course=course_id, by=actor.user_id, guests=len(found))
    return found


def one(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> GuestCode:
    """Return the code of one guest."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    found = _one(tx, course_id, user_id)
    tx.note('guest codes seen', course=course_id, by=actor.user_id, guests=1, user=user_id)
    return found


def renew(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> GuestCode:
    """Give a guest another code; the old one leads nowhere from now on. Who is signed in stays so."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    _one(tx, course_id, user_id)
    guest = tx.session.get_one(User, user_id)
    guest.rejoin_code, guest.updated_at = new_code(REJOIN_CODE_LENGTH), tx.now
    tx.session.add(guest)
    tx.session.flush()
    tx.note('guest code renewed', course=course_id, user=user_id, by=actor.user_id)
    return _one(tx, course_id, user_id)


def listed(tx: Transaction, course_id: int, *, group: str = '', user_id: int = 0) -> tuple[GuestCode, ...]:
    """Return the codes of the guests of a course by name; the caller has checked who may see them, and notes it."""
    named = func.coalesce(col(CourseGroup.name), '')
    query = (
        select(col(User.id), col(User.name), named, col(User.rejoin_code))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
        .where(col(Enrollment.course_id) == course_id, col(Enrollment.removed_at).is_(None))
        .where(col(User.rejoin_code).is_not(None), col(User.password_hash).is_(None))
        .order_by(col(User.plain_name), col(User.id))
    )
    if group:
        query = query.where(col(CourseGroup.name) == group)
    if user_id:
        query = query.where(col(User.id) == user_id)
    rows = tx.execute(query)
    return tuple(GuestCode(user_id=id_, name=name, group=its, code=code or '') for id_, name, its, code in rows)


def _one(tx: Transaction, course_id: int, user_id: int) -> GuestCode:
    for found in listed(tx, course_id, user_id=user_id):
        return found
    access.enrollment(tx, course_id, user_id)
    raise Refused('Only a guest who is in the course has a code. Others sign in, or are brought back first.')
