"""Following how somebody reads: what is on the screen, and for how long."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.content import intervals, reading
from services.content.reading import ATTENTION, Reading, ReadingPart, UnsavedReading

pytestmark = pytest.mark.req('S5')

PARTS = [
    ReadingPart(start=0, stop=0.5, seconds=10),
    ReadingPart(start=0.5, stop=0.8, seconds=6),
    ReadingPart(start=0.8, stop=1, seconds=4),
]


def all_told(read: Reading, now: float) -> UnsavedReading:
    read.leave(now)
    return read.take()


def test_leafing_through_gives_nothing() -> None:
    read = Reading(reading.pages(500))
    for index in range(500):
        read.show([index], 100 + index * 0.5)

    assert all_told(read, 350.5).seen == ()


def test_a_page_that_is_looked_at_counts_however_late_that_is_told() -> None:
    read = Reading(reading.pages(3))
    read.show([0], 100)
    read.show([2], 102.5)
    read.show([1], 104.6)

    told = all_told(read, 105)

    assert told.seen == ((0, 1), (2, 3))
    assert told.position == 1
    assert told.views == 1
    assert told.seconds == 5


def test_jumping_to_the_end_does_not_count_the_middle() -> None:
    read = Reading(PARTS)
    read.show([0], 0)
    read.show([2], 10)

    assert all_told(read, 30).seen == ((0, 0.5), (0.8, 1))


def test_a_short_text_that_fits_on_the_screen_takes_as_long_as_all_of_its_parts() -> None:
    read = Reading(PARTS)
    read.show([2, 0, 1], 0)

    read.pass_time(9)
    assert read.take().seen == ()
    read.pass_time(15)
    assert read.take().seen == ((0, 0.5),)
    read.pass_time(20)
    assert read.take().seen == ((0.5, 1),)


def test_whoever_walks_away_reads_no_longer() -> None:
    read = Reading([ReadingPart(start=0, stop=0.5, seconds=10), ReadingPart(start=0.5, stop=1, seconds=ATTENTION)])
    read.show([0, 1], 0)
    read.pass_time(5000)

    told = read.take()

    assert told.seen == ((0, 0.5),)
    assert told.seconds == ATTENTION, 'the stretch ends by itself'
    read.show([1], 6000)
    assert all_told(read, 6010).seen == ((0.5, 1),)


def test_a_clock_that_runs_backwards_and_parts_that_do_not_exist_are_harmless() -> None:
    read = Reading(PARTS)
    read.show([1], 100)
    read.show([7, -1], 90)
    read.show([0], 95)
    read.pass_time(94)

    assert all_told(read, 105) == UnsavedReading(position=0, views=1, seconds=5)
    assert not read.take()


def test_what_could_not_be_saved_goes_with_the_next() -> None:
    read = Reading(reading.pages(3))
    read.show([0], 0)
    read.pass_time(3)
    lost = read.take()
    read.show([1], 3)
    read.pass_time(6)
    read.give_back(lost)

    assert read.take() == UnsavedReading(seen=((0, 2),), position=1, views=1)


@given(
    st.lists(
        st.tuples(st.lists(st.integers(-2, 6), max_size=4), st.floats(-5, 200)),
        max_size=30,
    )
)
def test_nobody_reads_faster_than_time_passes(turns: list[tuple[list[int], float]]) -> None:
    read, now, began = Reading(reading.pages(5)), 0.0, 0.0
    for shown, seconds in turns:
        read.show(shown, now)
        now = max(0.0, now + seconds)
        began = max(began, now)

    told = all_told(read, now)

    assert intervals.total(told.seen) * reading.LOOK <= began + 1e-6
    assert 0 <= told.seconds <= began + 1e-6
    assert told.position is None or (math.isfinite(told.position) and 0 <= told.position < 5)
