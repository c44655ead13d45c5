"""A course as its learner finds it: all checkpoints, how far they are with each, where to go on, and why so many %."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.progress.states import EnrollmentState, state_of
from services.study import path, summary
from services.study.path import PathPart


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """How one stands in a course in which one learns."""

    state: EnrollmentState
    percent: int
    done: int
    completed_at: datetime | None
    paused_at: datetime | None
    is_hidden: bool
    """whether one keeps off the projector"""
    why: tuple[str, ...]
    """how the percentage comes about, line by line, in English as clients read it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFound:
    """A course. Who teaches it may look, but has no place in it."""

    course_id: int
    title: str
    description: str
    """as Markdown"""
    subject: str
    is_archived: bool
    counted: int
    """how many checkpoints count"""
    continue_at: int | None
    """the first checkpoint that is not complete, or the first of all when all are"""
    place: OwnPlace | None
    modules: tuple[PathPart, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> CourseFound:
    """Return a course that one learns in or teaches."""
    course = access.course(tx, actor, course_id)
    assert actor is not None
    modules = path.path(tx, course_id, actor.user_id)
    return CourseFound(
        course_id=course_id,
        title=course.title,
        description=course.description,
        subject=course.subject,
        is_archived=course.archived_at is not None,
        counted=course.counted,
        continue_at=path.continue_at(tx, actor, course_id),
        place=_own_place(tx, actor, course_id, modules),
        modules=modules,
    )


def _own_place(tx: Transaction, actor: Actor, course_id: int, modules: tuple[PathPart, ...]) -> OwnPlace | None:
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == actor.user_id
    row = tx.session.scalars(select(Enrollment).where(*mine, col(Enrollment.removed_at).is_(None))).one_or_none()
    why = summary.why(tx, actor, course_id)
    if row is None or why is None:
        return None
    has_started = any(checkpoint.started for part in modules for checkpoint in part.steps)
    return OwnPlace(
        state=state_of(completed=row.completed_at is not None, paused=row.paused_at is not None, started=has_started),
        percent=row.percent,
        done=row.done,
        completed_at=row.completed_at,
        paused_at=row.paused_at,
        is_hidden=row.is_hidden,
        why=tuple(str(line) for line in why.sentences()),
    )
