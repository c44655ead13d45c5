"""Judges the shipped model on public data, and times a night: `python -m bench --only prediction`.

`python -m bench.prediction --write` makes `services/analytics/prediction/shipped.json`, and
`python -m bench.prediction --judge FILE` writes the predictions of the test with what became of them, for the judge
beside the data (`judge.py FILE --by week`).
"""

import argparse
import asyncio
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from bench import oulad
from bench.figures import Table
from bench.oulad import TESTED, WEEKS, Oulad
from bench.server import ROOT, Home
from services.analytics.prediction import model, shipped
from services.analytics.prediction.facts import Floats
from services.analytics.prediction.model import Model

AUC = dict(zip(WEEKS, (0.695, 0.765, 0.80, 0.83, 0.85), strict=True))
BRIER = dict(zip(WEEKS, (0.215, 0.186, 0.170, 0.154, 0.144), strict=True))
UNSEEN = dict(zip(WEEKS, (0.68, 0.75, 0.79, 0.83, 0.845), strict=True))
"""what these have to be at the end of a week: the Brier score at most, the others at least"""
KNOWN_ECE = 0.04
LEARNERS, COURSES = 2_000, 40
"""of the school whose night is timed; everybody takes every course"""
PATIENCE = 300.0  # seconds, most of them to build the school
FLAGGED = 0.2
"""the share of a class with the highest risk, whose recall by group is printed"""
AUDITED = ('gender', 'disability', 'age_band', 'imd_band')


def learn(data: Oulad) -> Model:
    """Return the model that is shipped."""
    return model.learn(data.examples(data.trained))


def predict(data: Oulad, learned: Model) -> Floats:
    """Return the risk of every row."""
    risks = np.zeros(len(data.week))
    for chosen in data.groups(np.ones(len(risks), dtype=bool)):
        risks[chosen] = learned.risks(data.values[chosen], float(data.elapsed[chosen[0]]))
    return risks


def unseen(data: Oulad) -> Floats:
    """Return the risk of every row by a model that has not seen its course."""
    risks = np.zeros(len(data.week))
    for module in np.unique(data.module):
        ours = data.module == module
        risks[ours] = predict(data, model.learn(data.examples(data.trained & ~ours)))[ours]
    return risks


def calibrated(data: Oulad, risks: Floats) -> Floats:
    """Return risks where each course knows how many do not finish it."""
    levelled = risks.copy()
    for chosen in data.groups(data.tested):
        shift = model.shift_to(risks[chosen], float(data.unfinished[chosen].mean()))
        levelled[chosen] = model.probability(model.logit(risks[chosen]) + shift)
    return levelled


def auc(outcomes: Floats, risks: Floats) -> float:
    """Return how often a learner who did not finish has the higher risk of two."""
    _, place, count = np.unique(risks, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    bad = outcomes.sum()
    return float((ranks[outcomes == 1].sum() - bad * (bad + 1) / 2) / (bad * (len(outcomes) - bad)))


def brier(outcomes: Floats, risks: Floats) -> float:
    """Return the mean squared error."""
    return float(((risks - outcomes) ** 2).mean())


def ece(outcomes: Floats, risks: Floats) -> float:
    """Return by how much risks miss the truth on average, in ten bins."""
    bins = np.minimum((risks * 10).astype(int), 9)
    missed = np.bincount(bins, risks - outcomes, 10)
    return float(np.abs(missed).sum() / len(outcomes))


async def prediction_round(table: Table) -> None:
    """Judge the shipped model, if the data is here, and measure a night of predictions."""
    judge(table)
    with Home() as home, home.log.open('wb') as log:
        child = (sys.executable, '-m', 'bench.night_child', str(LEARNERS), str(COURSES))
        process = await asyncio.create_subprocess_exec(*child, cwd=ROOT, env=home.environment, stdout=log)
        try:
            await asyncio.wait_for(process.wait(), timeout=PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RuntimeError('a night could not be measured; what was said is above')
        for name, value in orjson.loads(home.log.read_bytes().splitlines()[-1]).items():
            table.ours(f'night {name}', value)


def judge(table: Table) -> None:
    """Judge the shipped model, if the data is here."""
    root = oulad.folder()
    if root is None:
        print('no data to judge predictions with: set WAYMARK_JUDGES to its folder')
        return
    data = oulad.load(root)
    risks = predict(data, shipped.model())
    elsewhere, levelled = unseen(data), calibrated(data, risks)
    for week in WEEKS:
        chosen = data.tested & (data.week == week)
        outcomes = data.unfinished[chosen]
        table.ours(f'predict auc {week}', auc(outcomes, risks[chosen]))
        table.ours(f'predict brier {week}', brier(outcomes, risks[chosen]))
        table.ours(f'predict unseen {week}', auc(outcomes, elsewhere[chosen]))
        table.ours(f'predict ece {week}', ece(outcomes, risks[chosen]))
        table.ours(f'predict known ece {week}', ece(outcomes, levelled[chosen]))
    print_unseen(data, elsewhere)
    print_audit(data, risks, root)


def print_unseen(data: Oulad, risks: Floats) -> None:
    """Print the AUC of each course by a model that has not seen it."""
    print('AUC of courses that were left out of the learning, by week\n' + _cells('course', WEEKS))
    for module in np.unique(data.module[data.tested]):
        rows = [data.tested & (data.module == module) & (data.week == week) for week in WEEKS]
        print(_cells(str(module), [f'{auc(data.unfinished[row], risks[row]):.3f}' for row in rows]))


def print_audit(data: Oulad, risks: Floats, root: Path) -> None:
    """Print, by group of people, how many of those who did not finish were among the fifth with the highest risk.

    Who somebody is was never an input; this is the only place that reads it.
    """
    read = oulad.demographics(root)
    print(f'Recall in the {FLAGGED:.0%} with the highest risk, by group and week (for the audit alone)')
    for column in AUDITED:
        group_of = read(column)
        groups = np.array([group_of[int(learner)] for learner in data.learner])
        print(_cells(column, WEEKS))
        for group in np.unique(groups):
            print(_cells(f'  {group}', [_recall(data, risks, week, groups == group) for week in WEEKS]))


def write_for_judge(data: Oulad, risks: Floats, path: Path) -> None:
    """Write the predictions of the test with what became of them."""
    with path.open('w', newline='', encoding='utf-8') as file:
        lines = csv.writer(file)
        lines.writerow(['eid', 'week', 'p', 'y'])
        lines.writerows(
            [data.learner[row], data.week[row], f'{risks[row]:.6f}', int(data.unfinished[row])]
            for row in np.flatnonzero(data.tested)
        )


def main() -> None:
    """Make the shipped model anew, or write predictions for the judge."""
    parser = argparse.ArgumentParser(prog='python -m bench.prediction', description=__doc__)
    parser.add_argument('--write', action='store_true', help='make the shipped model anew')
    parser.add_argument('--judge', type=Path, metavar='FILE', help='write predictions there')
    parser.add_argument('--data', type=Path, metavar='FOLDER', help='where the data lies')
    arguments = parser.parse_args()
    root = arguments.data or oulad.folder()
    if root is None:
        sys.exit('There is no data: give its folder with --data or WAYMARK_JUDGES.')
    data = oulad.load(root)
    if arguments.write:
        shipped.FILE.write_text(shipped.written(learn(data), examples=int(data.trained.sum())), encoding='utf-8')
        print(f'written to {shipped.FILE.name}')
    if arguments.judge:
        write_for_judge(data, predict(data, shipped.model()), arguments.judge)
        print(f'{TESTED} written to {arguments.judge}')


def _recall(data: Oulad, risks: Floats, week: int, group: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(data.tested & (data.week == week))
    flagged = rows[np.argsort(-risks[rows], kind='stable')[: round(FLAGGED * len(rows))]]
    lost = rows[(data.unfinished[rows] == 1) & group[rows]]
    return f'{np.isin(lost, flagged).mean():.2f}' if len(lost) else '–'


def _cells(first: str, others: Sequence[object]) -> str:
    return f'{first:<14}' + ''.join(f'{other!s:>8}' for other in others)


if __name__ == '__main__':
    main()
