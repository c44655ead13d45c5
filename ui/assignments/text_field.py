"""The text of a draft: saved while it is typed, with a line that says what is on disk."""

import asyncio
from contextlib import suppress
from datetime import datetime

from nicegui import background_tasks, ui

from services.access import Actor
from services.assignments import submissions
from services.assignments.submissions import LONGEST_TEXT
from services.core import database
from services.core.errors import DomainError
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.markdown_field import MarkdownField
from ui.kit.text import Text
from ui.kit.time_format import local

SAVE_AFTER = 0.8
"""Seconds after the first key until a text is saved; more keys do not delay it."""


class TextField:
    """What a learner writes."""

    def __init__(self, actor: Actor, checkpoint_id: int, *, text: str, saved_at: datetime | None) -> None:
        self._actor = actor
        self._checkpoint_id = checkpoint_id
        self._saved, self._saved_at = text, saved_at
        self._waiting: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._editor = MarkdownField(_('Your text'), text)
        self._field = self._editor.field
        self._editor.element.classes('assignment-text')
        self._field.props(f'maxlength={LONGEST_TEXT}')
        self._field.on_value_change(self._changed)
        self._said = Text('p').classes('saved-line').props('role=status')
        self._again = ui.button(_('Save again'), on_click=gesture(self.save)).props('flat no-caps')
        self._again.classes('button-quiet').visible = False
        self._tell()

    @property
    def is_unsaved(self) -> bool:
        """Whether the learner sees a text that is not on disk."""
        return self._editor.text.strip() != self._saved

    async def save(self) -> None:
        """Save what is typed; raises why it could not be, and keeps it in the field."""
        async with self._one_at_a_time:
            text = self._editor.text
            if text.strip() == self._saved:
                return
            try:
                self._saved_at = await database.write(
                    submissions.save_text, self._actor, self._checkpoint_id, text=text, seen=self._saved_at
                )
            except DomainError as refusal:
                self._said.set_text(_('Not saved: {reason}', reason=say(refusal)))
                self._again.visible = True
                raise
            self._saved = text.strip()
            self._again.visible = False
        self._tell()

    async def save_quietly(self) -> None:
        """Save what is typed where nobody can read a refusal."""
        with suppress(DomainError):
            await self.save()

    def _changed(self) -> None:
        if not self.is_unsaved:
            return
        self._said.set_text(_('Saving …'))
        if self._waiting is None or self._waiting.done():
            self._waiting = background_tasks.create(self._soon(), name='save a text')

    async def _soon(self) -> None:
        await asyncio.sleep(SAVE_AFTER)
        self._waiting = None
        with self._editor.element:
            await gesture(self.save)()

    def _tell(self) -> None:
        if self.is_unsaved:
            self._said.set_text(_('Saving …'))
        elif self._saved_at is None:
            self._said.set_text(_('Your text is saved while you type. You can use Markdown.'))
        else:
            self._said.set_text(_('Saved at {time}', time=f'{local(self._saved_at):%H:%M}'))
