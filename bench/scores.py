"""How good predictions are, counted as they come: memory does not grow with their number."""

from array import array
from math import log

PLACES = 5
"""decimal places to which predictions are rounded before they are judged and written"""
_STEPS = 10**PLACES
_LEAST = 1e-15
_BINS = 10


class Scores:
    """Takes predictions one by one; AUC is exact, because each possible prediction has a counter of its own."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self._right = array('q', bytes(8 * (_STEPS + 1)))
        self._wrong = array('q', bytes(8 * (_STEPS + 1)))
        self._squares = 0.0
        self._logs = 0.0

    def take(self, predicted: float, correct: int) -> None:
        """Take one prediction, rounded to so many places, and what came of it."""
        place = round(predicted * _STEPS)
        (self._right if correct else self._wrong)[place] += 1
        self.count += 1
        self._squares += (correct - predicted) ** 2
        self._logs -= log(max(_LEAST, predicted if correct else 1 - predicted))

    @property
    def base(self) -> float:
        """The share of right answers."""
        return sum(self._right) / self.count

    @property
    def auc(self) -> float:
        """How often a right answer had the higher prediction than a wrong one; equal ones count half."""
        right, wrong, below, twice = sum(self._right), sum(self._wrong), 0, 0
        for of_right, of_wrong in zip(self._right, self._wrong, strict=True):
            twice += of_right * (2 * below + of_wrong)
            below += of_wrong
        return twice / (2 * right * wrong) if right and wrong else float('nan')

    @property
    def brier(self) -> float:
        """The mean square of what the predictions were off."""
        return self._squares / self.count

    @property
    def log_loss(self) -> float:
        """The mean surprise."""
        return self._logs / self.count

    @property
    def ece(self) -> float:
        """By how much ten groups of predictions are off on average: 0 where 70 percent means 70 of 100."""
        off = 0.0
        for number in range(_BINS):
            first, after = number * _STEPS // _BINS, (number + 1) * _STEPS // _BINS
            places = range(first, _STEPS + 1 if number == _BINS - 1 else after)
            said = sum(place * (self._right[place] + self._wrong[place]) for place in places) / _STEPS
            off += abs(sum(self._right[place] for place in places) - said)
        return off / self.count

    def __str__(self) -> str:
        """All of it in one line."""
        return (
            f'{self.count:,} answers, {self.base:.1%} right: AUC {self.auc:.4f} · Brier {self.brier:.4f} · '
            f'log loss {self.log_loss:.4f} · ECE {self.ece:.4f}'
        )
