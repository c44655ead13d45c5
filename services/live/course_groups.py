"""The groups of a course as figures of its classes need them: who is in which, and which there are."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from models import CourseGroup, Enrollment, User
from services.core.transaction import Transaction


def by_learner(tx: Transaction, course_id: int) -> dict[int, str]:
    """Return the group of each learner who is in one, also of those who were taken out of the course since."""
    rows = (
        select(col(Enrollment.user_id), col(CourseGroup.name))
        .join(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
        .join(User, col(User.id) == col(Enrollment.user_id))
        .where(col(Enrollment.course_id) == course_id, col(User.merged_into_id).is_(None))
    )
    return dict(tx.execute(rows).all())


def in_order(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the groups in which there is somebody, in the order of the alphabet; an empty name is no group."""
    return tuple(sorted(set(groups) - {''}, key=str.casefold))
