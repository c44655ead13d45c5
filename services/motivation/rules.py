"""For what a learner earns how many points. Source: PRODUCT G1."""

from collections.abc import Iterator
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
    }
)
FULL_SCORE = 100

Earned = tuple[PointReason, int, str]
"""(reason, id of the checkpoint or course, Monday of the week or nothing)"""


def earned(activity: Recorded) -> Iterator[Earned]:
    """Yield for what one activity earns points, whatever was earned before.

    A step that is completed is one that was started too, so that nobody loses by tapping once.
    """
    step = activity.checkpoint_id
    if activity.verb is Verb.WEEK_CLOSED:
        yield from _of_week(activity)
    elif step is not None and activity.verb is Verb.STARTED:
        yield PointReason.STARTED, step, ''
    elif step is not None and activity.verb is Verb.COMPLETED:
        yield PointReason.STARTED, step, ''
        yield PointReason.COMPLETED, step, ''
    elif step is not None and activity.verb in (Verb.GRADED, Verb.REGRADED):
        yield from _of_score(activity, step)


def _of_week(activity: Recorded) -> Iterator[Earned]:
    told = activity.details or {}
    if int(told.get('done', 0)) >= int(told.get('goal', 0)) > 0:
        monday = activity.local_date - timedelta(days=activity.local_date.weekday())
        yield PointReason.WEEKLY_GOAL, activity.of_course, monday.isoformat()


def _of_score(activity: Recorded, step: int) -> Iterator[Earned]:
    """Yield what a score earns, with the mastery mark that held when it was graded; practice earns nothing."""
    told = activity.details or {}
    if activity.score is None or told.get('practice'):
        return
    if activity.score >= int(told.get('mark', USUAL_MARK)):
        yield PointReason.MASTERED, step, ''
    if activity.score >= FULL_SCORE:
        yield PointReason.PERFECT, step, ''
