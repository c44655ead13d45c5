"""Files that a job makes for a teacher in the background: when one is ready, put off, over, or not theirs any more.

Somebody who is erased takes along every file that they may be in.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from models import Course, CourseExport, Enrollment, NoticeKind, ReportBundle, User
from services import access
from services.access import Actor
from services.core.phrases import Phrase, phrase, stored
from services.core.spooling import NO_ROOM
from services.core.transaction import Transaction
from services.notices import writing
from services.notices.drafts import Draft

KEPT_FOR = timedelta(days=7)
GIVEN_UP = timedelta(days=8)
"""after which one that never got ready is cleared away"""
CLEAR_EVERY = timedelta(hours=1)
LONGEST_PROBLEM = 280

Made = CourseExport | ReportBundle


def still_taught(tx: Transaction, row: Made) -> Course | None:
    """Return the course of a file, as long as the teacher who asked for the file teaches it."""
    maker = tx.session.get_one(User, row.made_by)
    still = Actor(user_id=maker.id, sign_in_id=0, role=maker.role, name=maker.name, is_guest=False)
    course = tx.session.get_one(Course, row.course_id)
    if course.deleted_at or maker.disabled_at or not access.teaches(tx, still, course):
        return None
    return course


def say_ready(tx: Transaction, row: Made, title: Phrase, *, key: str, address: str) -> None:
    """Notify the teacher who asked for a file that it is ready."""
    ready = Draft(
        user_id=row.made_by,
        kind=NoticeKind.FILE_READY,
        object_key=key,
        course_id=row.course_id,
        title=title,
        address=address,
        happened_at=tx.now,
        useful_until=tx.now + KEPT_FOR,
    )
    writing.write(tx, [ready])


def put_off(tx: Transaction, model: type[Made], file_id: int, problem: Phrase) -> None:
    """Note why a file is not made yet; it is tried again."""
    row = tx.session.get(model, file_id)
    if row is not None:
        row.problem = stored(problem, most=LONGEST_PROBLEM)
        tx.session.add(row)


def problem_of(error: OSError, *, full: Phrase) -> Phrase:
    """Return what the system had against a file; `full` where the disk is."""
    return full if error.errno in NO_ROOM else phrase('The system says: {reason}.', reason=error.strerror)


def is_over(tx: Transaction, row: Made, path: Path) -> bool:
    """Tell whether a file that was ready is not for download any more."""
    if row.ended_at is None or row.ended_at + KEPT_FOR <= tx.now or not path.exists():
        return True
    return bool(tx.execute(select(_erased_since(row.course_id, row.made_at))).scalar_one())


def outdated(tx: Transaction, model: type[Made]) -> list[int]:
    """Return the ids of files that are to be cleared away."""
    ended_at, made_at = col(model.ended_at), col(model.made_at)
    is_given_up = ended_at.is_(None) & (made_at < tx.now - GIVEN_UP)
    someone = _erased_since(col(model.course_id), made_at)
    is_old = ended_at <= tx.now - KEPT_FOR
    return list(tx.execute(select(col(model.id)).where(is_old | is_given_up | someone)).scalars())


def _erased_since(course_id: int | Mapped[int], at: datetime | Mapped[datetime]) -> ColumnElement[bool]:
    """Return the condition that somebody who may be in a file was erased since it was asked for."""
    return exists().where(
        col(Enrollment.course_id) == course_id,
        col(User.id) == col(Enrollment.user_id),
        col(User.erased_at) >= at,
    )
