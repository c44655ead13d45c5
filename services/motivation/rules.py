"""What of a learner's activities counts, and for how many points. Source: PRODUCT G1."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from models import PointReason, Verb
from services.core.events import Recorded
from services.quizzes.mastery import USUAL_MARK

POINTS = MappingProxyType(
    {
        PointReason.STARTED: 5,
        PointReason.COMPLETED: 10,
        PointReason.MASTERED: 25,
        PointReason.PERFECT: 10,
        PointReason.WEEKLY_GOAL: 50,
        PointReason.DAY: 5,
    }
)
"""what is not here earns nothing by itself, but can count for a badge; a badge says itself how much it is worth"""
FULL_SCORE = 100


@dataclass(frozen=True, slots=True)
class Earned:
    """Something that an activity earns."""

    reason: PointReason
    object_id: int
    """the checkpoint, course, badge or activity"""
    period: str = ''
    """the Monday of the week, where a reason comes again each week"""
    points: int | None = None
    """where the activity says it; otherwise the usual ones"""

    @property
    def worth(self) -> int:
        """How many points it earns."""
        return POINTS.get(self.reason, 0) if self.points is None else self.points


def earned(activity: Recorded) -> Iterator[Earned]:
    """Yield what one activity earns, whatever was earned before.

    A checkpoint that is completed is one that was started too, so that nobody loses by tapping once.
    """
    checkpoint = activity.checkpoint_id
    match activity.verb:
        case Verb.STARTED | Verb.COMPLETED if checkpoint is not None:
            yield Earned(PointReason.COURSE_BEGUN, activity.of_course)
            yield Earned(PointReason.STARTED, checkpoint)
            if activity.verb is Verb.COMPLETED:
                yield Earned(PointReason.COMPLETED, checkpoint)
        case Verb.GRADED | Verb.REGRADED | Verb.RESULT_OPENED if checkpoint is not None:
            yield from _of_score(activity, checkpoint)
        case Verb.WEEK_CLOSED:
            yield from _of_week(activity)
        case Verb.HELPED:
            yield Earned(PointReason.HELPED, activity.id)
        case Verb.COURSE_COMPLETED:
            yield Earned(PointReason.COURSE_COMPLETED, activity.of_course)
        case Verb.BADGE_EARNED:
            told = activity.details or {}
            yield Earned(PointReason.BADGE, int(told.get('badge', 0)), points=int(told.get('points', 0)))
        case Verb.POINTS_AWARDED:
            yield Earned(PointReason.AWARDED, activity.id, points=int((activity.details or {}).get('points', 0)))
        case _:
            pass


def _of_week(activity: Recorded) -> Iterator[Earned]:
    told = activity.details or {}
    if int(told.get('done', 0)) >= int(told.get('goal', 0)) > 0:
        monday = activity.local_date - timedelta(days=activity.local_date.weekday())
        yield Earned(PointReason.WEEKLY_GOAL, activity.of_course, monday.isoformat())


def _of_score(activity: Recorded, checkpoint: int) -> Iterator[Earned]:
    """Yield what a score earns, with the mastery mark that held when it was graded; practice earns nothing.

    A score that its quiz keeps back from the learner earns nothing before it is open: points would tell of it.
    """
    told = activity.details or {}
    if activity.score is None or told.get('practice') or told.get('held'):
        return
    if activity.score >= int(told.get('mark', USUAL_MARK)):
        yield Earned(PointReason.MASTERED, checkpoint)
    if activity.score >= FULL_SCORE:
        yield Earned(PointReason.PERFECT, checkpoint)
