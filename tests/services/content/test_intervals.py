"""Intervals, tried with whatever a browser could send."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.content import intervals
from services.content.intervals import Seen

pytestmark = pytest.mark.req('S5')

LENGTH = 20
numbers = st.integers(-5, LENGTH + 5)
pieces = st.lists(st.tuples(numbers, numbers), max_size=12)
anything = st.floats(allow_nan=True, allow_infinity=True)


def seconds_in(parts: list[tuple[int, int]]) -> set[int]:
    """What the pieces cover, told by hand: each second that lies in one of them."""
    return {second for start, stop in parts for second in range(start, stop)}


def assert_in_order(seen: Seen) -> None:
    edges = [edge for interval in seen for edge in interval]
    assert edges == sorted(set(edges)), 'in order, apart from each other, none empty'


@given(pieces)
def test_pieces_together_cover_what_each_of_them_covers(parts: list[tuple[int, int]]) -> None:
    seen: Seen = ()
    for start, stop in parts:
        seen = intervals.add(seen, start, stop)

    assert_in_order(seen)
    assert seen == intervals.merge(parts) == intervals.merge(reversed(parts))
    assert intervals.total(seen) == len(seconds_in(parts))
    assert seconds_in([(int(start), int(stop)) for start, stop in seen]) == seconds_in(parts)


@given(pieces)
def test_nothing_lies_outside_and_what_is_missing_is_the_rest(parts: list[tuple[int, int]]) -> None:
    inside = intervals.clamp(parts, LENGTH)
    rest = intervals.missing(parts, LENGTH)

    assert_in_order(inside)
    assert_in_order(rest)
    assert seconds_in([(int(a), int(b)) for a, b in inside]) == seconds_in(parts) & set(range(LENGTH))
    assert intervals.total(inside) + intervals.total(rest) == LENGTH
    assert intervals.total(intervals.merge([*inside, *rest])) == LENGTH


@given(st.lists(st.tuples(anything, anything), max_size=8), st.floats(0, 1e6))
def test_whatever_is_told_never_more_than_everything_is_seen(parts: list[tuple[float, float]], end: float) -> None:
    seen = intervals.clamp(parts, end)

    assert_in_order(seen)
    assert 0 <= intervals.total(seen) <= end * (1 + 1e-9)
    assert all(math.isfinite(edge) for interval in seen for edge in interval)


@pytest.mark.parametrize('nonsense', [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_covers_nothing_when_it_is_cut_to_size_either(nonsense: float) -> None:
    assert intervals.clamp([(nonsense, 5.0), (5.0, nonsense)], LENGTH) == ()


def test_touching_pieces_become_one() -> None:
    assert intervals.add(((0.0, 5.0), (9.0, 12.0)), 5.0, 9.0) == ((0.0, 12.0),)
    assert intervals.add([[0.0, 5.0]], 7.5, 8.0) == ((0.0, 5.0), (7.5, 8.0))


@pytest.mark.parametrize(
    ('seen', 'end', 'slack', 'percent'),
    [
        ([], 10, 0, 0),
        ([(0, 9)], 10, 0, 90),
        ([(0, 8.99)], 10, 0, 89),
        ([(0, 9.99)], 10, 0, 99),
        ([(0, 9.5)], 10, 0.5, 100),
        ([(0.25, 9.75)], 10, 0.5, 100),
        ([(0, 9.4)], 10, 0.5, 94),
        ([(0, 10)], 10, 0, 100),
        ([(9, 99)], 10, 0, 10),
        ([], 0.3, 0.5, 0),
        ([(0, 1)], 0, 0, 0),
        ([(0, 1)], math.nan, 0, 0),
        ([(0, 1)], math.inf, 0, 0),
    ],
)
def test_the_percentage_is_rounded_down(
    seen: list[tuple[float, float]], end: float, slack: float, percent: int
) -> None:
    assert intervals.percent(seen, end, slack=slack) == percent


@given(st.integers(1, 1000), st.integers(1, 50))
def test_many_small_pieces_add_up_to_all(length: int, parts: int) -> None:
    edges = [length * number / parts for number in range(parts + 1)]

    assert intervals.percent(zip(edges[::2], edges[1::2], strict=False), length) <= 99 or parts == 1
    assert intervals.percent(itertools.pairwise(edges), length) == 100
