"""The total of one learner as an exact sum that explains itself. Pure rules; no rounding before it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.courses.grade_rules import Category, Letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A category, and which of the graded things are in it, by their places."""

    category: Category
    places: tuple[int, ...]

    def of(self, scores: Sequence[int | None]) -> Iterable[int | None]:
        """Return which of the scores of all things are in it."""
        return scores if len(self.places) == len(scores) else map(scores.__getitem__, self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One category in the total of one learner: which scores count, which were dropped, and their mean."""

    category: Category
    kept: tuple[int, ...]
    """never empty"""
    dropped: tuple[int, ...]

    @property
    def mean(self) -> Fraction:
        """The mean of the scores that count."""
        return Fraction(sum(self.kept), len(self.kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a total comes about: the categories that have a score, and what their weights add up to."""

    steps: tuple[Step, ...]
    total: Fraction | None
    """None where nothing counts yet, or where all that counts has no weight"""
    letter: str = ''
    before: int = 0
    """how many things do not count because they were due before the learner joined"""

    @property
    def weights(self) -> int:
        """The sum of the weights of the categories that have a score."""
        return sum(step.category.weight for step in self.steps)


def explain(
    parts: Sequence[Part], scores: Sequence[int | None], letters: Letters = (), *, before: int = 0
) -> Explanation:
    """Return the total for scores in the order of the graded things; None for what does not count."""
    steps = []
    for part in parts:
        there = [score for score in part.of(scores) if score is not None]
        if there:
            steps.append(_step(part.category, there))
    total = _weighted(steps)
    return Explanation(steps=tuple(steps), total=total, letter=letter_of(total, letters), before=before)


def letter_of(total: Fraction | None, letters: Letters) -> str:
    """Return the letter for a total; empty where there is none. A total counts as it is, not as it is rounded."""
    if total is None:
        return ''
    return next((letter for percent, letter in letters if total >= percent), '')


def tenths(number: Fraction) -> int:
    """Return a number in tenths, rounded down, so that 100 means all."""
    return number.numerator * 10 // number.denominator


def _step(category: Category, scores: list[int]) -> Step:
    """Leave out the lowest scores, but never all of them; of two that are equal, the later one."""
    count = min(category.drop_lowest, len(scores) - 1)
    if not count:
        return Step(category=category, kept=tuple(scores), dropped=())
    lowest = set(sorted(range(len(scores)), key=lambda place: (scores[place], -place))[:count])
    return Step(
        category=category,
        kept=tuple(score for place, score in enumerate(scores) if place not in lowest),
        dropped=tuple(scores[place] for place in sorted(lowest)),
    )


def _weighted(steps: Sequence[Step]) -> Fraction | None:
    weights = sum(step.category.weight for step in steps)
    if not weights:
        return None
    if len(steps) == 1:
        return steps[0].mean
    above, below = 0, 1
    for step in steps:
        count = len(step.kept)
        above, below = above * count + step.category.weight * sum(step.kept) * below, below * count
    return Fraction(above, below * weights)
