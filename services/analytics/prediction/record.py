"""What a course asked for and what its learners did, as columns of numbers: the same facts at any moment in it.

Moments are days since 1970. What was not handed in came at infinity, and what is not due has no number (`nan`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.analytics.prediction.facts import Floats, Work

DAY = 86_400.0
JUDGED_AFTER = 14.0
"""days after the end of a course at which it counts who has completed it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCheckpoint:
    """A checkpoint that counts."""

    checkpoint_id: int
    due: float
    """when it is due for the course; nan where it is not"""
    minutes: float
    """how long it takes, as planned"""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One course: its checkpoints in order, its learners, and for each learner (row) and checkpoint (column) what
    happened.
    """

    course_id: int
    checkpoints: tuple[RecordedCheckpoint, ...]
    is_archived: bool
    people: NDArray[np.int64]
    """their ids"""
    enrolled: Floats
    completed: Floats
    """when they completed the course; infinity if they have not"""
    is_paused: NDArray[np.bool_]
    due: Floats
    """when each checkpoint is due for each learner; nan where it is not"""
    done: Floats
    """when each checkpoint was completed or handed in; infinity if it was not"""
    score: Floats
    """the best score that the learner may know; nan without one"""
    scored: Floats
    """since when they may know it"""
    earlier_runs: Floats

    @cached_property
    def begins(self) -> float:
        """When the course begins: when half of its learners had joined, and a day before anything is due."""
        joined = float(np.median(self.enrolled)) if len(self.enrolled) else np.inf
        return min(joined, self._first_due - 1)

    @cached_property
    def ends(self) -> float:
        """When the last checkpoint is due; nan in a course without due dates."""
        return max((checkpoint.due for checkpoint in self.checkpoints if not np.isnan(checkpoint.due)), default=np.nan)

    @cached_property
    def dated(self) -> int:
        """How many checkpoints have a due date."""
        return sum(not np.isnan(checkpoint.due) for checkpoint in self.checkpoints)

    @property
    def judged(self) -> float:
        """When it counts who has completed the course."""
        return self.ends + JUDGED_AFTER

    @property
    def half(self) -> float:
        """When half of the time is over."""
        return (self.begins + self.ends) / 2

    def elapsed(self, at: float) -> float:
        """Return how much of the time of the course is over, 0 to 1."""
        return float(np.clip((at - self.begins) / max(self.ends - self.begins, 1.0), 0, 1))

    def is_done(self, at: float) -> NDArray[np.bool_]:
        """Return which checkpoints were done at a moment."""
        return self.done <= at

    def missing(self, row: int, at: float) -> NDArray[np.intp]:
        """Return the checkpoints that were due for a learner at a moment and not done."""
        return np.flatnonzero((self.due[row] <= at) & (self.done[row] > at))

    def classmates(self, at: float) -> NDArray[np.intp]:
        """Return the rows of those who make up the class at a moment."""
        return np.flatnonzero((self.enrolled <= at) & ~self.is_paused)

    def work(self, at: float) -> Work:
        """Return what everybody had done at a moment."""
        is_due, is_done = self.due <= at, self.is_done(at)
        handed = is_done & ~np.isnan(self.due)
        known = np.where((self.scored <= at) & ~np.isnan(self.score), self.score, np.nan)
        return Work(
            due=is_due.sum(axis=1).astype(float),
            missed=(is_due & ~is_done).sum(axis=1).astype(float),
            last_missed=self._misses_last(is_due, is_done).astype(float),
            handed=handed.sum(axis=1).astype(float),
            late=(handed & (self.done > self.due)).sum(axis=1).astype(float),
            early=_mean_of(np.where(handed, self.due - np.where(handed, self.done, 0), np.nan)),
            score=_mean_of(known),
            last_score=_latest(known, self.scored),
            earlier_runs=self.earlier_runs,
            usual=self._usual(handed, self.classmates(at)),
        )

    def _usual(self, handed: NDArray[np.bool_], classmates: NDArray[np.intp]) -> Floats:
        """Return how much the class has handed in on average of what is asked of each learner."""
        is_asked = ~np.isnan(self.due)
        asked, given = (each[classmates].sum(axis=0) for each in (is_asked, handed))
        usual: Floats = is_asked @ (given / np.maximum(asked, 1))
        return usual

    def _misses_last(self, is_due: NDArray[np.bool_], is_done: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if not is_due.shape[1]:
            return np.zeros(len(is_due), dtype=bool)
        last = np.argmax(np.where(is_due, self.due, -np.inf), axis=1)
        rows = np.arange(len(is_due))
        misses: NDArray[np.bool_] = is_due[rows, last] & ~is_done[rows, last]
        return misses

    @cached_property
    def _first_due(self) -> float:
        return min((checkpoint.due for checkpoint in self.checkpoints if not np.isnan(checkpoint.due)), default=np.inf)


def _mean_of(cells: Floats) -> Floats:
    """Return the mean of each row, of the cells that have a number."""
    count = (~np.isnan(cells)).sum(axis=1)
    mean: Floats = np.where(count > 0, np.nansum(cells, axis=1) / np.maximum(count, 1), np.nan)
    return mean


def _latest(cells: Floats, since: Floats) -> Floats:
    """Return the cell of each row that came last, of those that have a number."""
    if not cells.shape[1]:
        return np.full(len(cells), np.nan)
    last = np.argmax(np.where(np.isnan(cells), -np.inf, since), axis=1)
    latest: Floats = cells[np.arange(len(cells)), last]
    return latest
