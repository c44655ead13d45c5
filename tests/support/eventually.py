"""Waiting for what is about to happen, without sleeping for longer than it takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar('Found')

PATIENCE = 60.0
"""seconds; nothing takes that long, but the machine may be busy with something else"""


async def eventually(condition: Callable[[], object]) -> None:
    """Let the event loop go on until a condition holds; fail when it does not within `PATIENCE` seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, 'this should have happened by now'
        await asyncio.sleep(0.001)


async def found_soon(look: Callable[[], Awaitable[Found]]) -> Found:
    """Look again and again until there is something, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := await look()):
        assert time.monotonic() < deadline, 'this should be there by now'
        await asyncio.sleep(0.01)
    return found
