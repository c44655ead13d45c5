"""Where a learner stands: their points, each with its reason, their level, and how far the next one is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from models import (
    Achievement,
    AchievementKind,
    Activity,
    BadgeIcon,
    Checkpoint,
    Course,
    Enrollment,
    PointEntry,
    PointReason,
    User,
)
from services import access
from services.access import Actor
from services.core import zones
from services.core.errors import NotFound, Refused
from services.core.phrases import Phrase
from services.core.transaction import Transaction
from services.motivation import made_badges, parts, streak_of
from services.motivation.criteria import Criteria
from services.motivation.given_badges import GIVEN, Badge
from services.motivation.levels import Level, level_at, next_after
from services.motivation.parts import Part, Parts
from services.motivation.streaks import Streak, WeeksInARow

MOST_SHOWN = 50
OF_CHECKPOINT = (PointReason.STARTED, PointReason.COMPLETED, PointReason.MASTERED, PointReason.PERFECT)
"""what is about a checkpoint"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Points that a learner has earned once, and for what."""

    points: int
    reason: PointReason
    course: str
    """the title of the course"""
    step: str
    """the title of the checkpoint; empty where it is about none"""
    badge: Phrase | str
    """the name of the badge; empty where it is about none"""
    words: str
    """for what staff awarded them; empty where nobody did"""
    by: str
    """the name of the person who awarded them"""
    earned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBadge:
    """A badge, and when the learner has earned it."""

    badge_id: int
    name: Phrase | str
    description: Phrase | str
    icon: BadgeIcon
    points: int
    criteria: Criteria
    earned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands, as far as it is switched on for them."""

    user_id: int
    parts: Parts
    points: int
    level: Level
    next_level: Level | None
    to_next: int
    """points that are missing to the next level; 0 at the last one"""
    latest: tuple[Reason, ...]
    """the latest reasons, newest first"""
    streak: Streak
    weeks: WeeksInARow
    badges: tuple[OwnBadge, ...]
    """earned ones first, newest first; then those that can still be earned"""


def own(tx: Transaction, actor: Actor | None) -> Standing:
    """Return where the actor stands."""
    actor = access.participant(tx, actor)
    on = parts.of_learner(tx, actor.user_id)
    return _of(tx, actor.user_id, zones.local_date(actor.zone, tx.now), on)


def of_learner(tx: Transaction, actor: Actor | None, user_id: int, part: Part) -> Standing:
    """Return where a learner stands to themselves; what is off is not there, and neither is anybody else."""
    actor = access.signed_in(tx, actor)
    if user_id != actor.user_id:
        raise NotFound('There is nothing here.')
    only = Parts(**{each: each is part for each in Part}) & parts.of_learner(tx, user_id)
    if not getattr(only, part):
        raise Refused('This is switched off.')
    return _of(tx, user_id, zones.local_date(actor.zone, tx.now), only)


def _of(tx: Transaction, user_id: int, today: date, on: Parts) -> Standing:
    points = _points(tx, user_id) if on.points else 0
    coming = next_after(points)
    streak, weeks = streak_of.both(tx, user_id, today) if on.streaks else (Streak(), WeeksInARow())
    return Standing(
        user_id=user_id,
        parts=on,
        points=points,
        level=level_at(points),
        next_level=coming,
        to_next=coming.since - points if coming else 0,
        latest=_latest(tx, user_id) if on.points else (),
        streak=streak,
        weeks=weeks,
        badges=_badges(tx, user_id) if on.badges else (),
    )


def _shown() -> ColumnElement[bool]:
    """Return the condition that points are shown: nothing of what is off in the course says that there is more."""
    reason = col(PointEntry.reason)
    return and_(
        col(Course.shows_points),
        col(Course.shows_badges) | (reason != PointReason.BADGE),
        col(Course.shows_streaks) | (reason != PointReason.DAY),
    )


def _points(tx: Transaction, user_id: int) -> int:
    total = (
        select(func.coalesce(func.sum(col(PointEntry.points)), 0))
        .join(Course, col(Course.id) == col(PointEntry.course_id))
        .where(col(PointEntry.user_id) == user_id, _shown())
    )
    return int(tx.execute(total).scalar_one())


def _badges(tx: Transaction, user_id: int) -> tuple[OwnBadge, ...]:
    rows = tx.execute(
        select(col(Achievement.number), col(Achievement.reached_at))
        .join(Course, col(Course.id) == col(Achievement.course_id))
        .where(col(Achievement.user_id) == user_id, col(Achievement.kind) == AchievementKind.BADGE)
        .where(col(Course.shows_badges))
    )
    earned: dict[int, datetime] = dict(rows.all())
    found = [
        OwnBadge(
            badge_id=badge.badge_id,
            name=badge.name,
            description=badge.description,
            icon=badge.icon,
            points=badge.points,
            criteria=badge.criteria,
            earned_at=earned.get(badge.badge_id),
        )
        for badge in (*GIVEN, *_made(tx, user_id, earned))
    ]
    have = [badge for badge in found if badge.earned_at]
    have.sort(key=lambda badge: badge.earned_at or tx.now, reverse=True)
    return (*have, *(badge for badge in found if badge.earned_at is None))


def _made(tx: Transaction, user_id: int, earned: Mapping[int, datetime]) -> Iterable[Badge]:
    """Return the badges that were made for the courses of a learner, and those that they have of others."""
    learning = select(col(Enrollment.course_id)).join(Course, col(Course.id) == col(Enrollment.course_id))
    mine = col(Enrollment.user_id) == user_id, col(Enrollment.removed_at).is_(None)
    shown = col(Course.shows_badges), col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None)
    found = {
        each.badge_id: each
        for each in made_badges.in_courses(tx, set(tx.execute(learning.where(*mine, *shown)).scalars()))
    }
    for badge_id in earned:
        if badge_id > 0 and badge_id not in found and (badge := made_badges.one(tx, badge_id)):
            found[badge_id] = badge
    return found.values()


def _latest(tx: Transaction, user_id: int) -> tuple[Reason, ...]:
    reason, at, object_id = col(PointEntry.reason), col(PointEntry.earned_at), col(PointEntry.object_id)
    is_of_checkpoint = reason.in_(OF_CHECKPOINT)
    rows = tx.execute(
        select(col(PointEntry.points), reason, col(Course.title), col(Checkpoint.title), at, object_id)
        .add_columns(col(Activity.words), col(User.name))
        .join(Course, col(Course.id) == col(PointEntry.course_id))
        .join(Checkpoint, (col(Checkpoint.id) == object_id) & is_of_checkpoint, isouter=True)
        .join(Activity, (col(Activity.id) == object_id) & (reason == PointReason.AWARDED), isouter=True)
        .join(User, col(User.id) == col(Activity.about_id), isouter=True)
        .where(col(PointEntry.user_id) == user_id, col(PointEntry.points) != 0, _shown())
        .order_by(at.desc(), reason, object_id, col(PointEntry.period))
        .limit(MOST_SHOWN)
    )
    return tuple(
        Reason(
            points=points,
            reason=why,
            course=course,
            step=checkpoint or '',
            badge=badge.name if why is PointReason.BADGE and (badge := made_badges.one(tx, about)) else '',
            words=words or '',
            by=by or '',
            earned_at=when,
        )
        for points, why, course, checkpoint, when, about, words, by in rows
    )
