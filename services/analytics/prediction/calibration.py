"""Learning from the school's own courses: how hard each is, and, with many learners, what weighs how much.

The shipped coefficients are where it begins. From 30 learners of courses that are over, the level is the school's own;
from 200 the coefficients move too, as far as the data carry them. A course has a level of its own, and with it a
percentage, once 30 learners have been through earlier runs of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.analytics.prediction import forecast, shipped
from services.analytics.prediction.facts import Floats
from services.analytics.prediction.model import Examples, Model, learn, probability, shift_to
from services.analytics.prediction.record import Record

FOR_LEVEL, FOR_COEFFICIENTS = 30, 200
"""how many learners of courses that are over are needed"""
MOMENTS = (0.2, 0.35, 0.5, 0.65, 0.8)
"""shares of the time of a course at which its learners are examples"""
HELD = 100.0
"""as many learners' worth holds coefficients where they came from"""
SCHOOL = 'school'
"""the key of the level that holds for courses without one of their own"""
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The examples of one course that is over; `first_id` is the first of its runs."""

    course_id: int
    first_id: int
    examples: Examples
    learners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The model of a school, and what is added for its courses."""

    model: Model
    levels: Mapping[str, float]
    learners: int

    def shift(self, first_id: int) -> float:
        """Return what is added for a course, by the first of its runs."""
        return self.levels.get(str(first_id), self.levels.get(SCHOOL, 0.0))

    def knows(self, first_id: int) -> bool:
        """Tell whether it is known how hard a course is to complete."""
        return str(first_id) in self.levels


def as_shipped() -> Own:
    """Return the model of a school that has no courses that are over."""
    return Own(model=shipped.model(), levels={}, learners=0)


def finished(record: Record, first_id: int) -> Finished | None:
    """Return the examples of a course that is over; None where it has nothing to learn from."""
    if len(record.people) < forecast.FEWEST_LEARNERS or record.dated < forecast.FEWEST_DATED:
        return None
    unfinished = 1.0 * (record.completed > record.judged)
    values, elapsed, outcomes, who = [], [], [], []
    for share in MOMENTS:
        at = record.begins + share * (record.ends - record.begins)
        there = np.flatnonzero((record.enrolled <= at) & (record.completed > at))
        values.append(forecast.values_of(record, at).values[there])
        elapsed.append(np.full(len(there), share))
        outcomes.append(unfinished[there])
        who.append(there)
    weight = np.full(sum(map(len, who)), 1 / len(MOMENTS))
    examples = Examples.of(np.concatenate(values), np.concatenate(elapsed), np.concatenate(outcomes), weight)
    return Finished(
        course_id=record.course_id,
        first_id=first_id,
        examples=examples,
        learners=len(np.unique(np.concatenate(who))),
    )


def own(courses: Sequence[Finished]) -> Own:
    """Return what a school learns from its courses that are over."""
    learners = sum(course.learners for course in courses)
    if learners < FOR_LEVEL:
        return as_shipped()
    model = shipped.model()
    of_school = _level(model, courses)
    if learners >= FOR_COEFFICIENTS:
        together = _joined(courses)
        offset = np.full(len(together.elapsed), of_school)
        model = _rounded(learn(together, start=model, pull=HELD / learners, offset=offset))
        of_school = _level(model, courses)
    levels = {SCHOOL: round(of_school, DIGITS)}
    for first_id in sorted({course.first_id for course in courses}):
        runs = _latest_runs([course for course in courses if course.first_id == first_id])
        number = sum(run.learners for run in runs)
        if number >= FOR_LEVEL:
            share = number / (number + FOR_LEVEL)
            levels[str(first_id)] = round(of_school + share * (_level(model, runs) - of_school), DIGITS)
    return Own(model=model, levels=levels, learners=learners)


def _latest_runs(runs: Sequence[Finished]) -> Sequence[Finished]:
    """Return the last run of a course, with as many before it as are needed to know its level."""
    chosen: list[Finished] = []
    for run in sorted(runs, key=lambda each: -each.course_id):
        chosen.append(run)
        if sum(each.learners for each in chosen) >= FOR_LEVEL:
            break
    return chosen


def _level(model: Model, courses: Sequence[Finished]) -> float:
    """Return what is added so that as many are expected not to finish as did not."""
    examples = _joined(courses)
    odds = np.concatenate([np.zeros(0), *_odds(model, examples)])
    return shift_to(probability(odds), float(examples.unfinished.mean()))


def _odds(model: Model, examples: Examples) -> Iterable[Floats]:
    for share in MOMENTS:
        rows = examples.elapsed == share
        yield examples.values[rows] @ model.weights(share) + model.level(share)


def _joined(courses: Sequence[Finished]) -> Examples:
    parts = [course.examples for course in courses]
    return Examples(
        values=np.concatenate([each.values for each in parts]),
        elapsed=np.concatenate([each.elapsed for each in parts]),
        unfinished=np.concatenate([each.unfinished for each in parts]),
        weight=np.concatenate([each.weight for each in parts]),
    )


def _rounded(model: Model) -> Model:
    return Model(coefficients=np.round(model.coefficients, DIGITS))
