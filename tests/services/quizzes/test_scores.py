"""A score is what the answers are worth, and not a hair less because a third is no whole number of ten-thousandths."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quizzes.question import WHOLE
from services.quizzes.scores import add_up

pytestmark = pytest.mark.req('Q3')

Worth = list[tuple[int, Fraction]]
shares = st.integers(1, 30).flatmap(lambda whole: st.integers(0, whole).map(lambda part: Fraction(part, whole)))
answers = st.lists(st.tuples(st.integers(1, 1_000), shares), min_size=1, max_size=40)


@pytest.mark.parametrize('parts', [2, 3, 6, 7])
def test_parts_that_make_half_of_all_points_make_50_percent(parts: int) -> None:
    pieces = [(100, round(Fraction(1, parts) * WHOLE))] * parts
    rest = [(100, WHOLE)] * 5 + [(100, 0)] * (7 - parts)
    total = add_up(pieces + rest)
    assert (total.possible, total.score, total.passes(50), total.passes(51)) == (1200, 50, True, False)


@given(answers)
def test_a_score_is_never_below_what_was_earned_and_hardly_above(given_: Worth) -> None:
    total = add_up([(points, round(share * WHOLE)) for points, share in given_])
    exact = 100 * sum(points * share for points, share in given_) / sum(points for points, _ in given_)
    assert exact // 1 <= total.score <= (exact + Fraction(1, 100)) // 1
    assert all(total.passes(percent) for percent in range(int(exact // 1) + 1))
    assert not total.passes(int(exact + Fraction(1, 100)) + 1)


@given(answers)
def test_100_means_all(given_: Worth) -> None:
    credits = [(points, min(round(share * WHOLE), WHOLE - 1 if share < 1 else WHOLE)) for points, share in given_]
    assert (add_up(credits).score == 100) is all(share == 1 for _, share in given_)


def test_without_a_point_there_is_no_score() -> None:
    assert add_up([]).score == 0
