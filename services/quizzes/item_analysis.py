"""How good the questions of a quiz are: pure formulas, those of Moodle's quiz statistics (decimal for decimal).

Source: Moodle, question/classes/statistics/questions/calculator.php and mod/quiz/report/statistics. All sums are over
one attempt for each learner; variances and covariances divide by attempts less one.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from services.core.phrases import Phrase, phrase

FEWEST = 10
"""attempts below which nothing is said"""
DUBIOUS = 15.0
"""discriminative efficiency below which a question hardly tells strong from weak"""
EASY, HARD = 0.95, 0.20
"""facility above which a question tells nothing, and below which hardly anybody can answer it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question in numbers; None where a figure does not exist, such as where everybody has the same mark."""

    attempts: int
    facility: float
    """mean mark, 0 to 1 of what the question gives"""
    deviation: float
    """standard deviation of the marks"""
    intended_weight: float
    """percent of all points"""
    effective_weight: float | None
    """percent of what makes the totals differ"""
    discrimination: float | None
    """correlation with the rest of the quiz, -100 to 100"""
    efficiency: float | None
    """covariance with the rest, in percent of what it could be with these marks"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A quiz in numbers."""

    attempts: int
    mean: float
    median: float
    deviation: float
    skewness: float | None
    kurtosis: float | None
    alpha: float | None
    """Cronbach's coefficient of inner consistency, in percent"""
    error_ratio: float | None
    standard_error: float | None
    """of a total, in points"""


def items(marks: Sequence[Sequence[float]], most: Sequence[float]) -> list[Item]:
    """Return figures for each question; `marks[attempt][question]` are points, `most[question]` what it can give."""
    totals = [sum(row) for row in marks]
    columns = [[row[place] for row in marks] for place in range(len(most))]
    weights = [_covariance(column, totals) for column in columns]
    all_weights = sum(sqrt(weight) for weight in weights if weight > 0)
    return [
        _item(column, totals, weight, all_weights, can_give=give, whole=sum(most))
        for column, weight, give in zip(columns, weights, most, strict=True)
    ]


def whole(marks: Sequence[Sequence[float]]) -> Whole:
    """Return figures for the whole quiz."""
    totals = [sum(row) for row in marks]
    count, mean, deviation = len(totals), statistics.fmean(totals), sqrt(_variance(totals))
    columns = list(zip(*marks, strict=True))
    alpha = error = standard_error = None
    if len(columns) > 1 and deviation:
        parts = sum(_variance(column) for column in columns)
        alpha = 100 * len(columns) / (len(columns) - 1) * (1 - parts / deviation**2)
        error = 100 * sqrt(max(0.0, 1 - alpha / 100))
        standard_error = error / 100 * deviation
    return Whole(
        attempts=count,
        mean=mean,
        median=statistics.median(totals),
        deviation=deviation,
        skewness=_skewness(totals, mean),
        kurtosis=_kurtosis(totals, mean),
        alpha=alpha,
        error_ratio=error,
        standard_error=standard_error,
    )


def words(item: Item, *, favourite_wrong: str = '') -> list[Phrase]:
    """Return what the figures of a question mean, worst first; `favourite_wrong` is what most strong learners chose."""
    if item.attempts < FEWEST:
        return [phrase('Too few attempts to say anything: {there} of {fewest}.', there=item.attempts, fewest=FEWEST)]
    said = []
    if favourite_wrong:
        said.append(phrase('Most strong learners chose “{answer}”: check the key.', answer=favourite_wrong))
    if item.discrimination is not None and item.discrimination < 0:
        said.append(phrase('Learners who are weak otherwise do better here: check the question and its key.'))
    elif item.efficiency is not None and item.efficiency < DUBIOUS:
        said.append(phrase('It hardly tells strong learners from weak ones.'))
    if item.facility >= EASY:
        said.append(phrase('Almost everybody has it right.'))
    elif item.facility <= HARD:
        said.append(phrase('Hardly anybody has it right.'))
    return said or [phrase('Nothing stands out.')]


def _item(
    column: Sequence[float],
    totals: Sequence[float],
    weight: float,
    all_weights: float,
    *,
    can_give: float,
    whole: float,
) -> Item:
    rest = [total - mark for total, mark in zip(totals, column, strict=True)]
    own, others, both = _variance(column), _variance(rest), _covariance(column, rest)
    best = _covariance(sorted(column), sorted(rest))
    return Item(
        attempts=len(column),
        facility=statistics.fmean(column) / can_give,
        deviation=sqrt(own),
        intended_weight=100 * can_give / whole,
        effective_weight=100 * sqrt(weight) / all_weights if weight >= 0 and all_weights else None,
        discrimination=100 * both / sqrt(own * others) if own and others else None,
        efficiency=100 * both / best if best else None,
    )


def _covariance(one: Sequence[float], other: Sequence[float]) -> float:
    mean, other_mean = statistics.fmean(one), statistics.fmean(other)
    return sum([(a - mean) * (b - other_mean) for a, b in zip(one, other, strict=True)]) / (len(one) - 1)


def _variance(numbers: Sequence[float]) -> float:
    """Return what `statistics.variance` does, which works with fractions and takes forty times as long."""
    mean = statistics.fmean(numbers)
    return sum([(each - mean) ** 2 for each in numbers]) / (len(numbers) - 1)


def _skewness(totals: Sequence[float], mean: float) -> float | None:
    count = len(totals)
    second, third = (sum((each - mean) ** power for each in totals) / count for power in (2, 3))
    if count < 3 or not second:
        return None
    k2, k3 = count * second / (count - 1), count**2 * third / ((count - 1) * (count - 2))
    return float(k3 / k2**1.5)


def _kurtosis(totals: Sequence[float], mean: float) -> float | None:
    count = len(totals)
    second, fourth = (sum((each - mean) ** power for each in totals) / count for power in (2, 4))
    if count < 4 or not second:
        return None
    k2 = count * second / (count - 1)
    k4 = count**2 * ((count + 1) * fourth - 3 * (count - 1) * second**2) / ((count - 1) * (count - 2) * (count - 3))
    return float(k4 / k2**2)
