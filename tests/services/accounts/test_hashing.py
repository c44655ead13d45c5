"""The queue of password hashing: everybody in turn, and an end to it."""

import asyncio
from threading import Event

import pytest

from services.accounts import hashing
from services.core.errors import Busy

pytestmark = pytest.mark.req('A1')


class Desk:
    """Work that waits until the test lets it go on, and the order in which it was done."""

    def __init__(self) -> None:
        self.open = Event()
        self.done: list[str] = []

    def ask(self, address: str) -> asyncio.Task[None]:
        return asyncio.create_task(hashing.in_turn(lambda: self._work(address), address=address))

    def _work(self, address: str) -> None:
        assert self.open.wait(10)
        self.done.append(address)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(hashing, 'MOST_OF_ONE_ADDRESS', 10)
    monkeypatch.setattr(hashing, 'MOST_IN_ALL', 15)
    return Desk()


async def test_a_single_person_does_not_wait_behind_the_many_of_another_address(desk: Desk) -> None:
    many = [desk.ask('many') for _ in range(10)]
    await asyncio.sleep(0)
    one = desk.ask('one')
    await asyncio.sleep(0)

    desk.open.set()
    await asyncio.gather(one, *many)

    assert desk.done.index('one') <= hashing.THREADS + 1


async def test_beyond_the_end_of_the_queue_is_an_answer_that_says_how_long(desk: Desk) -> None:
    tasks = [desk.ask('many') for _ in range(10 + hashing.THREADS + 5)]
    await asyncio.sleep(0)

    desk.open.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Busy)]
    assert len(refused) == 5
    assert len(desk.done) == 10 + hashing.THREADS
    assert str(refused[0]) == f'The server is busy. Try again in {refused[0].seconds} seconds.'


async def test_when_all_is_full_the_longest_line_makes_room_for_a_new_address(desk: Desk) -> None:
    tasks = [desk.ask(address) for address in ['a'] * (10 + hashing.THREADS) + ['b'] * 5]
    await asyncio.sleep(0)

    newcomer = desk.ask('c')
    await asyncio.sleep(0)
    desk.open.set()
    outcomes = await asyncio.gather(newcomer, *tasks, return_exceptions=True)

    assert outcomes[0] is None
    assert [type(outcome) for outcome in outcomes if outcome] == [Busy]
    assert desk.done.count('b') == 5


async def test_who_has_gone_away_takes_no_turn_and_an_error_reaches_who_asked(desk: Desk) -> None:
    first = [desk.ask('a') for _ in range(hashing.THREADS)]
    gone, waits = desk.ask('gone'), desk.ask('b')
    await asyncio.sleep(0)
    gone.cancel()
    desk.open.set()
    await asyncio.gather(waits, *first)

    assert 'gone' not in desk.done
    with pytest.raises(ZeroDivisionError):
        await hashing.in_turn(lambda: 1 // 0, address='a')
