"""A learner's client in class, as far as the room has to know of it: it came, was cut off, is gone."""

import asyncio
from collections.abc import Callable, Coroutine

from services.access import Actor
from services.core import server_log
from services.core.errors import DomainError
from services.live import joining
from services.live.room import Room
from services.live.stay import Stay

KEPT = 30.0
"""Seconds for which a client that was cut off may come back without having left."""


class BeingHere:
    """Tells the room how it stands with one connection, as pages do."""

    def __init__(self, room: Room, whose: Callable[[], Actor]) -> None:
        self.room = room
        self._whose = whose
        self._user_id = whose().user_id
        self._stay = Stay(room, self._user_id)
        self._leaving: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_watching: Callable[[], None] = lambda: None

    async def begin(self) -> None:
        """Be here, and in the log if a class is running; raises why that is refused."""
        is_first = self._stay.connect()
        self._stop_watching = self.room.screens.watch_own(self._user_id, self._look, lambda _: None)
        if is_first or not self.room.board.learner(self._user_id).joined:
            try:
                await joining.come(self.room, self._whose())
            except BaseException:
                self.end()
                raise

    def lose(self) -> None:
        """The connection is gone; it counts as leaving if it does not come back."""
        if self._stay.is_connected:
            self._stay.lose()
            self._leaving = asyncio.get_running_loop().call_later(KEPT, self.end)

    def end(self) -> None:
        """Be gone for good."""
        if not self._stay.is_here:
            return
        self._stop_watching()
        if self._leaving:
            self._leaving.cancel()
        if self._stay.leave():
            self._do(joining.go(self.room, self._whose()))

    def _look(self) -> None:
        """Let a learner who waits for the class join when it begins."""
        if self._stay.is_connected and self.room.board.is_running and not self.room.board.learner(self._user_id).joined:
            self._do(joining.come(self.room, self._whose()))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(_tried(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _tried(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except DomainError as error:
        server_log.write('not in class', reason=type(error).__name__)
