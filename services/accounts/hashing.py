"""The queue for password hashing: a few threads, a fair turn for each address, and an end with an answer.

One hash takes a quarter of a second of CPU, and anybody may ask for one. Without an end to the queue, a hundred
sign-ins by strangers would hold up everybody's sign-in for a minute and a half.
"""

import asyncio
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from services.core.errors import Busy

T = TypeVar('T')

THREADS = 2
SECONDS_EACH = 0.25
"""of one hash, to tell how long a full queue takes"""
MOST_OF_ONE_ADDRESS = 60
"""hashes waiting: two classes that register at once behind one address"""
MOST_IN_ALL = 200

Waiting = tuple[Callable[[], Any], asyncio.Future[Any]]


@dataclass(slots=True, weakref_slot=True)
class Queue:
    """What waits on one event loop, by address; the addresses take turns."""

    _lines: OrderedDict[str, deque[Waiting]] = field(default_factory=OrderedDict)
    _running: int = 0

    async def run(self, work: Callable[[], T], *, address: str) -> T:
        """Return what the work returns, in turn; raises `Busy` when too much is waiting already."""
        line = self._lines.setdefault(address, deque())
        if len(line) >= MOST_OF_ONE_ADDRESS or not self._has_room_for(line):
            raise Busy(seconds=_seconds(len(line) or self._length()))
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        line.append((work, future))
        self._go_on()
        return await future

    def _length(self) -> int:
        return sum(map(len, self._lines.values()))

    def _has_room_for(self, line: deque[Waiting]) -> bool:
        """Tell whether one more can wait; when all is full, the longest line makes room for a shorter one."""
        if self._length() < MOST_IN_ALL:
            return True
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(line) + 1:
            return False
        _, dropped = longest.pop()
        if not dropped.done():
            dropped.set_exception(Busy(seconds=_seconds(len(longest))))
        return True

    def _go_on(self) -> None:
        while self._running < THREADS and self._lines:
            address, line = self._lines.popitem(last=False)
            if len(line) > 1:
                self._lines[address] = line
            if not line:
                continue
            work, future = line.popleft()
            if future.cancelled():
                continue
            self._running += 1
            running = asyncio.get_running_loop().run_in_executor(_threads, work)
            running.add_done_callback(partial(self._done, future))

    def _done(self, future: asyncio.Future[Any], running: asyncio.Future[Any]) -> None:
        self._running -= 1
        if running.cancelled():
            future.cancel()
        elif not future.done():
            if error := running.exception():
                future.set_exception(error)
            else:
                future.set_result(running.result())
        self._go_on()


async def in_turn(work: Callable[[], T], *, address: str) -> T:
    """Do slow work for somebody at an address, when it is their turn; raises `Busy` when too much is waiting."""
    queue = _queues.setdefault(asyncio.get_running_loop(), Queue())
    return await queue.run(work, address=address)


def _seconds(waiting: int) -> int:
    return max(1, round(waiting * SECONDS_EACH / THREADS + 0.5))


_threads = ThreadPoolExecutor(THREADS, thread_name_prefix='bcrypt')
_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Queue] = weakref.WeakKeyDictionary()
