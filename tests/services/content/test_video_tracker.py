"""What a page makes of what a browser tells of a video."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.content import intervals
from services.content.video_tracker import FASTEST, PATIENCE, Stretch, UnsavedWatching, Watch

pytestmark = pytest.mark.req('S5')

LENGTH = 100.0
SLACK = 1.0


def seen(watch: Watch) -> intervals.Seen:
    """What was seen since it was asked last, and what is told with it is taken."""
    return intervals.clamp((stretch.seen for stretch in watch.take().stretches), LENGTH)


def test_what_plays_from_one_word_to_the_next_is_seen() -> None:
    watch = Watch(LENGTH)
    watch.play(50.0)
    watch.tell(5.0, 55.0)
    watch.tell(9.5, 59.5)
    watch.pause(60.0)
    watch.tell(10.0, 60.2)

    told = watch.take()
    assert [stretch.seen for stretch in told.stretches] == [(0.0, 5.0), (5.0, 9.5), (9.5, 10.0)]
    assert (told.position, told.views, told.plays, told.pauses, told.watched) == (10.0, 1, 1, 1, 10.0)
    assert not watch.take(), 'all is told'


def test_jumping_gives_what_played_before_and_nothing_of_what_was_jumped_over() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.jump(7.0)
    watch.tell(90.0, 7.1)
    watch.tell(92.0, 9.1)

    told = watch.take()
    assert intervals.merge(stretch.seen for stretch in told.stretches) == ((0.0, 7.0), (90.0, 92.0))
    assert told.seeks == 1


def test_dragging_about_is_one_seek_and_beginning_again_is_none() -> None:
    watch = Watch(LENGTH)
    for tenth in range(30):
        watch.jump(10 + tenth / 10)
        watch.tell(tenth, 10 + tenth / 10)
    assert watch.take().seeks == 1

    watch.expect_jump()
    watch.jump(60.0)
    watch.tell(40.0, 60.1)
    assert watch.take().seeks == 0, 'that was not the learner'

    watch.play(61.0)
    watch.end(121.0)
    watch.jump(130.0)
    watch.tell(0.0, 130.1)
    assert watch.take().seeks == 0


def test_the_end_is_no_pause() -> None:
    watch = Watch(LENGTH, at=90.0)
    watch.play(0.0)
    watch.pause(10.0)
    watch.end(10.0)
    watch.tell(99.97, 10.1)

    told = watch.take()
    assert (told.pauses, told.finishes, told.position, told.watched) == (0, 1, 99.97, 10.0)


def test_an_answer_that_comes_late_stops_nothing() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.pause(4.0)
    watch.play(4.1)
    watch.tell(4.0, 4.2)

    assert watch.is_playing
    watch.tell(9.0, 9.2)
    assert seen(watch) == ((0.0, 9.0),)


def test_who_goes_away_has_seen_what_played_until_then() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.leave(8.0)

    told = watch.take()
    assert intervals.merge(stretch.seen for stretch in told.stretches) == ((0.0, 8.0),)
    assert (told.position, told.watched) == (8.0, 8.0)
    watch.leave(60.0)
    assert not watch.take(), 'nobody leaves twice'


def test_a_page_that_is_cut_off_and_then_closed_played_on_only_once() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.guess(9.0)
    watch.leave(39.0)

    told = watch.take()
    assert intervals.merge(stretch.seen for stretch in told.stretches) == ((0.0, 9.0),)
    assert (told.position, told.watched) == (9.0, 9.0)


def test_where_the_video_is_between_two_words() -> None:
    watch = Watch(LENGTH, at=10.0)
    assert watch.position(7.0) == 10.0
    watch.play(10.0)
    watch.tell(20.0, 15.0)
    assert watch.position(16.0) == 22.0
    watch.pause(16.0)
    watch.tell(22.0, 16.0)
    assert watch.position(90.0) == 22.0


def test_a_page_that_fell_silent_is_not_believed_for_long_unless_it_comes_back() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.guess(45.0)
    assert seen(watch) == ((0.0, 5.0 + PATIENCE),)

    watch.tell(50.0, 50.0)
    assert seen(watch) == ((11.0, 5.0 + PATIENCE + 2 * (5.0 + 5.0)),), 'no faster than twice the speed'


def test_what_could_not_be_saved_goes_with_the_next() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.give_back(watch.take())
    watch.tell(10.0, 10.0)

    told = watch.take()
    assert intervals.merge(stretch.seen for stretch in told.stretches) == ((0.0, 10.0),)
    assert (told.plays, told.views, told.position) == (1, 1, 10.0)


@pytest.mark.parametrize('nonsense', [math.nan, math.inf, -math.inf, None, 'far', [5], {'at': 5}])
def test_what_is_no_place_is_not_heard_and_costs_nothing(nonsense: object) -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 5.0)
    watch.tell(nonsense, 7.0)
    watch.tell(10.0, 10.0)

    assert seen(watch) == ((0.0, 10.0),)


def test_backwards_and_beyond_the_end_are_places_too() -> None:
    watch = Watch(LENGTH, at=50.0)
    watch.play(0.0)
    watch.tell(-3, 5.0)
    watch.tell(5.0, 10.0)
    assert seen(watch) == ((0.0, 5.0),)

    watch.tell(1e12, 200.0)
    assert seen(watch) == ((5.0, LENGTH),)
    assert watch.position(210.0) == LENGTH


def test_messages_that_are_late_and_come_together_lose_nothing() -> None:
    watch = Watch(LENGTH)
    watch.play(0.0)
    watch.tell(5.0, 9.5)
    watch.tell(10.0, 10.0)
    watch.tell(15.0, 15.0)

    assert seen(watch) == ((0.0, 15.0),)


positions = st.one_of(st.floats(allow_nan=True), st.floats(-10, LENGTH + 10), st.integers())
happenings = st.sampled_from(['play', 'pause', 'tell', 'tell', 'end', 'jump', 'guess', 'leave'])
histories = st.lists(st.tuples(happenings, positions, st.floats(-3, 8)), max_size=40)


@given(histories)
def test_nobody_sees_more_than_can_play_in_the_time_that_passed(history: list[tuple[str, float, float]]) -> None:
    watch, now, credit = Watch(LENGTH), 0.0, 0.0
    for what, where, passed in history:
        now += passed
        getattr(watch, what)(*((where, now) if what == 'tell' else (now,)))
        told = watch.take()
        credit += sum(max(0.0, stretch.seen[1] - stretch.seen[0]) for stretch in told.stretches)
        assert told.position is None or 0 <= told.position <= LENGTH

    forwards = sum(max(0.0, passed) for _, _, passed in history)
    assert credit <= FASTEST * (forwards + SLACK) + 1e-6


@pytest.mark.parametrize('elapsed', [math.nan, math.inf, -5.0])
def test_no_time_is_no_stretch(elapsed: float) -> None:
    assert intervals.merge([Stretch(start=0.0, stop=50.0, elapsed=elapsed).seen]) == ()


def test_nothing_told_is_false() -> None:
    assert not UnsavedWatching()
    assert UnsavedWatching(pauses=1)
    assert UnsavedWatching(position=0.0)
