"""One thread for one kind of work."""

import asyncio
import threading

import pytest

from services.core.own_thread import OwnThread

pytestmark = pytest.mark.req('L5')


async def test_work_is_done_in_order_and_in_the_thread() -> None:
    thread = OwnThread('at work')
    done: list[tuple[int, str]] = []

    await asyncio.gather(*(thread.run(lambda n=n: done.append((n, threading.current_thread().name))) for n in range(5)))

    assert done == [(number, 'at work') for number in range(5)]
    thread.close()


async def test_what_work_raises_belongs_to_its_caller_and_the_thread_goes_on() -> None:
    thread = OwnThread('at work')

    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda: 1 // 0)

    assert await thread.run(lambda: 'next') == 'next'
    thread.close()


async def test_a_caller_who_went_away_stops_nobody() -> None:
    thread, may_go_on = OwnThread('at work'), threading.Event()
    gone = asyncio.create_task(thread.run(lambda: may_go_on.wait(5)))
    await asyncio.sleep(0)

    gone.cancel()
    may_go_on.set()

    assert await thread.run(lambda: 'next') == 'next'
    thread.close()
