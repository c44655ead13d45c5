"""Attacks by difference on shared figures: with the total, with one person fewer, and from one day to the next."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import comparison, k_rule
from services.analytics.comparison import Comparison, _Done
from services.analytics.k_rule import IN_COURSE, Rough

pytestmark = pytest.mark.req('V4')

MOST = 8
NAMES = 'abc'
DAY = date(2026, 3, 4)
Shown = dict[str, int | None]


def _worlds() -> dict[tuple[int, str], list[tuple[int, ...]]]:
    """Return every way to have three groups, by what an attacker sees of it: the total, and what is shown."""
    found: dict[tuple[int, str], list[tuple[int, ...]]] = {}
    for world in product(range(MOST * 2), repeat=len(NAMES)):
        shown = k_rule.counts(dict(zip(NAMES, world, strict=True)), k=IN_COURSE)
        found.setdefault((sum(world), str(shown)), []).append(world)
    return found


def test_who_knows_the_rule_and_the_total_cannot_compute_a_group_that_is_hidden() -> None:
    for (total, shown), worlds in _worlds().items():
        hidden = [place for place, name in enumerate(NAMES) if f"'{name}': None" in shown]
        for place in hidden if total >= IN_COURSE else ():
            sizes = {world[place] for world in worlds}
            assert len(sizes) > 1, (total, shown, worlds)


@given(percents=st.lists(st.integers(0, 100), min_size=0, max_size=40), mine=st.integers(0, 100))
def test_a_learner_is_shown_no_share_of_a_few_and_with_one_fewer_than_enough_nothing(
    percents: list[int], mine: int
) -> None:
    found = _compared(mine, percents)
    below = sum(each < mine - comparison.NEAR for each in percents)
    above = sum(each > mine + comparison.NEAR for each in percents)
    parts = below, len(percents) - below - above, above

    shares = found.ahead_of, found.similar_to, found.behind
    assert len({share is Rough.HIDDEN for share in shares}) == 1, 'the third would follow from two'
    if Rough.HIDDEN not in shares:
        assert all(part == 0 or part >= IN_COURSE for part in parts)
    if len(percents) < IN_COURSE:
        assert found.others_percent is None
        assert found.others_week_steps is None
    if len(percents) == IN_COURSE:
        assert _compared(mine, percents[1:]).others_percent is None, 'the group without one person says nothing'


@given(
    percents=st.lists(st.integers(0, 100), min_size=IN_COURSE, max_size=40),
    first=st.integers(0, 100),
    second=st.integers(0, 100),
)
def test_two_learners_who_compare_what_they_are_shown_learn_of_each_other_alone(
    percents: list[int], first: int, second: int
) -> None:
    """Each is among the others of the other one; everybody else is in both groups."""
    one, two = _compared(first, [*percents, second]), _compared(second, [*percents, first])
    assert one.others_percent is not None
    assert two.others_percent is not None

    people = len(percents) + 1
    difference = one.others_percent * people - two.others_percent * people
    assert abs(difference - (second - first)) <= people, 'it follows from what both know of themselves, rounded'


def _compared(mine: int, others: list[int]) -> Comparison:
    return comparison.compared(_Done(percent=mine, in_week=1), [_Done(percent=each, in_week=1) for each in others], DAY)
