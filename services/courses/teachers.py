"""Who teaches a course: its owner first, then those who help, by name."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Course, CourseInstructor, User
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """Somebody who teaches the course."""

    user_id: int
    name: str


def of_course(tx: Transaction, course_id: int) -> list[Teacher]:
    """Return who teaches a course; the caller has checked who may know it."""
    return of_courses(tx, [course_id])[course_id]


def of_courses(tx: Transaction, course_ids: Collection[int]) -> dict[int, list[Teacher]]:
    """Return the same of some courses."""
    person = col(User.id), col(User.name)
    owners = select(col(Course.id), *person).join(User, col(User.id) == col(Course.owner_id))
    helpers = select(col(CourseInstructor.course_id), *person).join(User, col(User.id) == col(CourseInstructor.user_id))
    in_order = helpers.order_by(col(User.plain_name), col(User.id))
    them = [
        *tx.execute(owners.where(col(Course.id).in_(course_ids))),
        *tx.execute(in_order.where(col(CourseInstructor.course_id).in_(course_ids))),
    ]
    found: dict[int, dict[int, Teacher]] = {}
    for course_id, user_id, name in them:
        found.setdefault(course_id, {}).setdefault(user_id, Teacher(user_id=user_id, name=name))
    return {course_id: list(people.values()) for course_id, people in found.items()}
