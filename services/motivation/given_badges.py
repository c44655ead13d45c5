"""The badges that Waymark has by itself. Source: PRODUCT G3."""

from dataclasses import dataclass

from models import BadgeIcon, PointReason
from services.core.phrases import Phrase, phrase
from services.motivation.criteria import Criteria, Measure, Of, Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Badge:
    """What a learner can earn."""

    badge_id: int
    """below zero for one that Waymark has by itself"""
    name: Phrase | str
    description: Phrase | str
    icon: BadgeIcon
    points: int
    criteria: Criteria
    since: int = 0
    """what was done by later activities counts"""


GIVEN = (
    Badge(
        badge_id=-1,
        name=phrase('Quick Learner'),
        description=phrase('Master five steps in one day.'),
        icon=BadgeIcon.BOLT,
        points=25,
        criteria=Criteria(when=(PointReason.MASTERED,), within=Span.DAY, at_least=5),
    ),
    Badge(
        badge_id=-2,
        name=phrase('Consistency King'),
        description=phrase('Learn on seven days in a row; weekends and days off do not break it.'),
        icon=BadgeIcon.FLAME,
        points=25,
        criteria=Criteria(when=(PointReason.DAY,), measure=Measure.RUN, at_least=7),
    ),
    Badge(
        badge_id=-3,
        name=phrase('Subject Master'),
        description=phrase('Complete every course that you take in a subject, and master all its quizzes.'),
        icon=BadgeIcon.CROWN,
        points=50,
        criteria=Criteria(
            when=(PointReason.MASTERED, PointReason.COURSE_COMPLETED), measure=Measure.ALL, of=Of.SUBJECT
        ),
    ),
    Badge(
        badge_id=-4,
        name=phrase('Perfect Week'),
        description=phrase('Reach the goal of a week, and complete all that you start in it.'),
        icon=BadgeIcon.CALENDAR,
        points=25,
        criteria=Criteria(when=(PointReason.WEEKLY_GOAL,), measure=Measure.ALL, of=Of.WEEK_BEGUN, within=Span.WEEK),
    ),
    Badge(
        badge_id=-5,
        name=phrase('Helper'),
        description=phrase('Help a classmate who is stuck.'),
        icon=BadgeIcon.LIFEBELT,
        points=10,
        criteria=Criteria(when=(PointReason.HELPED,)),
    ),
    Badge(
        badge_id=-6,
        name=phrase('Explorer'),
        description=phrase('Begin courses in five subjects.'),
        icon=BadgeIcon.COMPASS,
        points=25,
        criteria=Criteria(when=(PointReason.COURSE_BEGUN,), measure=Measure.DISTINCT, of=Of.SUBJECT, at_least=5),
    ),
)
"""in the order in which they are shown"""


def one(badge_id: int) -> Badge | None:
    """Return a badge; None where there is none."""
    return next((badge for badge in GIVEN if badge.badge_id == badge_id), None)


def name_of(badge_id: int) -> Phrase | str:
    """Return the name of a badge; empty where there is none."""
    badge = one(badge_id)
    return badge.name if badge else ''
