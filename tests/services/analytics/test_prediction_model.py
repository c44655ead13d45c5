"""The model of predictions: its signs cannot flip, its file is what the data give, and the judge agrees with it."""

import csv
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import oulad, prediction
from services.analytics.prediction import calibration, completion, facts, model, shipped
from services.analytics.prediction.calibration import Finished
from services.analytics.prediction.facts import NAMES, Work
from services.analytics.prediction.model import FREE, Examples
from services.analytics.prediction.record import Record, RecordedCheckpoint
from tests.support.servers import skip_or_insist

pytestmark = pytest.mark.req('N4')

NAN = float('nan')


def a_class(**columns: list[float]) -> Work:
    """Five learners who have handed in all three things that were due, but for what is said."""
    usual = {
        'due': 3.0,
        'missed': 0.0,
        'last_missed': 0.0,
        'handed': 3.0,
        'late': 0.0,
        'early': 2.0,
        'score': 70.0,
        'last_score': 70.0,
        'earlier_runs': 0.0,
    }
    return Work(**{name: np.array(columns.get(name, [value] * 5)) for name, value in usual.items()})


def test_facts_are_those_of_the_class_worked_out_by_hand() -> None:
    work = a_class(
        missed=[0, 0, 0, 0, 3], handed=[3, 3, 3, 3, 0], last_missed=[0, 0, 0, 0, 1], score=[80, 60, 70, 70, NAN]
    )
    found = dict(zip(NAMES, facts.of_class(work).values[4], strict=True))
    assert found['missed'] == pytest.approx(1 - 0.2)
    assert found['nothing'] == pytest.approx(1 - 0.2)
    assert found['last_missed'] == pytest.approx(1 - 0.2)
    assert found['few'] == pytest.approx(12 / 5)
    assert found['low_score'] == 0, 'no score is no bad score'
    best, worst = facts.of_class(work).values[:2, NAMES.index('low_score')]
    assert best == pytest.approx(-1), 'ten points, in a class whose scores differ by less'
    assert worst == -best


def test_no_fact_says_who_somebody_is() -> None:
    """What goes in is counts of work, dates and scores; a column of anything else would have to be added here."""
    assert {each.name for each in fields(Work)} == {
        'due',
        'missed',
        'last_missed',
        'handed',
        'late',
        'early',
        'score',
        'last_score',
        'earlier_runs',
        'usual',
    }


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_coefficient_changes_its_sign_whatever_the_data_say(seed: int) -> None:
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(80, len(NAMES)))
    values[:, 3] = values[:, 2] + 0.05 * chance.normal(size=80)  # two facts that say nearly the same
    against = model.probability(values @ chance.normal(size=len(NAMES)))
    examples = Examples.of(values, chance.uniform(size=80), 1.0 * (chance.uniform(size=80) < against))
    learned = model.learn(examples)
    assert (learned.coefficients[FREE:] >= 0).all()
    worse = learned.risks(values + 1, 0.5) - learned.risks(values, 0.5)
    assert (worse >= 0).all(), 'more of a fact never lowers the risk'


def test_learning_finds_what_the_data_were_made_with() -> None:
    chance = np.random.default_rng(7)
    truth = np.array([-0.5, -1.0, *np.tile([0.8, 1.2], len(NAMES))])
    values, elapsed = chance.normal(size=(20_000, len(NAMES))), chance.uniform(size=20_000)
    made = Examples.of(values, elapsed, np.zeros(20_000))
    odds = model._columns(made) @ truth
    examples = Examples.of(values, elapsed, 1.0 * (chance.uniform(size=20_000) < model.probability(odds)))
    assert model.learn(examples).coefficients == pytest.approx(truth, abs=0.15)


def test_with_little_data_a_model_stays_where_it_began() -> None:
    chance = np.random.default_rng(1)
    few = Examples.of(chance.normal(size=(20, len(NAMES))), np.full(20, 0.5), 1.0 * (chance.uniform(size=20) < 0.5))
    held = model.learn(few, start=shipped.model(), pull=100.0)
    assert held.coefficients == pytest.approx(shipped.model().coefficients, abs=0.01)


def test_a_level_brings_the_mean_to_the_rate() -> None:
    risks = np.array([0.1, 0.4, 0.8])
    moved = model.probability(model.logit(risks) + model.shift_to(risks, 0.25))
    assert moved.mean() == pytest.approx(0.25)
    assert list(moved) == sorted(moved)


def test_the_shipped_file_is_what_the_data_give_and_the_judge_takes_its_predictions(tmp_path: Path) -> None:
    root = oulad.folder()
    if root is None:
        skip_or_insist('There is no OULAD beside the project.')
    data = oulad.load(root)
    written = shipped.written(prediction.learn(data), examples=int(data.trained.sum()))
    assert written == shipped.FILE.read_text(encoding='utf-8')

    risks, file = prediction.predict(data, shipped.model()), tmp_path / 'predictions.csv'
    prediction.write_for_judge(data, risks, file)
    command = [sys.executable, root / 'judge.py', file, '--by', 'week']
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    verdicts = {row['group']: row for row in csv.DictReader(lines, delimiter='\t')}
    for week in oulad.WEEKS:
        judged, rows = verdicts[f'week={week}'], data.tested & (data.week == week)
        assert float(judged['auc']) >= prediction.AUC[week]
        assert float(judged['brier']) <= prediction.BRIER[week]
        assert float(judged['auc']) == pytest.approx(prediction.auc(data.unfinished[rows], risks[rows]), abs=1e-4)
        assert float(judged['ece']) == pytest.approx(prediction.ece(data.unfinished[rows], risks[rows]), abs=1e-4)


def a_record(done: list[list[float]], *, every: float = 7.0, **others: object) -> Record:
    """A course of twelve weeks with a checkpoint due each week; `done` has for each learner when they did the first
    steps.
    """
    checkpoints, learners = 12, len(done)
    moments = np.full((learners, checkpoints), np.inf)
    for row, days in enumerate(done):
        moments[row, : len(days)] = days
    due = every * np.arange(1, checkpoints + 1)
    usual: dict[str, object] = {
        'course_id': 1,
        'checkpoints': tuple(
            RecordedCheckpoint(checkpoint_id=n + 1, due=float(due[n]), minutes=15) for n in range(checkpoints)
        ),
        'is_archived': False,
        'people': np.arange(1, learners + 1),
        'enrolled': np.zeros(learners),
        'completed': np.full(learners, np.inf),
        'is_paused': np.zeros(learners, dtype=bool),
        'due': np.tile(due, (learners, 1)),
        'done': moments,
        'score': np.full((learners, checkpoints), np.nan),
        'scored': np.full((learners, checkpoints), np.inf),
        'earlier_runs': np.zeros(learners),
    }
    return Record(**{**usual, **others})  # type: ignore[arg-type]


EVEN = [7.0 * week + 5 for week in range(8)]
"""a checkpoint each week, for eight weeks"""


def test_an_even_pace_says_about_when_the_course_is_completed() -> None:
    record = a_record([EVEN] * 5 + [EVEN[:2]])
    found = completion.of_course(record, 56.0)
    # four checkpoints remain at about one a week: week 12 is day 84
    assert 63 < found.earliest[0] < 84 < found.latest[0] < 112
    assert found.next_column[0] == 8
    assert found.next_at[0] == pytest.approx(56 + 7, abs=1)
    assert np.isnan(found.latest[5]), 'ten steps at a quarter of the pace: longer than the time left'


@pytest.mark.parametrize(('left', 'shape'), [(5.0, 5.0), (10.0, 3.0), (2.0, 12.0)])
def test_eight_of_ten_completions_are_in_the_span(left: float, shape: float) -> None:
    chance = np.random.default_rng(3)
    ratio = (chance.gamma(left, size=40_000) / left) / (chance.gamma(shape, size=40_000) / shape)
    low, high = (completion._quantile(np.array([left]), np.array([shape]), z)[0] for z in (-1.2816, 1.2816))
    assert ((low < ratio) & (ratio < high)).mean() == pytest.approx(0.8, abs=0.02)


def test_facts_of_a_moment_know_nothing_of_what_came_later() -> None:
    """The model is learned from what was known in the middle of courses that are over."""
    record = a_record([EVEN] * 5, score=np.full((5, 12), 80.0), scored=np.tile(np.arange(12) * 7.0 + 6, (5, 1)))
    cut = a_record([EVEN[:3]] * 5, score=np.full((5, 12), 80.0), scored=np.tile(np.arange(12) * 7.0 + 6, (5, 1)))
    at = 22.0
    for each in fields(Work):
        assert np.array_equal(getattr(record.work(at), each.name), getattr(cut.work(at), each.name), equal_nan=True)
    work = record.work(at)
    assert (work.due[0], work.missed[0], work.handed[0], work.early[0]) == (3, 0, 3, 2)


@pytest.mark.req('V5')
def test_a_school_learns_how_hard_its_courses_are_and_shrinks_towards_what_it_has() -> None:
    def a_run(course_id: int, *, learners: int, unfinished: int) -> Finished:
        completed = np.where(np.arange(learners) < unfinished, np.inf, 83.0)
        record = a_record([EVEN] * learners, course_id=course_id, completed=completed)
        found = calibration.finished(record, 1)
        assert found is not None
        return found

    assert calibration.own([a_run(1, learners=20, unfinished=10)]).levels == {}, 'twenty learners are too few'
    easy = calibration.own([a_run(1, learners=40, unfinished=2)])
    hard = calibration.own([a_run(1, learners=40, unfinished=30)])
    assert easy.shift(1) < hard.shift(1)
    assert easy.knows(1)
    assert not easy.knows(2), 'another course has the level of the school, and no percentage'
    assert easy.shift(2) == easy.levels['school']
    assert easy.model is shipped.model(), 'forty learners do not move what weighs how much'
    turned = calibration.own([a_run(1, learners=40, unfinished=30), a_run(2, learners=40, unfinished=2)])
    assert turned.shift(1) < hard.shift(1), 'the last run counts'
    many = calibration.own([a_run(1, learners=250, unfinished=50)])
    assert many.model is not shipped.model()
    assert (many.model.coefficients[FREE:] >= 0).all()
