"""What is predicted of answers, against what came: `--only mastery --answers FILE --out FILE`, or made-up answers.

The file has a header with the columns user, item, skill and correct (0 or 1), and its rows in the order in which they
were answered; it may be compressed (.gz). Each answer is predicted before it, or a row of the same answer, is learned
from.
"""

import csv
import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bench.figures import Table
from bench.made_answers import made
from bench.scores import PLACES, Scores
from services.quizzes.predicting import Predictor

COLUMNS = 'user', 'item', 'skill', 'correct'
WRITTEN = 'row', 'user', 'item', 'skill', 'p', 'y'
"""`row` counts from 1, so that predictions and answers can be joined"""
_RESULTS = {'0': 0, '1': 1, '0.0': 0, '1.0': 1}


class Unreadable(Exception):
    """The file of answers is not as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the command line says."""

    answers: Path | None = None
    out: Path | None = None
    generate: Path | None = None


def mastery_round(table: Table, files: Files) -> None:
    """Judge a file of answers, or one that is made up, of which the best possible AUC is known."""
    if files.answers:
        scores, seconds = judged(files.answers, files.out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = files.generate or Path(folder) / 'answers.csv'
            best = generate(path)
            scores, seconds = judged(path, files.out)
        print(f'made-up answers: the best possible AUC is {best.auc:.4f}, ours is {scores.auc:.4f}')
        table.ours('mastery near', 100 * (scores.auc - 0.5) / (best.auc - 0.5))
    print(scores)
    table.ours('mastery auc', scores.auc)
    table.ours('mastery brier', scores.brier)
    table.ours('mastery log loss', scores.log_loss)
    table.ours('mastery ece', scores.ece)
    table.ours('mastery rate', scores.count / seconds)


def judged(answers: Path, out: Path | None = None) -> tuple[Scores, float]:
    """Predict every answer of a file; returns how good that was and how many seconds of CPU it took."""
    predictor, scores = Predictor(), Scores()
    began = time.process_time()
    with ExitStack() as files:
        source = files.enter_context(_opened(answers, 'rt'))
        writer = csv.writer(files.enter_context(_opened(out, 'wt')), lineterminator='\n') if out else None
        if writer:
            writer.writerow(WRITTEN)
        for number, (user, item, skill, correct) in enumerate(rows(source), start=1):
            predicted = round(predictor.take(user, item, skill, correct), PLACES)
            scores.take(predicted, correct)
            if writer:
                writer.writerow((number, user, item, skill, predicted, correct))
    if not scores.count:
        raise Unreadable(f'{answers} has no answers.')
    return scores, time.process_time() - began


def rows(source: TextIO) -> Iterator[tuple[str, str, str, int]]:
    """Yield what a file of answers says, row by row."""
    reader = csv.reader(source)
    header = [name.strip().lower() for name in next(reader, [])]
    if missing := [name for name in COLUMNS if name not in header]:
        raise Unreadable(f'These columns are missing: {", ".join(missing)}. The first line must name them.')
    places = [header.index(name) for name in COLUMNS]
    user, item, skill, correct = places
    width = max(places)
    for row in reader:
        if not row:
            continue
        if len(row) <= width or (result := _RESULTS.get(row[correct].strip())) is None:
            raise Unreadable(f'Line {reader.line_num}: “correct” must be 0 or 1.')
        yield row[user], row[item], row[skill], result


def generate(path: Path) -> Scores:
    """Write a file of made-up answers; returns how good the best possible predictions are."""
    best = Scores()
    with _opened(path, 'wt') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(COLUMNS)
        for each in made():
            best.take(round(each.chance, PLACES), each.correct)
            writer.writerow((each.learner, each.question, each.skill, each.correct))
    return best


def run(table: Table, files: Files) -> None:
    """Judge, or say what is wrong with the file and end with status 2."""
    try:
        mastery_round(table, files)
    except (Unreadable, OSError, UnicodeDecodeError, csv.Error) as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)


def _opened(path: Path, mode: str) -> TextIO:
    if path.suffix == '.gz':
        return gzip.open(path, mode, encoding='utf-8-sig' if mode == 'rt' else 'utf-8', newline='')  # type: ignore[return-value]
    return path.open(mode, encoding='utf-8-sig' if mode == 'rt' else 'utf-8', newline='')  # type: ignore[return-value]
