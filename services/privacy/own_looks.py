"""Who looked at the data of a person: what they read themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from models import Course, Enrollment, Look, Role, User
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.privacy import rows

SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLook:
    """One look at the actor's data."""

    at: datetime
    by: str
    role: Role
    page: str
    """by the name that the program has for it"""
    course: str
    """its title; empty where it was not about one course"""
    is_alone: bool
    """whether it was about the actor alone; otherwise the actor was one of some"""
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLooks:
    """The newest looks, and how many there are of the last year."""

    looks: tuple[OwnLook, ...]
    number: int


def listed(tx: Transaction, actor: Actor | None) -> OwnLooks:
    """Return who looked at the actor's data, alone or among all learners of a course, the newest first."""
    actor = access.signed_in(tx, actor)
    ids = rows.selves(tx, actor.user_id)
    among = and_(
        col(Enrollment.user_id).in_(ids),
        col(Enrollment.course_id) == col(Look.course_id),
        col(Enrollment.enrolled_at) <= col(Look.at),
        or_(col(Enrollment.removed_at).is_(None), col(Enrollment.removed_at) > col(Look.at)),
    )
    of_class = and_(col(Look.about_id).is_(None), select(col(Enrollment.id)).where(among).exists())
    mine = and_(col(Look.by_id).not_in(ids), or_(col(Look.about_id).in_(ids), of_class))
    number = tx.execute(select(func.count()).select_from(Look).where(mine)).scalar_one()
    found = tx.execute(
        select(Look, col(User.name), col(User.role), col(Course.title))
        .join(User, col(User.id) == col(Look.by_id))
        .outerjoin(Course, col(Course.id) == col(Look.course_id))
        .where(mine)
        .order_by(col(Look.id).desc())
        .limit(SHOWN)
    )
    looks = tuple(
        OwnLook(
            at=look.at,
            by=name,
            role=role,
            page=look.page,
            course=title or '',
            is_alone=look.about_id is not None,
            people=look.people,
        )
        for look, name, role, title in found
    )
    return OwnLooks(looks=looks, number=number)
