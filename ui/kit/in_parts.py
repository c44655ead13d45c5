"""Long lists are drawn a part at a time, so that the event loop looks after others in between."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar('T')

AT_A_TIME = 15


async def in_parts(items: Iterable[T], draw: Callable[[T], object], *, at_a_time: int = AT_A_TIME) -> None:
    """Draw each of the items, so many in one round of the loop."""
    for number, item in enumerate(items, start=1):
        draw(item)
        if number % at_a_time == 0:
            await asyncio.sleep(0)
