"""How the times of a checkpoint lie, and what is said of them."""

import pytest

from services.live.board.learner import LIVE, STARTED
from services.live.board.views import Column
from services.live.replay.checkpoint_times import CheckpointTimes, finding, times
from services.live.replay.history import Move

pytestmark = [pytest.mark.req('L11')]


def a_checkpoint(number: int, *took: int, planned: int | None = None) -> CheckpointTimes:
    column = Column(checkpoint_id=number, number=number, title=f'Step {number}')
    return CheckpointTimes(column=column, planned=planned, reached=(None, None), took=tuple(sorted(took)))


def by_five(number: int, took: int, *, planned: int | None = None) -> CheckpointTimes:
    return a_checkpoint(number, *5 * [took], planned=planned)


def test_the_whiskers_end_where_the_times_are_far_from_the_box() -> None:
    spread = a_checkpoint(1, 40, 50, 60, 70, 80, 900).spread

    assert spread
    assert (spread.least, spread.quarters, spread.most, spread.far) == (40, (52, 65, 77), 80, (900,))


def test_one_time_is_a_box_without_width_and_none_is_no_box() -> None:
    alone = a_checkpoint(1, 40).spread
    assert alone
    assert (alone.least, alone.quarters, alone.most) == (40, (40, 40, 40), 40)
    assert a_checkpoint(1).spread is None


@pytest.mark.parametrize(
    ('checkpoints', 'sentence'),
    [
        ([a_checkpoint(1), a_checkpoint(2)], 'Nobody finished a step in this class.'),
        ([a_checkpoint(1, *4 * [500]), a_checkpoint(2)], 'Fewer than 5 finished any step: too few to say'),
        ([by_five(1, 50), a_checkpoint(2, 900)], 'Step 1 is the only one that 5 or more finished: half needed'),
        (
            [by_five(1, 100, planned=60), by_five(2, 60), a_checkpoint(3, 900, planned=60)],
            'Step 1 took 1.7 times as long as planned: half needed more',
        ),
        (
            [by_five(1, 100), by_five(2, 240), by_five(3, 120)],
            'Step 2 took twice as long as the others: half needed',
        ),
        (
            [by_five(1, 200, planned=240), by_five(2, 210)],
            'No step stands out. Step 2 took longest: half needed more',
        ),
        (
            [by_five(1, 0), by_five(2, 0)],
            'No step stands out. Step 1 took longest: half needed more than 0 seconds.',
        ),
    ],
)
def test_the_title_of_a_chart_is_what_stands_out(checkpoints: list[CheckpointTimes], sentence: str) -> None:
    assert str(finding(checkpoints)).startswith(sentence)


def test_minutes_are_told_in_halves_and_never_too_many() -> None:
    assert str(finding([by_five(1, 59)])).endswith('half needed more than 59 seconds.')
    assert str(finding([by_five(1, 78)])).endswith('half needed more than a minute.')
    assert str(finding([by_five(1, 205)])).endswith('half needed more than 3 minutes.')
    assert str(finding([by_five(1, 215)])).endswith('half needed more than 3½ minutes.')


def test_a_clock_that_was_set_back_makes_no_time_negative() -> None:
    columns = [Column(checkpoint_id=1, number=1, title='Step 1')]
    moves = [
        Move(second=90, user_id=7, index=0, bits=STARTED),
        Move(second=30, user_id=7, index=0, bits=STARTED | LIVE),
    ]

    (only,) = times(columns, [None], moves, people=1)

    assert only.took == (0,)
