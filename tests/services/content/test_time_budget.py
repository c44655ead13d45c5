"""What programs tell is believed as far as there was time for it, whatever they tell and however often."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.content.time_budget import LASTS, affordable, credit
from services.content.video_tracker import FASTEST

pytestmark = pytest.mark.req('S5')

FIRST = 5.0
NOW = datetime.fromisoformat('2030-01-01T12:00:00+00:00')
TELLING = st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), max_size=20)


@given(TELLING)
def test_nobody_spends_more_time_than_has_passed(telling: list[tuple[float, float]]) -> None:
    spent_until, now, spent, passed = None, NOW, 0.0, 0.0
    for wait, wanted in telling:
        now, passed = now + timedelta(seconds=wait), passed + wait
        left = credit(spent_until, now, first=FIRST)
        believed = min(wanted, left.seconds)
        spent_until, spent = left.spend(believed).spent_until, spent + believed

    assert spent <= passed + FIRST + 0.001


def test_time_that_is_not_spent_does_not_last_for_ever() -> None:
    assert credit(NOW, NOW + timedelta(days=7), first=FIRST).seconds == LASTS
    assert credit(NOW, NOW + timedelta(days=7), first=FIRST, lasts=300).seconds == 300


def test_where_the_clock_was_set_back_nothing_is_believed_twice() -> None:
    earlier = credit(NOW, NOW - timedelta(seconds=60), first=FIRST)

    assert earlier.seconds == 0
    assert credit(earlier.spent_until, NOW, first=FIRST).seconds == 60


def test_of_a_video_twice_as_much_is_believed_and_the_rest_is_cut_off() -> None:
    seen, left = affordable(((0.0, 6.0), (50.0, 60.0)), credit(NOW, NOW + timedelta(seconds=5), first=FIRST))

    assert seen == ((0.0, 6.0), (50.0, 50.0 + 2 * FASTEST))
    assert left.seconds == 0
