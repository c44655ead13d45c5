"""Follows and saves what a learner reads, while the page is open and when they leave it."""

import time
from collections.abc import Collection
from contextlib import suppress

from nicegui import ui

from services.content import documents
from services.content.documents import Read
from services.content.reading import Reading
from services.core import database
from services.core.errors import DomainError, NotSaved
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, say


class Reader:
    """Follows one document on one open page of a learner."""

    def __init__(self, lesson: Lesson, reading: Reading, file_id: int | None) -> None:
        self._lesson = lesson
        self._reading = reading
        self._file_id = file_id
        self._shown: Collection[int] = ()
        self._timer = ui.timer(documents.HEARTBEAT, gesture(self._beat), immediate=False)
        ui.context.client.on_disconnect(self._cut_off)
        ui.context.client.on_connect(self._back)
        lesson.at_leaving(self._leave)
        lesson.position = lambda: reading.position

    def show(self, shown: Collection[int]) -> None:
        """Record which parts are on the screen now."""
        self._shown = tuple(shown)
        self._reading.show(self._shown, time.monotonic())
        self._lesson.touch()

    async def _cut_off(self) -> None:
        """Save at once when the page loses its connection; until it is back, nothing counts as read."""
        self._reading.show((), time.monotonic())
        with suppress(DomainError):  # nobody can see a message
            await self._save()

    def _back(self) -> None:
        self._reading.show(self._shown, time.monotonic())

    async def _beat(self) -> None:
        self._reading.pass_time(time.monotonic())
        try:
            read = await self._save()
        except NotSaved as trouble:
            self._lesson.say(say(trouble))  # the next save includes it
        except DomainError:
            self._timer.cancel()  # the learner was removed from the course, or the checkpoint was deleted
            raise
        else:
            await self._show(read)

    async def _leave(self) -> None:
        self._timer.cancel()
        self._reading.leave(time.monotonic())
        with suppress(DomainError):  # nobody can see a message
            await self._save()

    async def _save(self) -> Read | None:
        told = self._reading.take()
        if not told:
            return None
        checkpoint = self._lesson.checkpoint.checkpoint_id
        try:
            return await database.write(
                documents.save, self._lesson.actor, checkpoint, file_id=self._file_id, told=told
            )
        except BaseException:
            self._reading.give_back(told)
            raise

    async def _show(self, read: Read | None) -> None:
        if read is None:
            return
        if read.is_replaced:
            self._timer.cancel()
            self._lesson.say(_('Your instructor has replaced this document. Load the page again to read it.'))
            return
        self._lesson.show_seen(read.percent)
        if read.is_complete:
            self._lesson.say(_('You have read it all. This step is done!'))
            await self._lesson.completed()
