"""A note while it is written: saved during typing, so that a lost connection loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from nicegui import ui

from services.core import database
from services.core.errors import DomainError, Invalid, NotFound, NotSaved, Refused
from services.notes import editing
from services.notes.editing import OwnNote
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text

KEEP_AFTER = 0.8
"""Seconds after the first key until the text is saved; more keys do not delay it."""


class NoteEditor:
    """The field for one note; `done` is called when the learner closes it."""

    def __init__(
        self,
        lesson: Lesson,
        *,
        label: str,
        done: Callable[[], Awaitable[None]],
        note: OwnNote | None = None,
        position: float | None = None,
    ) -> None:
        self._lesson = lesson
        self._note = note
        self._position = position
        self._done = done
        self._keeping = asyncio.Lock()
        self._is_over = False
        self._kept = (note.text, note.tags) if note else ('', ())
        self._client = ui.context.client
        with ui.element('div').classes('note-editor') as self._place:
            self._text = ui.textarea(label, value=self._kept[0], on_change=self._typed)
            self._text.props('outlined autogrow autofocus dir=auto')
            self._tags = ui.input(_('Tags, with commas'), value=', '.join(self._kept[1]), on_change=self._typed)
            self._tags.props('outlined dir=auto')
            with ui.element('div').classes('spread'):
                self._said = Text('span').classes('hint').props('role=status')
                finish = ui.button(_('Close note'), on_click=gesture(self._finish)).props('flat no-caps')
                finish.classes('button-quiet')
            self._timer = ui.timer(KEEP_AFTER, gesture(self._keep), once=True, active=False)
        self._client.on_disconnect(self._keep_quietly)
        self._client.on_connect(gesture(self._read_again))
        lesson.at_leaving(self._keep_quietly)

    async def _finish(self) -> None:
        await self._keep()
        if not self._is_over:
            self._is_over = True
            self._place.delete()
            await self._done()

    def _typed(self) -> None:
        self._lesson.touch()
        self._said.set_text('')
        if not self._timer.active:
            with self._place:
                self._timer = ui.timer(KEEP_AFTER, gesture(self._keep), once=True)

    async def _read_again(self) -> None:
        """After a lost connection, read from the browser what was typed meanwhile."""
        if self._is_over:
            return
        for field in (self._text, self._tags):
            with suppress(TimeoutError):
                typed = await field.get_computed_prop('inputValue')
                if isinstance(typed, str) and typed != field.value:
                    field.set_value(typed)

    async def _keep_quietly(self) -> None:
        with suppress(DomainError):  # nobody can see a message
            await self._keep()

    async def _keep(self) -> None:
        self._timer.deactivate()
        if self._is_over:
            return
        async with self._keeping:
            typed = ((self._text.value or '').strip(), tuple((self._tags.value or '').split(',')))
            if typed == self._kept or not (typed[0] or (self._note and self._note.is_bookmark)):
                return
            self._text.error = None
            try:
                await self._save(*typed)
            except Invalid as refusal:
                self._text.error = say(refusal)
            except NotSaved as trouble:
                self._said.set_text(say(trouble))
                self._typed_again_later()
            else:
                self._kept = typed
                self._said.set_text(_('Saved'))

    async def _save(self, text: str, tags: tuple[str, ...]) -> None:
        """Save the note; as a second note if it was changed or deleted on another device meanwhile."""
        actor, checkpoint = self._lesson.actor, self._lesson.checkpoint.checkpoint_id
        if self._note:
            with suppress(Refused, NotFound):
                self._note = await database.write(
                    editing.edit, actor, self._note.note_id, text=text, tags=tags, seen_at=self._note.updated_at
                )
                return
        self._note = await database.write(
            editing.write, actor, checkpoint, text=text, tags=tags, position=self._position
        )

    def _typed_again_later(self) -> None:
        with self._place:
            self._timer = ui.timer(5 * KEEP_AFTER, gesture(self._keep), once=True)
