"""What several processes commit is published in each of them in the order of the commits."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core import turns
from services.core.events import CourseChanged, Event
from services.core.turns import Turns
from tests.support.eventually import eventually

pytestmark = [pytest.mark.req('O2')]


class Witness:
    """Says what was published, and how often something was missed."""

    def __init__(self) -> None:
        self.published: list[int] = []
        self.answered: list[int] = []
        self.missed = 0
        self.turns = Turns(publish=self._publish, missed=self._miss)
        self.turns.go_on_from(0)

    def take(self, number: int, *, own: bool) -> None:
        then = (lambda: self.answered.append(number)) if own else None
        self.turns.take(number, [CourseChanged(course_id=number)], then)

    def _publish(self, events: Sequence[Event]) -> None:
        self.published += [event.course_id for event in events if event.course_id]

    def _miss(self) -> None:
        self.missed += 1


@given(st.permutations(range(1, 9)), st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
@settings(max_examples=60, deadline=None)
def test_each_is_published_in_its_turn_and_each_caller_is_answered_once(
    order: list[int], own: set[int], lost: set[int]
) -> None:
    witness = Witness()

    async def story() -> None:
        for number in order:
            if number in own or number not in lost:
                witness.take(number, own=number in own)
        witness.take(9, own=True)
        await eventually(lambda: 9 in witness.answered)

    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(turns, 'PATIENCE', 0.001)
        asyncio.run(story())

    arrived = sorted({*own, 9} | (set(order) - lost))
    assert witness.published == arrived
    assert sorted(witness.answered) == sorted([*own, 9])
    assert bool(witness.missed) == (arrived != list(range(1, 10)))


async def test_what_is_committed_and_was_never_heard_is_noticed() -> None:
    witness = Witness()
    witness.take(1, own=False)

    witness.turns.go_on_from(1)
    assert witness.missed == 0
    witness.turns.go_on_from(3)

    assert witness.missed == 1
    witness.take(2, own=False)  # it comes after all, and is in what was loaded anew
    witness.take(4, own=True)
    assert witness.published == [1, 4]
    assert witness.answered == [4]


async def test_after_an_own_one_that_came_too_late_screens_are_loaded_again() -> None:
    witness = Witness()
    witness.take(2, own=False)
    await eventually(lambda: witness.missed == 1)

    witness.take(1, own=True)

    assert (witness.published, witness.answered, witness.missed) == ([2, 1], [1], 2)
