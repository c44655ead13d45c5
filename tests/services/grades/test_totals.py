"""The total of a learner: an exact sum that its explanation adds up to."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import Invalid
from services.courses.grade_rules import Category, check_categories
from services.grades.explaining import shown, why
from services.grades.totals import Explanation, Part, explain, letter_of

pytestmark = pytest.mark.req('C7')

QUIZZES = Category(category_id=1, name='Quizzes', weight=40, drop_lowest=1)
ESSAYS = Category(category_id=2, name='Essays', weight=60)
LETTERS = ((90, 'A'), (75, 'B'), (0, 'C'))
SCORES = st.one_of(st.none(), st.integers(min_value=0, max_value=150))


def parts(*sizes: tuple[Category, int]) -> list[Part]:
    found, place = [], 0
    for category, size in sizes:
        found.append(Part(category=category, places=tuple(range(place, place + size))))
        place += size
    return found


def lines(explanation: Explanation) -> list[str]:
    return [str(line) for line in why(explanation)]


def test_the_lowest_is_dropped_and_weights_are_shares_of_what_there_is() -> None:
    told = explain(parts((QUIZZES, 3), (ESSAYS, 1)), [80, 90, 60, 71], LETTERS)
    assert told.total == Fraction(40 * 85 + 60 * 71, 100)
    assert lines(told) == [
        'Quizzes, weight 40: (80 + 90) ÷ 2 = 85 (dropped: 60)',
        'Essays, weight 60: 71 = 71',
        'Total: (40 × 85 + 60 × 71) ÷ 100 = 76.6',
        '76.6 is B.',
    ]
    only_quizzes = explain(parts((QUIZZES, 3), (ESSAYS, 1)), [80, None, 60, None])
    assert only_quizzes.total == 80


def test_extra_credit_lifts_a_total_above_100_and_is_dropped_last() -> None:
    told = explain(parts((QUIZZES, 3), (ESSAYS, 1)), [120, 100, 110, 95], LETTERS)
    assert told.total == Fraction(40 * 115 + 60 * 95, 100)
    assert lines(told) == [
        'Quizzes, weight 40: (120 + 110) ÷ 2 = 115 (dropped: 100)',
        'Essays, weight 60: 95 = 95',
        'Total: (40 × 115 + 60 × 95) ÷ 100 = 103',
        '103 is A.',
    ]


def test_the_last_score_is_never_dropped() -> None:
    all_dropped = Category(category_id=1, name='Quizzes', weight=40, drop_lowest=5)
    assert explain(parts((all_dropped, 3)), [10, 30, 20]).total == 30


def test_where_nothing_counts_there_is_no_total() -> None:
    nothing = explain(parts((QUIZZES, 2)), [None, None], LETTERS)
    assert (nothing.total, nothing.letter, lines(nothing)) == (None, '', ['Nothing counts yet.'])


def test_weights_that_are_nothing_are_a_sentence() -> None:
    free = Category(category_id=3, name='Extra', weight=0)
    told = explain(parts((QUIZZES, 1), (free, 1)), [None, 80])
    assert told.total is None
    assert lines(told)[-1].startswith('The categories that have grades have no weight')
    with pytest.raises(Invalid, match='All weights together are 0'):
        check_categories([free])
    check_categories([free, QUIZZES])


def test_a_total_is_rounded_down_where_it_is_shown_and_nowhere_else() -> None:
    third = explain(parts((ESSAYS, 3)), [100, 100, 99], LETTERS)
    assert shown(third.total) == '99.6'
    assert lines(third)[0].endswith('= 99.6…')
    just_below = Fraction(90) - Fraction(1, 10**6)
    assert (shown(just_below), letter_of(just_below, LETTERS)) == ('89.9', 'B')


@given(
    weights=st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=5),
    data=st.data(),
)
def test_a_total_is_what_its_explanation_adds_up_to(weights: list[tuple[int, int, int]], data: st.DataObject) -> None:
    sizes = [
        (Category(category_id=number, name=f'Part {number}', weight=weight, drop_lowest=drop), size)
        for number, (weight, drop, size) in enumerate(weights, start=1)
    ]
    scores = [data.draw(SCORES) for _, size in sizes for _ in range(size)]
    told = explain(parts(*sizes), scores)
    added = added_up(lines(told))
    assert told.total == added
    if added is not None:
        assert 0 <= added <= 150
    dropped = [score for step in told.steps for score in step.dropped]
    kept = [score for step in told.steps for score in step.kept]
    assert sorted(dropped + kept) == sorted(score for score in scores if score is not None)
    assert all(not step.dropped or max(step.dropped) <= min(step.kept) for step in told.steps)


def added_up(told: list[str]) -> Fraction | None:
    """Add up the lines as a person with a pencil would: from the scores and weights that they name."""
    above, below = Fraction(0), 0
    for line in told:
        if found := re.match(r'Part \d+, weight (\d+): \(?([\d +]+)\)?', line):
            scores = [int(score) for score in found[2].split(' + ')]
            above += int(found[1]) * Fraction(sum(scores), len(scores))
            below += int(found[1])
    return above / below if below else None
