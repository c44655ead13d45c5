"""Courses as cards: those that somebody teaches, and those that they learn in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, func, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from models import Checkpoint, Course, CourseInstructor, Enrollment, LiveSession
from services import access
from services.access import Actor
from services.core.sql.prepared import Prepared
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
    cards = [
        _card(*facts, learners=learners, checkpoints=checkpoints, percent=int(average), last_class_at=last)
        for *facts, learners, checkpoints, average, last in _TAUGHT.rows(tx.connection, teacher=actor.user_id)
    ]
    return sorted(cards, key=lambda card: not card.is_running)


def joined(tx: Transaction, actor: Actor | None) -> list[CourseCard]:
    """Return the courses that the actor learns in."""
    actor = access.participant(tx, actor)
    rows = _JOINED.rows(tx.connection, learner=actor.user_id)
    return [_card(*facts, percent=percent) for *facts, percent in rows]


def _card(
    course_id: int,
    title: str,
    subject: str,
    code: str,
    archived_at: datetime | None,
    running: bool,
    *,
    learners: int = 0,
    checkpoints: int = 0,
    percent: int = 0,
    last_class_at: datetime | None = None,
) -> CourseCard:
    return CourseCard(
        course_id=course_id,
        title=title,
        subject=subject,
        code=code,
        is_archived=archived_at is not None,
        is_running=bool(running),
        learners=learners,
        checkpoints=checkpoints,
        percent=percent,
        last_class_at=last_class_at,
    )


def _cards(*facts: SQLCoreOperations[int] | ScalarSelect[Any]) -> Select[*tuple[Any, ...]]:
    of_course = (Course.id, Course.title, Course.subject, Course.code, Course.archived_at)
    shown = select(*map(col, of_course), class_is_on(), *facts)
    return shown.where(col(Course.deleted_at).is_(None)).order_by(col(Course.id).desc())


def _taught() -> Select[*tuple[Any, ...]]:
    teacher: BindParameter[int] = bindparam('teacher')
    helping = select(col(CourseInstructor.course_id)).where(col(CourseInstructor.user_id) == teacher)
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
    mine = or_(col(Course.owner_id) == teacher, col(Course.id).in_(helping))
    return _cards(learners, checkpoints, average, last).where(mine)


def _joined() -> Select[*tuple[Any, ...]]:
    mine = (col(Enrollment.user_id) == bindparam('learner')) & col(Enrollment.removed_at).is_(None)
    return _cards(col(Enrollment.percent)).join(Enrollment, (col(Enrollment.course_id) == col(Course.id)) & mine)


_TAUGHT = Prepared(_taught())
_JOINED = Prepared(_joined())
