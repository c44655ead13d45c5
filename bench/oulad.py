"""The public data that predictions are learned and judged with: OULAD, in compact files outside of the project.

Kuzilek, Hlosta, Zdrahal, Scientific Data 4:170171 (2017), CC BY 4.0, changed. The folder is that of
`WAYMARK_JUDGES`, or `../shared/judges` beside the project.
"""

import csv
import gzip
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.analytics.prediction import facts
from services.analytics.prediction.facts import Floats, Work
from services.analytics.prediction.model import Examples

WEEKS = (4, 8, 12, 16, 20)
TRAINED = ('2013B', '2013J', '2014B')
TESTED = '2014J'
NOT_KNOWN = 'nan'


def folder() -> Path | None:
    """Return where the data lies; None if it is not here."""
    roots = [Path(each) for each in [os.environ.get('WAYMARK_JUDGES', '')] if each]
    roots += [above / 'shared' / 'judges' for above in Path(__file__).resolve().parents]
    return next((root for root in roots if (root / 'oulad_weeks.csv.gz').is_file()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oulad:
    """All learners who were still in their course at the end of a week, one row for each such week."""

    learner: NDArray[np.int64]
    module: NDArray[np.str_]
    run: NDArray[np.str_]
    week: NDArray[np.int64]
    elapsed: Floats
    unfinished: Floats
    values: Floats
    """the facts"""

    @property
    def trained(self) -> NDArray[np.bool_]:
        """Which rows are learned from."""
        return np.isin(self.run, TRAINED)

    @property
    def tested(self) -> NDArray[np.bool_]:
        """Which rows are judged."""
        return np.equal(self.run, TESTED)

    def examples(self, rows: NDArray[np.bool_]) -> Examples:
        """Return some rows as examples."""
        return Examples.of(self.values[rows], self.elapsed[rows], self.unfinished[rows])

    def groups(self, rows: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
        """Yield the rows of each course and week."""
        for module in np.unique(self.module[rows]):
            for week in WEEKS:
                chosen = rows & (self.module == module) & (self.week == week)
                for run in np.unique(self.run[chosen]):
                    yield np.flatnonzero(chosen & (self.run == run))


def load(root: Path) -> Oulad:
    """Read the data; demographics are in a file of their own, which is not opened here."""
    enrolled = {row['eid']: row for row in rows_of(root / 'oulad_enrolments.csv.gz')}
    weeks = [row for row in rows_of(root / 'oulad_weeks.csv.gz') if row['registered'] == '1' != row['unregistered']]
    places = [enrolled[row['eid']] for row in weeks]

    def number(name: str) -> Floats:
        return np.array([float(row[name] or NOT_KNOWN) for row in weeks])

    elapsed = 7 * number('week') / np.array([float(place['course_days']) for place in places])
    work = Work(
        due=number('n_due'),
        missed=number('n_missed'),
        last_missed=np.nan_to_num(number('last_missed')),
        handed=number('n_sub'),
        late=number('n_late'),
        early=number('mean_early'),
        score=number('mean_score'),
        last_score=number('last_score'),
        earlier_runs=np.array([float(place['prev_attempts']) for place in places]),
    )
    data = Oulad(
        learner=number('eid').astype(np.int64),
        module=np.array([place['code_module'] for place in places]),
        run=np.array([place['code_presentation'] for place in places]),
        week=number('week').astype(np.int64),
        elapsed=elapsed,
        unfinished=np.array([float(place['at_risk']) for place in places]),
        values=np.zeros((len(weeks), len(facts.NAMES))),
    )
    for chosen in data.groups(np.ones(len(weeks), dtype=bool)):
        data.values[chosen] = facts.of_class(work.of(chosen)).values
    return data


def demographics(root: Path) -> Callable[[str], dict[int, str]]:
    """Return what reads one column of who the learners are, by learner: for the audit of a finished model alone."""
    rows = list(rows_of(root / 'oulad_demographics.csv.gz'))
    return lambda column: {int(row['eid']): row[column] or 'unknown' for row in rows}


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a file."""
    with gzip.open(path, 'rt', newline='', encoding='utf-8') as lines:
        yield from csv.DictReader(lines)
