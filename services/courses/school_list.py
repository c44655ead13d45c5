"""The courses of the whole school, as an admin finds them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlmodel import col

from models import Course, Enrollment, LiveSession, User
from services import access
from services.access import Actor
from services.core.text import line, plain_name
from services.core.transaction import Transaction

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCourse:
    """A course of the school in a list."""

    course_id: int
    title: str
    subject: str
    owner: str
    learners: int
    is_archived: bool
    is_running: bool
    last_class_at: datetime | None


def courses(
    tx: Transaction, actor: Actor | None, *, search: str = '', after: int = 0, limit: int = 50
) -> list[SchoolCourse]:
    """Return the courses whose title, subject or owner has a text in it, in the order in which they were made."""
    access.admin(tx, actor)
    learns = col(Enrollment.course_id) == col(Course.id), col(Enrollment.removed_at).is_(None)
    learners = select(func.count()).where(*learns).scalar_subquery()
    classes = select(LiveSession).where(col(LiveSession.course_id) == col(Course.id))
    last = classes.with_only_columns(func.max(col(LiveSession.started_at))).scalar_subquery()
    running = classes.where(col(LiveSession.ended_at).is_(None)).exists()
    found = select(Course, col(User.name), learners, last, running).join(User, col(User.id) == col(Course.owner_id))
    found = found.where(col(Course.deleted_at).is_(None), col(Course.id) > after)
    if wanted := line(search[:LONGEST_SEARCH]):
        in_course = (
            func.lower(text).contains(wanted.lower(), autoescape=True) for text in (Course.title, Course.subject)
        )
        found = found.where(or_(*in_course, col(User.plain_name).contains(plain_name(wanted), autoescape=True)))
    return [
        SchoolCourse(
            course_id=course.id,
            title=course.title,
            subject=course.subject,
            owner=owner,
            learners=count,
            is_archived=course.archived_at is not None,
            is_running=bool(is_running),
            last_class_at=at,
        )
        for course, owner, count, at, is_running in tx.execute(found.order_by(col(Course.id)).limit(limit))
    ]
