"""What the pictures of a course say, in one sentence each. Pure rules on figures."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from services.analytics.checkpoint_figures import CheckpointFigures
from services.analytics.educator import MatrixRow, WeekFigures
from services.core.phrases import Phrase, phrase, plural

OVER = 1.25
"""times the plan from which on a checkpoint takes longer than planned"""
FEWEST = 3
"""learners who have done a checkpoint, so that its time says something"""
MUCH, LITTLE = 1.25, 0.75
"""times the usual week"""
DROP = 15
"""percent of the learners fewer who are done than at the checkpoint before: there the way ends for many"""


def completion(checkpoints: Sequence[CheckpointFigures], learners: int) -> Phrase:
    """Return how far most are, and where the way ends for many."""
    if not checkpoints or not learners:
        return phrase('There is nothing to complete yet.')
    reached = [checkpoint for checkpoint in checkpoints if 2 * checkpoint.done >= learners]
    if not reached:
        return phrase('No step is done by half of the learners yet.')
    on_the_way = checkpoints[: checkpoints.index(reached[-1]) + 1]
    falls = [(before.done - checkpoint.done, checkpoint) for before, checkpoint in pairwise(on_the_way)]
    fewer, checkpoint = max(falls, key=lambda each: each[0], default=(0, checkpoints[0]))
    if 100 * fewer >= DROP * learners:
        return plural(
            '1 learner fewer has done step {step} than the step before.',
            '{count} learners fewer have done step {step} than the step before.',
            fewer,
            step=checkpoint.number,
        )
    return phrase(
        'Half of the learners or more have done step {last}; {done} of {learners} have.',
        last=reached[-1].number,
        done=reached[-1].done,
        learners=learners,
    )


def times(checkpoints: Sequence[CheckpointFigures]) -> Phrase:
    """Return which checkpoint takes longest, against its plan."""
    known = [checkpoint for checkpoint in checkpoints if checkpoint.median_seconds and checkpoint.done >= FEWEST]
    if not known:
        return phrase('It is not known yet how long steps take.')
    over = [checkpoint for checkpoint in known if (checkpoint.time_ratio or 0) >= OVER]
    if not over:
        longest = max(known, key=lambda checkpoint: checkpoint.median_seconds or 0)
        return phrase('Steps take as long as planned; step {step} takes longest.', step=longest.number)
    worst = max(over, key=lambda checkpoint: checkpoint.time_ratio or 0)
    return phrase(
        'Step {step} takes {times} times as long as planned.', step=worst.number, times=f'{worst.time_ratio:.1f}'
    )


def weeks(found: Sequence[WeekFigures]) -> Phrase:
    """Return how the last full week was beside those before; this week is not over."""
    full = found[:-1]
    if len(full) < 2:
        return phrase('After two weeks you see here whether learners do more or less than usual.')
    last, usual = full[-1].active_seconds, median(week.active_seconds for week in full[:-1])
    values: Mapping[str, object] = {'hours': _hours(last), 'usual': _hours(usual)}
    if last > MUCH * usual:
        return phrase('Last week was a busy one: {hours} hours, where {usual} are usual.', **values)
    if last < LITTLE * usual:
        return phrase('Last week was a quiet one: {hours} hours, where {usual} are usual.', **values)
    return phrase('Last week was like the others: {hours} hours, where {usual} are usual.', **values)


def scores(bands: Mapping[str, int]) -> Phrase:
    """Return how many of the best scores are good, and how many are not enough."""
    total = sum(bands.values())
    if not total:
        return phrase('Nothing has a score yet.')
    return phrase(
        '{good} of {total} best scores are 80 or more; {poor} are below 60.',
        good=bands.get('A', 0) + bands.get('B', 0),
        total=total,
        poor=bands.get('F', 0),
    )


def matrix(rows: Sequence[MatrixRow]) -> Phrase:
    """Return how many are behind what is due."""
    behind = sum(row.overdue > 0 for row in rows)
    if not behind:
        return phrase('Everybody has done what was due.')
    return plural(
        '1 of {all} learners has something overdue.',
        '{count} of {all} learners have something overdue.',
        behind,
        all=len(rows),
    )


def _hours(seconds: float) -> int:
    return round(seconds / 3600)
