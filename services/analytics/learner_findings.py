"""What the pictures of a learner's progress say, in one sentence each: encouraging, and never more than is known."""

from collections.abc import Callable, Mapping, Sequence

from models import DayPart
from services.analytics.learner import LearnerWeek, TimeAtCheckpoint
from services.core.phrases import Phrase, phrase, plural

ENOUGH = 30 * 60
"""seconds of study from which on a time of the day can be the learner's own"""


def way(done: int, counted: int) -> Phrase:
    """Return how far somebody is."""
    if not counted:
        return phrase('There are no steps to count yet.')
    if done >= counted:
        return phrase('All steps are done. Well done!')
    if not done:
        return plural('One step is waiting.', 'Your way has {count} steps; the first one is waiting.', counted)
    return plural('{done} steps done, 1 to go.', '{done} steps done, {count} to go.', counted - done, done=done)


def times(found: Sequence[TimeAtCheckpoint]) -> Phrase:
    """Return which checkpoints took longest."""
    slowest = sorted((each for each in found if each.is_slowest), key=lambda each: -each.seconds)
    if not slowest:
        return phrase('After a few steps you see here which of them took you longest.')
    numbers = [each.number for each in slowest]
    if len(numbers) < 3:
        return phrase('Step {step} took you longest.', step=numbers[0])
    return phrase('Steps {one}, {two} and {three} took you longest.', one=numbers[0], two=numbers[1], three=numbers[2])


def weeks(found: Sequence[LearnerWeek]) -> Phrase:
    """Return what was done in the last whole week, beside the best one."""
    if not any(week.active_seconds or week.steps_completed for week in found):
        return phrase('As soon as you study, your weeks stand here.')
    this = found[-1]
    if this.steps_completed:
        return plural('1 step done this week.', '{count} steps done this week.', this.steps_completed)
    best = max(found, key=lambda week: week.steps_completed)
    if not best.steps_completed:
        return phrase('You have begun; the first step to be done is near.')
    return plural(
        'Your best week had 1 step. A short session is a good beginning for this one.',
        'Your best week had {count} steps. A short session is a good beginning for this one.',
        best.steps_completed,
    )


def time_of_day(found: Mapping[DayPart, int]) -> Phrase:
    """Return when somebody studies most."""
    whole = sum(found.values())
    if whole < ENOUGH:
        return phrase('After half an hour of study you see here at which time of the day you learn.')
    part = max(found, key=lambda each: found[each])
    share = found[part] * 100 // whole
    return _MOSTLY[part](share)


_MOSTLY: Mapping[DayPart, Callable[[int], Phrase]] = {
    DayPart.NIGHT: lambda share: phrase('You learn most at night: {share} % of the time.', share=share),
    DayPart.MORNING: lambda share: phrase('You learn most in the morning: {share} % of the time.', share=share),
    DayPart.AFTERNOON: lambda share: phrase('You learn most in the afternoon: {share} % of the time.', share=share),
    DayPart.EVENING: lambda share: phrase('You learn most in the evening: {share} % of the time.', share=share),
}
