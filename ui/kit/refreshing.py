"""What a page shows, read again when others have changed it: one reading at a time, the latest state in the end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from nicegui import background_tasks, ui

from services.core import hub
from services.core.audience import Interest
from services.core.events import Event
from ui.kit.handlers import gesture
from ui.kit.language import for_reader

T = TypeVar('T')


class Refreshing(Generic[T]):
    """Reads and shows; `read` returns what `show` draws."""

    def __init__(self, read: Callable[[], Awaitable[T]], show: Callable[[T], object]) -> None:
        self._read = read
        self._show = show
        self._reading = asyncio.Lock()
        self._is_stale = False

    async def look_again(self) -> None:
        """Read and show what there is now; whatever happens during the reading is read as well."""
        async with self._reading:
            self._is_stale = True
            while self._is_stale:
                self._is_stale = False
                found = await self._read()
            self._show(found)

    def follow(
        self, interest: Interest, concerns: Callable[[Event], bool], *, is_changing: Callable[[], bool] = lambda: False
    ) -> None:
        """Look again after each event that concerns what is shown, while the page is open.

        Not while the page itself `is_changing` something, because it looks again afterwards by itself.
        """
        client = ui.context.client

        def happened(events: Sequence[Event]) -> None:
            if not any(map(concerns, events)):
                return
            self._is_stale = True
            if not is_changing() and not self._reading.locked():
                background_tasks.create(gesture(self.look_again)(), name='look again', context=client)

        client.on_delete(hub.watch(interest, for_reader(happened)))
