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
from services.analytics.prediction import facts, model, shipped
from services.analytics.prediction.facts import NAMES, Work
from services.analytics.prediction.model import FREE, Examples
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
    assert best == pytest.approx(-10 / np.sqrt(50))
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
