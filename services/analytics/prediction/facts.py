"""The facts that predictions are made from, for all learners of one course at one moment.

Each is about work: what was due, handed in, and scored, beside the class at that moment. Nothing about the person
enters here, and no fact can be added that a learner cannot change (docs/decisions/0033-prediction.md). A higher value
means more risk, for every fact; the signs in the model are fixed by that.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NAMES = (
    'low_score',
    'low_last_score',
    'missed',
    'nothing',
    'last_missed',
    'few',
    'tardy',
    'late',
    'earlier_runs',
)
"""the facts, in the order of the columns"""

MOST_EARLY, MOST_LATE = 60.0, 30.0
"""days before and after the due date from which on it makes no difference"""
LEAST_SPREAD = 10.0
"""scores differ by so much at least, so that a few points in an even class weigh little"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the learners of one course have done up to one moment: one number for each in every column.

    `nan` where there is nothing yet: no score, nothing handed in.
    """

    due: Floats
    """how many things were due"""
    missed: Floats
    """how many of them are missing"""
    last_missed: Floats
    """1 if the one that was due last is missing"""
    handed: Floats
    """how many things were handed in, due or not"""
    late: Floats
    """how many of them came after they were due"""
    early: Floats
    """how many days before the due date they came, on average; negative for late"""
    score: Floats
    """the average score, 0 to 100"""
    last_score: Floats
    earlier_runs: Floats
    """how many runs of the course they did not complete before"""
    usual: Floats | None = None
    """how much of what is asked of each the class has handed in on average: of somebody who joined late, not of what
    was due before; None for the average of all"""

    @property
    def learners(self) -> int:
        """How many learners there are."""
        return len(self.due)

    def of(self, chosen: NDArray[np.intp]) -> 'Work':
        """Return the columns for some learners."""
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(self, **{name: column[chosen] for name, column in columns.items() if column is not None})

    def caught_up(self, number: int) -> 'Work':
        """Return the same after everybody has handed in so many of the things that they miss: late, the last first."""
        caught = np.minimum(self.missed, number)
        return replace(
            self,
            missed=self.missed - caught,
            last_missed=self.last_missed * (caught == 0),
            handed=self.handed + caught,
            late=self.late + caught,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of the learners of one course, one row for each, with what a learner on schedule would have."""

    values: Floats
    on_schedule: Floats
    """who misses nothing, and is in the middle of the class otherwise"""


def of_class(work: Work, classmates: Work | None = None) -> Facts:
    """Return the facts of learners beside their class; without `classmates` they are the class themselves."""
    whole = classmates or work
    share, whole_share = _share(work.missed, work.due), _share(whole.missed, whole.due)
    nothing, whole_nothing = (1.0 * (each.handed == 0) for each in (work, whole))
    early, whole_early = (np.clip(each.early, -MOST_LATE, MOST_EARLY) for each in (work, whole))
    values = np.stack(
        [
            -_standard(work.score, whole.score),
            -_standard(work.last_score, whole.last_score),
            share - _mean(whole_share),
            nothing - _mean(whole_nothing),
            work.last_missed - _mean(whole.last_missed),
            np.clip((_mean(whole.handed) if work.usual is None else work.usual) - work.handed, -4, 4),
            np.nan_to_num(np.clip((_mean(whole_early) - early) / 10, -3, 3)),
            _share(work.late, work.handed) - _mean(_share(whole.late, whole.handed)),
            np.minimum(work.earlier_runs, 2),
        ],
        axis=1,
    )
    behind = [0, 0, _mean(whole_share), _mean(whole_nothing), _mean(whole.last_missed), 0, 0]
    on_schedule = -np.array([*behind, _mean(_share(whole.late, whole.handed)), 0.0])
    return Facts(values=values, on_schedule=on_schedule)


def _share(part: Floats, whole: Floats) -> Floats:
    return part / np.maximum(whole, 1)


def _mean(column: Floats) -> float:
    """Return the mean of what is there; 0 where nothing is."""
    known = column[~np.isnan(column)]
    return float(known.mean()) if len(known) else 0.0


def _standard(scores: Floats, of_class: Floats) -> Floats:
    """Return by how much scores are above the mean of the class, in its standard deviations; 0 without a score."""
    known = of_class[~np.isnan(of_class)]
    spread = float(known.std()) if len(known) else 0.0
    return np.nan_to_num(np.clip((scores - _mean(of_class)) / max(spread, LEAST_SPREAD), -3, 2))
