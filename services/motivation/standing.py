"""Where a learner stands: their points, each with its reason, their level, and how far the next one is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Checkpoint, Course, PointEntry, PointReason
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.motivation.levels import Level, level_at, next_after

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Points that a learner has earned once, and for what."""

    points: int
    reason: PointReason
    course: str
    """the title of the course"""
    step: str
    """the title of the checkpoint; empty with a weekly goal"""
    earned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands."""

    points: int
    level: Level
    next_level: Level | None
    to_next: int
    """points that are missing to the next level; 0 at the last one"""
    latest: tuple[Reason, ...]
    """the latest reasons, newest first"""


def own(tx: Transaction, actor: Actor | None) -> Standing:
    """Return where the actor stands."""
    actor = access.signed_in(tx, actor)
    theirs = col(PointEntry.user_id) == actor.user_id
    points: int = tx.execute(select(func.coalesce(func.sum(col(PointEntry.points)), 0)).where(theirs)).scalar_one()
    coming = next_after(points)
    return Standing(
        points=points,
        level=level_at(points),
        next_level=coming,
        to_next=coming.since - points if coming else 0,
        latest=_latest(tx, actor.user_id),
    )


def _latest(tx: Transaction, user_id: int) -> tuple[Reason, ...]:
    reason, at = col(PointEntry.reason), col(PointEntry.earned_at)
    is_of_step = reason != PointReason.WEEKLY_GOAL
    rows = tx.execute(
        select(col(PointEntry.points), reason, col(Course.title), col(Checkpoint.title), at)
        .join(Course, col(Course.id) == col(PointEntry.course_id))
        .join(Checkpoint, (col(Checkpoint.id) == col(PointEntry.object_id)) & is_of_step, isouter=True)
        .where(col(PointEntry.user_id) == user_id)
        .order_by(at.desc(), reason, col(PointEntry.object_id), col(PointEntry.period))
        .limit(MOST_SHOWN)
    )
    return tuple(
        Reason(points=points, reason=why, course=course, step=step or '', earned_at=when)
        for points, why, course, step, when in rows
    )
