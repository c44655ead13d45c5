"""Threads for what would hold up the event loop, each kind with an end to its line.

A line without an end fills the memory with work that nobody waits for, and answers nobody in time. At its
end stands an answer: `Busy`, with when to try again.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from services.core.errors import Busy

P = ParamSpec('P')
T = TypeVar('T')

THREADS = 6
SWITCH_INTERVAL = 0.0003
"""Seconds after which a busy event loop lets the writer have a turn. A commit asks for dozens of them: Python's
5 ms add up, and much less than this costs more in switching than it gains (see docs/performance.md)."""
MOST_WAITING = 200
"""pieces of work in line for the threads that everybody shares: a class that opens the same long text at once"""


def take_short_turns() -> None:
    """Let the threads of this process take turns more often than Python does by itself."""
    sys.setswitchinterval(SWITCH_INTERVAL)


class Line:
    """A few threads, and a line before them that ends."""

    def __init__(self, name: str, *, threads: int, most_waiting: int, busy_for: int) -> None:
        """`busy_for` says how many seconds a full line takes, about."""
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = BoundedSemaphore(threads + most_waiting)
        self._busy_for = busy_for

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work in a thread and return what it returns; raises `Busy` where the line is full."""
        if not self._places.acquire(blocking=False):
            raise Busy(seconds=self._busy_for)
        future = self._threads.submit(copy_context().run, partial(work, *args, **kwargs))
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    async def go_on(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the next piece of something that has begun, which is never refused.

        Only for what has one piece in line at a time, and an end elsewhere: an upload, of which there are as many as
        connections, or a job, of which there is one.
        """
        future = self._threads.submit(copy_context().run, partial(work, *args, **kwargs))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Finish what is in line, and end the threads."""
        self._threads.shutdown()


shared = Line('shared', threads=THREADS, most_waiting=MOST_WAITING, busy_for=10)
"""for what takes a moment; what takes long, or is asked for by strangers, has a line of its own"""
