"""A logistic model whose signs are fixed: no fact can ever lower the risk that raises it by what it means.

Each fact has two coefficients, one for the beginning of a course and one for its end, and counts as a mixture of both
by how much of the time is over. Both are never negative, so neither is the mixture. They are found by Newton's method
with each step kept inside that bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analytics.prediction.facts import NAMES, Floats

EARLIEST, LATEST = 0.1, 0.8
"""shares of the time of a course between which coefficients move from those of the beginning to those of the end"""
FREE = 2
"""the first coefficients, whose sign is free: the level at the beginning and at the end"""
PULL = 1e-3
"""how strongly coefficients are drawn to where they came from, for each example"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The coefficients: of the level, then of each fact, each at the beginning and at the end of a course."""

    coefficients: Floats

    def weights(self, elapsed: float) -> Floats:
        """Return what each fact counts when so much of the time of a course is over, 0 to 1."""
        end = _at_end(np.array([elapsed]))[0]
        pairs = self.coefficients[FREE:].reshape(len(NAMES), 2)
        weights: Floats = pairs[:, 0] * (1 - end) + pairs[:, 1] * end
        return weights

    def level(self, elapsed: float) -> float:
        """Return the log-odds of a learner in the middle of the class."""
        end = _at_end(np.array([elapsed]))[0]
        return float(self.coefficients[0] * (1 - end) + self.coefficients[1] * end)

    def risks(self, values: Floats, elapsed: float, *, shift: float = 0.0) -> Floats:
        """Return the risk of each row of facts; `shift` is what is known of the course."""
        return probability(values @ self.weights(elapsed) + self.level(elapsed) + shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """What a model is learned from: facts, how much of the time was over, and what became of it."""

    values: Floats
    elapsed: Floats
    unfinished: Floats
    """1 for learners who did not complete the course"""
    weight: Floats
    """how much each counts; 1 usually"""

    @classmethod
    def of(cls, values: Floats, elapsed: Floats, unfinished: Floats, weight: Floats | None = None) -> 'Examples':
        """Return examples that all count the same, unless said otherwise."""
        return cls(
            values=values,
            elapsed=elapsed,
            unfinished=unfinished,
            weight=np.ones(len(unfinished)) if weight is None else weight,
        )


def learn(examples: Examples, *, start: Model | None = None, pull: float = PULL, offset: Floats | None = None) -> Model:
    """Return the model that fits examples best, drawn towards `start` (else to 0) with the strength of `pull`."""
    columns = _columns(examples)
    size = columns.shape[1]
    origin = np.zeros(size) if start is None else start.coefficients
    is_free = np.arange(size) < FREE
    bound = np.where(is_free, -np.inf, 0.0)
    pulls = np.where(is_free & (start is None), 1e-9, pull)
    total, found = examples.weight.sum(), origin.copy()
    for _ in range(50):
        odds = columns @ found + (0.0 if offset is None else offset)
        risks = probability(odds)
        slope = columns.T @ (examples.weight * (risks - examples.unfinished)) / total + pulls * (found - origin)
        curve = (columns.T * (examples.weight * risks * (1 - risks))) @ columns / total + np.diag(pulls)
        step = _bounded_step(curve, slope, bound - found)
        found = found + step
        if np.abs(step).max() < 1e-9:
            break
    return Model(coefficients=found)


def shift_to(risks: Floats, rate: float) -> float:
    """Return what has to be added to the log-odds of these risks so that their mean is a rate."""
    odds, low, high = logit(risks), -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if probability(odds + middle).mean() > rate else (middle, high)
    return (low + high) / 2


def probability(odds: Floats) -> Floats:
    """Return the probabilities of log-odds."""
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def logit(risks: Floats) -> Floats:
    """Return the log-odds of probabilities."""
    kept = np.clip(risks, 1e-9, 1 - 1e-9)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def labels() -> Sequence[str]:
    """Return what each coefficient is, in order."""
    return tuple(f'{name} at the {when}' for name in ('level', *NAMES) for when in ('beginning', 'end'))


def _columns(examples: Examples) -> NDArray[np.float64]:
    end = _at_end(examples.elapsed)[:, None]
    all_facts = np.concatenate([np.ones((len(end), 1)), examples.values], axis=1)
    return np.stack([all_facts * (1 - end), all_facts * end], axis=2).reshape(len(end), -1)


def _at_end(elapsed: Floats) -> Floats:
    return np.clip((elapsed - EARLIEST) / (LATEST - EARLIEST), 0, 1)


def _bounded_step(curve: Floats, slope: Floats, least: Floats) -> Floats:
    """Return the step with the lowest slope·step + step·curve·step/2 that is not below `least`, column by column."""
    step = np.zeros(len(slope))
    for _ in range(500):
        before = step.copy()
        for column in range(len(step)):
            free = step[column] - (slope[column] + curve[column] @ step) / curve[column, column]
            step[column] = max(free, least[column])
        if np.abs(step - before).max() < 1e-11:
            break
    return step
