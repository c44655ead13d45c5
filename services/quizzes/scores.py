"""What the answers of an attempt come to: its score, and whether that is a pass. Pure rules.

Credit is a whole number of ten-thousandths, so that a third is a little less than one: with a third of three questions
and all of a fourth, a pass mark of 50 % would be missed by a hair. What rounding may have taken is given back before a
score is rounded down or compared; answers that are quite right or quite wrong have lost nothing, so that 100 means all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.quizzes.question import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What the answers of an attempt are worth together."""

    possible: int
    """points of all questions, in hundredths"""
    earned: int
    """points times credit: in hundredths of ten-thousandths"""
    rounded: int
    """points of the answers whose credit was rounded, by half a ten-thousandth of them at most"""

    @property
    def score(self) -> int:
        """0 to 100, rounded down, so that 100 means all."""
        return 100 * self._twice // (2 * self.possible * WHOLE) if self.possible else 0

    def passes(self, percent: int) -> bool:
        """Tell whether this is at least so much of all points."""
        return 100 * self._twice >= 2 * percent * self.possible * WHOLE

    @property
    def _twice(self) -> int:
        return 2 * self.earned + self.rounded


def add_up(worth: Iterable[tuple[int, int | None]]) -> Sum:
    """Return the sum of answers, each with its points in hundredths and its credit; without one it counts nothing."""
    possible = earned = rounded = 0
    for points, credit in worth:
        possible += points
        earned += points * (credit or 0)
        rounded += rounded_part(points, credit)
    return Sum(possible=possible, earned=earned, rounded=rounded)


def rounded_part(points: int, credit: int | None) -> int:
    """Return the points of an answer if its credit was rounded, else 0."""
    return points if credit and credit != WHOLE else 0
