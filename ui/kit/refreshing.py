"""What a page shows, read again when others have changed it: one reading at a time, the latest state in the end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutine
from math import inf
from typing import Generic, TypeVar

from nicegui import background_tasks, ui

from services.core import hub
from services.core.audience import Interest
from services.core.events import Event
from ui.kit.handlers import gesture
from ui.kit.language import for_reader

T = TypeVar('T')


class Refreshing(Generic[T]):
    """Reads and shows; `read` returns what `show` draws, at once or a part at a time."""

    def __init__(self, read: Callable[[], Awaitable[T]], show: Callable[[T], object]) -> None:
        self._read = read
        self._show = show
        self._reading = asyncio.Lock()
        self._is_stale = False
        self._is_planned = False
        self._looked_at = -inf

    async def look_again(self) -> None:
        """Read and show what there is now; whatever happens during the reading is read as well."""
        async with self._reading:
            self._is_stale = True
            while self._is_stale:
                self._is_stale = False
                found = await self._read()
                if not self._is_stale:
                    await self._draw(found)

    async def begin(self, found: T) -> None:
        """Show what was read already; what happens while it is drawn is read and shown after it."""
        async with self._reading:
            await self._draw(found)
        if self._is_stale:
            await self.look_again()

    async def _draw(self, found: T) -> None:
        shown = self._show(found)
        if iscoroutine(shown):
            await shown

    def follow(
        self,
        interest: Interest,
        concerns: Callable[[Event], bool],
        *,
        is_changing: Callable[[], bool] = lambda: False,
        pause: float = 0,
        apart: float = 0,
    ) -> None:
        """Look again after each event that concerns what is shown, while the page is open.

        Not while the page itself `is_changing` something, because it looks again afterwards by itself. With a `pause`
        in seconds, all that happens within it is one look: for readings that cost more than a few milliseconds. Where
        looks are so many seconds `apart`, the first thing that happens in a quiet moment is seen at once.
        """
        client = ui.context.client

        async def soon() -> None:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(pause, self._looked_at + apart - loop.time()))
            await _turn()
            self._is_planned, self._looked_at = False, loop.time()
            if not client.is_deleted:
                await self.look_again()

        def happened(events: Sequence[Event]) -> None:
            if self._is_planned or not any(map(concerns, events)):
                return
            if not pause and not apart:
                self._is_stale = True
                if is_changing() or self._reading.locked():
                    return
            self._is_planned = True
            background_tasks.create(gesture(soon)(), name='look again', context=client)

        client.on_delete(hub.watch(interest, for_reader(happened)))


_in_line: deque[asyncio.Future[None]] = deque()


async def _turn() -> None:
    """Wait until no other page looks again in this round of the loop.

    One change concerns all pages of a course, and a quick reading is done at once: all of them in one round would
    stop everybody else for as long as they take together.
    """
    loop = asyncio.get_running_loop()
    if not _in_line or _in_line[-1].get_loop() is not loop:
        _in_line.clear()  # left behind by a loop that has ended
        loop.call_soon(_let_one_go)
    _in_line.append(loop.create_future())
    await _in_line[-1]


def _let_one_go() -> None:
    if not _in_line:
        return
    first = _in_line.popleft()
    if not first.done():  # its page may have been closed meanwhile
        first.set_result(None)
    if _in_line:
        first.get_loop().call_soon(_let_one_go)
