"""Figures of questions, equal to those of a system that schools know."""

import csv
import io

import pytest

from services.quizzes import item_analysis
from tests.support.shared_files import shared

pytestmark = pytest.mark.req('Q6', 'N6')

SEVEN = 7


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shared(f'samples/item-analysis/{name}').decode(), newline='')))


def test_the_figures_are_those_of_the_oracle() -> None:
    results = rows('results00.csv')
    marks = [[float(row[f'slots.{place}.mark']) for place in range(1, SEVEN + 1)] for row in results]
    expected = [row for row in rows('qstats00.csv') if not row['subqname'] and not row['variant']]

    items = item_analysis.items(marks, [1.0] * SEVEN)

    assert len(items) == len(expected) == SEVEN
    for item, row in zip(items, expected, strict=True):
        assert item.attempts == int(row['s'])
        assert item.facility == pytest.approx(float(row['facility']), abs=1e-9)
        assert item.deviation == pytest.approx(float(row['sd']), abs=1e-9)
        assert item.effective_weight == pytest.approx(float(row['effectiveweight']), abs=1e-9)
        assert item.discrimination == pytest.approx(float(row['discriminationindex']), abs=1e-9)
        assert item.efficiency == pytest.approx(float(row['discriminativeefficiency']), abs=1e-9)
        assert item.intended_weight == pytest.approx(100 / SEVEN)


def test_what_everybody_has_right_has_no_discrimination() -> None:
    (same, other) = item_analysis.items([[1, 0], [1, 1], [1, 1]], [1, 1])
    assert (same.discrimination, same.efficiency, same.facility) == (None, None, 1)
    assert other.discrimination is None


def test_a_quiz_as_a_whole() -> None:
    whole = item_analysis.whole([[1, 1], [0, 0], [1, 0], [1, 1]])
    assert (whole.mean, whole.median, whole.attempts) == (1.25, 1.5, 4)
    assert whole.alpha == pytest.approx(200 * (1 - (0.25 + 1 / 3) / (11 / 12)))
    assert whole.standard_error == pytest.approx(whole.deviation * (1 - whole.alpha / 100) ** 0.5)


def test_words_come_before_numbers_and_nothing_is_said_of_few() -> None:
    few = item_analysis.items([[1, 0], [0, 1], [1, 1]], [1, 1])[0]
    assert 'Too few attempts' in str(item_analysis.words(few, favourite_wrong='B')[0])
    weak_do_better = item_analysis.items([[n % 2, 1 - n % 2] for n in range(12)], [1, 1])[0]
    said = ' '.join(map(str, item_analysis.words(weak_do_better, favourite_wrong='B')))
    assert 'Most strong learners chose “B”' in said
    assert 'weak otherwise do better' in said


def test_something_is_said_from_ten_attempts_on() -> None:
    for there, is_said in ((9, False), (10, True)):
        item = item_analysis.items([[n % 2, n % 2] for n in range(there)], [1, 1])[0]
        said = str(item_analysis.words(item, favourite_wrong='B')[0])
        assert ('check the key' in said) is is_said
        assert (f'{there} of 10' in said) is not is_said
