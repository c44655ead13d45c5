"""Between which days a learner completes a course, from how fast they have been: a rate that is itself uncertain.

Checkpoints come at a rate λ per week, of which is known Gamma(a + done, b + weeks): a and b are two weeks of the class,
so that somebody new has the pace of the others. The time for the checkpoints that remain is then b + weeks times a
ratio of two gamma variables, whose quantiles are those of F (Wilson and Hilferty's approximation). Where a class works
more evenly than chance would, week by week, each checkpoint counts as several, and the other way round.
"""

from dataclasses import dataclass

import numpy as np

from services.analytics.prediction.facts import Floats
from services.analytics.prediction.record import Record

WEEK = 7.0
PRIOR_WEEKS = 2.0
EIGHT_OF_TEN = 1.2816
"""the normal quantile between which and its negative eight cases of ten lie"""
LONGEST = 26 * WEEK
"""a span longer than this says nothing, and none longer than the time left"""
FARTHEST = 28.0
"""days after which a next step is not foreseen"""
STEADIEST, UNSTEADIEST = 0.25, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Of each learner, in days since 1970; nan where nothing can be said."""

    earliest: Floats
    latest: Floats
    next_column: np.ndarray[tuple[int], np.dtype[np.int64]]
    """the first checkpoint that is not done; -1 where all are"""
    next_at: Floats


def of_course(record: Record, at: float) -> Outlook:
    """Return when the learners of a course complete it, as seen at a moment."""
    is_done = record.is_done(at)
    done, left = is_done.sum(axis=1).astype(float), (~is_done).sum(axis=1).astype(float)
    weeks = np.maximum(at - np.maximum(record.enrolled, min(record.begins, at)), 0) / WEEK
    pace = float(done.sum() / max(weeks.sum(), 1.0))
    shape, rate = done + PRIOR_WEEKS * pace, weeks + PRIOR_WEEKS
    spread = _spread(record, at)
    expected = left / np.maximum(shape, 1e-9) * rate
    soonest, longest = (_quantile(left / spread, shape / spread, z) * expected for z in _BOTH)
    span = WEEK * (longest - soonest)
    room = min(record.ends - at, LONGEST) if record.ends > at else LONGEST
    is_known = (left > 0) & (shape > 0) & (span <= room)
    next_in = WEEK * rate / np.maximum(shape, 1e-9)
    return Outlook(
        earliest=np.where(is_known, at + WEEK * soonest, np.nan),
        latest=np.where(is_known, at + WEEK * longest, np.nan),
        next_column=np.where(left > 0, np.argmax(~is_done, axis=1), -1) if is_done.shape[1] else np.full(len(left), -1),
        next_at=np.where((left > 0) & (next_in <= FARTHEST), at + next_in, np.nan),
    )


def _spread(record: Record, at: float) -> float:
    """Return the variance of what learners do in a week beside its mean: 1 for chance, less for an even pace."""
    begins = min(record.begins, at)
    weeks = int((at - begins) // WEEK)
    if weeks < 2:
        return 1.0
    week = np.floor((np.where(record.is_done(at), record.done, np.nan) - begins) / WEEK)
    counts = np.stack([(week == number).sum(axis=1) for number in range(weeks)], axis=1).astype(float)
    mean = counts.mean(axis=1, keepdims=True)
    variance, total = ((counts - mean) ** 2).sum() / (weeks - 1), mean.sum()
    return float(np.clip(variance / total, STEADIEST, UNSTEADIEST)) if total > 0 else 1.0


def _quantile(left: Floats, shape: Floats, z: float) -> Floats:
    """Return the quantile of F with 2·left and 2·shape degrees of freedom; infinity where it is out of reach."""
    one, two = 2 / (9 * 2 * np.maximum(left, 1e-9)), 2 / (9 * 2 * np.maximum(shape, 1e-9))
    square = (1 - two) ** 2 - z**2 * two
    root = (1 - one) * (1 - two) + z * np.sqrt(
        np.maximum((1 - one) ** 2 * two + (1 - two) ** 2 * one - z**2 * one * two, 0)
    )
    return np.where(square > 0, np.maximum(root / np.where(square > 0, square, 1), 0) ** 3, np.inf)


_BOTH = (-EIGHT_OF_TEN, EIGHT_OF_TEN)
