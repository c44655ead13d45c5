"""Long lists that are drawn a part at a time."""

import asyncio

import pytest

from ui.kit.in_parts import AT_A_TIME, in_parts

pytestmark = pytest.mark.req('O7')


async def test_others_have_their_turn_between_two_parts() -> None:
    drawn: list[int] = []
    drawing = asyncio.create_task(in_parts(range(2 * AT_A_TIME + 1), drawn.append))
    seen = []
    while not drawing.done():
        await asyncio.sleep(0)
        seen.append(len(drawn))

    assert seen[:3] == [AT_A_TIME, 2 * AT_A_TIME, 2 * AT_A_TIME + 1]
    assert drawn == list(range(2 * AT_A_TIME + 1))
