"""`/api/gamification`: points, badges and streaks of a learner, for themselves; points by hand, and the leaderboard.

What the school or the course has switched off is not there.
"""

from dataclasses import asdict
from datetime import date, datetime

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, IdField, Said, Shape
from services.core import database
from services.enums import PointReason
from services.motivation import awards, icons, leaderboard, standing
from services.motivation.awards import LONGEST_REASON, MOST_AT_ONCE
from services.motivation.leaderboard import Leaderboard
from services.motivation.levels import LEVELS
from services.motivation.parts import Part
from services.motivation.standing import OwnBadge

router = Subject(prefix='/gamification', tags=['motivation'])


class Award(Body):
    """Points that are awarded by hand."""

    user_id: IdField = Field(description='the learner')
    course_id: IdField
    points: int = Field(ge=1, le=MOST_AT_ONCE, examples=[10])
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, examples=['A good question'])


class Awarded(Shape):
    """How many points can still be awarded today."""

    left_today: int


class Earning(Shape):
    """Points that a learner has earned once, and for what."""

    points: int
    reason: PointReason
    course: str
    step: str
    badge: Said
    words: str = Field(description='for what somebody who teaches awarded them')
    by: str
    earned_at: datetime


class PointsShown(Shape):
    """The points of a learner, their level, and the latest reasons."""

    user_id: int
    total_points: int
    level: int = Field(description='1 to 5')
    level_name: Said
    points_to_next_level: int
    history: tuple[Earning, ...]


class CriteriaShown(Shape):
    """What a badge is given for."""

    when: tuple[PointReason, ...]
    measure: str
    of: str
    within: str
    at_least: int


class BadgeShown(Shape):
    """A badge, and when the learner has earned it."""

    badge_id: int
    name: Said
    description: Said
    icon_url: str
    criteria: CriteriaShown
    points_value: int
    earned_at: datetime | None


class StreakShown(Shape):
    """How many days and weeks of learning follow on each other, by the learner's own dates."""

    user_id: int
    current_streak: int
    longest_streak: int
    last_activity_date: date | None
    spare_days: int = Field(description='missed days that will be forgiven')
    forgiven_days: tuple[date, ...]
    current_weeks: int
    longest_weeks: int


@router.get('/points/{user_id}')
async def points(user_id: Id, actor: Person) -> PointsShown:
    """The points of a learner, with the latest reasons; for themselves."""
    stands = await database.read(standing.of_learner, actor, user_id, Part.POINTS)
    return PointsShown(
        user_id=stands.user_id,
        total_points=stands.points,
        level=LEVELS.index(stands.level) + 1,
        level_name=str(stands.level.name),
        points_to_next_level=stands.to_next,
        history=tuple(Earning.model_validate(each) for each in stands.latest),
    )


@router.get('/badges/{user_id}')
async def badges(user_id: Id, actor: Person) -> tuple[BadgeShown, ...]:
    """The badges that a learner has earned, and those that can still be earned; for themselves."""
    stands = await database.read(standing.of_learner, actor, user_id, Part.BADGES)
    return tuple(map(_badge, stands.badges))


@router.get('/streak/{user_id}')
async def streak(user_id: Id, actor: Person) -> StreakShown:
    """How regularly a learner learns; for themselves."""
    stands = await database.read(standing.of_learner, actor, user_id, Part.STREAKS)
    found, weeks = stands.streak, stands.weeks
    return StreakShown(
        user_id=stands.user_id,
        current_streak=found.current,
        longest_streak=found.longest,
        last_activity_date=found.last_day,
        spare_days=found.freezes,
        forgiven_days=found.frozen,
        current_weeks=weeks.current,
        longest_weeks=weeks.longest,
    )


@router.post('/award-points', status_code=201)
async def award_points(award: Award, actor: Person, once: Once) -> Awarded:
    """Award points to a learner of a course, with a reason that they read."""
    left = await once.write(
        int, awards.award, actor, award.course_id, award.user_id, points=award.points, reason=award.reason
    )
    return Awarded(left_today=left)


@router.get('/leaderboard')
async def leaderboards(actor: Person) -> tuple[Leaderboard, ...]:
    """The leaderboards of the courses that one learns in: the neighbours, where one takes part."""
    return await database.read(leaderboard.all_own, actor)


def _badge(badge: OwnBadge) -> BadgeShown:
    return BadgeShown(
        badge_id=badge.badge_id,
        name=str(badge.name),
        description=str(badge.description),
        icon_url=icons.address(badge.icon),
        criteria=CriteriaShown.model_validate(asdict(badge.criteria)),
        points_value=badge.points,
        earned_at=badge.earned_at,
    )
