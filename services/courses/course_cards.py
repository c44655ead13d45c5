"""Courses as cards: those that somebody teaches, and those that they learn in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from models import Checkpoint, Course, CourseInstructor, Enrollment, LiveSession
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.courses.catalog import class_is_on


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCard:
    """A course as it is listed: for those who teach it with its size, for those who learn with their percentage."""

    course_id: int
    title: str
    subject: str
    code: str
    is_archived: bool
    is_running: bool
    learners: int = 0
    checkpoints: int = 0
    percent: int = 0
    """of the learner; for those who teach it, the average of all learners"""
    last_class_at: datetime | None = None
    """for those who teach it: when its last class began"""


def taught(tx: Transaction, actor: Actor | None) -> list[CourseCard]:
    """Return the courses that the actor teaches: first those whose class is on, the newest first."""
    actor = access.teacher(tx, actor)
    helping = select(col(CourseInstructor.course_id)).where(col(CourseInstructor.user_id) == actor.user_id)
    mine = or_(col(Course.owner_id) == actor.user_id, col(Course.id).in_(helping))
    learns = col(Enrollment.course_id) == col(Course.id), col(Enrollment.removed_at).is_(None)
    learners = select(func.count()).where(*learns).scalar_subquery()
    checkpoints = (
        select(func.count())
        .where(col(Checkpoint.course_id) == col(Course.id), col(Checkpoint.deleted_at).is_(None))
        .scalar_subquery()
    )
    average = select(func.coalesce(func.avg(col(Enrollment.percent)), 0)).where(*learns).scalar_subquery()
    of_course = col(LiveSession.course_id) == col(Course.id)
    last = select(func.max(col(LiveSession.started_at))).where(of_course).scalar_subquery()
    rows = tx.execute(_cards(learners, checkpoints, average, last).where(mine))
    cards = [
        _card(row[0], running=row[1], learners=row[2], checkpoints=row[3], percent=int(row[4]), last_class_at=row[5])
        for row in rows
    ]
    return sorted(cards, key=lambda card: not card.is_running)


def joined(tx: Transaction, actor: Actor | None) -> list[CourseCard]:
    """Return the courses that the actor learns in."""
    actor = access.participant(tx, actor)
    mine = (col(Enrollment.user_id) == actor.user_id) & col(Enrollment.removed_at).is_(None)
    rows = tx.execute(
        _cards(col(Enrollment.percent)).join(Enrollment, (col(Enrollment.course_id) == col(Course.id)) & mine)
    )
    return [_card(row[0], running=row[1], percent=row[2]) for row in rows]


def _cards(*facts: SQLCoreOperations[int] | ScalarSelect[Any]) -> Select[*tuple[Any, ...]]:
    return select(Course, class_is_on(), *facts).where(col(Course.deleted_at).is_(None)).order_by(col(Course.id).desc())


def _card(
    course: Course,
    *,
    running: bool,
    learners: int = 0,
    checkpoints: int = 0,
    percent: int = 0,
    last_class_at: datetime | None = None,
) -> CourseCard:
    return CourseCard(
        course_id=course.id,
        title=course.title,
        subject=course.subject,
        code=course.code,
        is_archived=course.archived_at is not None,
        is_running=running,
        learners=learners,
        checkpoints=checkpoints,
        percent=percent,
        last_class_at=last_class_at,
    )
