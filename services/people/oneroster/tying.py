"""Courses that are here already, to which an admin ties classes of a list."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlmodel import col

from models import Course, RosterClass, User
from services import access
from services.access import Actor
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction

MOST = 2_000
"""courses from which an admin chooses"""
_TAKEN = phrase('This course cannot be tied: it is archived or deleted, or another class of a list is in it.')


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeCourse:
    """A course that no list has brought in."""

    course_id: int
    title: str
    owner: str


def free(tx: Transaction, actor: Actor | None) -> tuple[FreeCourse, ...]:
    """Return the courses to which a class can be tied, by title, for an admin."""
    access.admin(tx, actor)
    rows = tx.execute(
        select(col(Course.id), col(Course.title), col(User.name))
        .join(User, col(User.id) == col(Course.owner_id))
        .where(col(Course.id).in_(_free().with_only_columns(col(Course.id))))
        .order_by(col(Course.title), col(Course.id))
        .limit(MOST)
    )
    return tuple(FreeCourse(course_id=id_, title=title, owner=owner) for id_, title, owner in rows)


def chosen(tx: Transaction, ties: Mapping[str, int]) -> dict[int, Course]:
    """Return the courses that an admin has chosen, by id; raises `Refused` unless each is free, and chosen once."""
    wanted = set(ties.values())
    if not wanted:
        return {}
    found = {course.id: course for course in tx.session.scalars(_free().where(col(Course.id).in_(wanted)))}
    if len(wanted) != len(ties) or found.keys() != wanted:
        raise Refused(_TAKEN)
    return found


def check_is_free(tx: Transaction, course_id: int) -> None:
    """Raise `Refused` where a course was tied, archived or deleted since the plan was made."""
    chosen(tx, {'': course_id})


def _free() -> Select[Course]:
    is_tied = exists().where(col(RosterClass.course_id) == col(Course.id))
    return select(Course).where(col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None), ~is_tied)
