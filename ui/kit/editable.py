"""A text that is changed where it stands: saved when the person leaves it or presses Enter."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.core.errors import Invalid
from ui.kit.handlers import gesture
from ui.kit.language import say
from ui.kit.markdown import prose


class Editable:
    """One text. `save` stores it; a refusal is shown below the text, and what was typed stays.

    A text of several `lines` is Markdown: it is drawn as learners see it until somebody changes it.
    """

    def __init__(
        self,
        label: str,
        value: str,
        save: Callable[[str], Awaitable[None]],
        *,
        look: str = '',
        placeholder: str = '',
        lines: bool = False,
    ) -> None:
        self._save = save
        self._stored = value
        self._saving = False
        self._place = ui.element('div').classes('editable-place')
        with self._place:
            self.field = ui.textarea(value=value, placeholder=placeholder).classes(f'editable {look}')
            self._drawn = prose(value).props('aria-hidden=true') if lines else None
        self.field.props('borderless autogrow rows=1 dir=auto')
        self.field.props['aria-label'] = label
        self.field.on('blur', gesture(self._keep), args=[[]])
        self.field.on('keydown.esc', self._put_back, args=[[]])
        if not lines:
            self.field.on('keydown.enter.prevent', gesture(self._keep), args=[[]])

    def show(self, value: str) -> None:
        """Show what is stored, unless somebody is changing it here."""
        untouched = self.field.value == self._stored
        if self._drawn and value != self._stored:
            self._drawn.delete()
            with self._place:
                self._drawn = prose(value).props('aria-hidden=true')
        self._stored = value
        if untouched and not self._saving:
            self.field.set_value(value)

    async def _keep(self) -> None:
        typed = self.field.value or ''
        if typed == self._stored:
            self.field.error = None
        if typed == self._stored or self._saving:
            return
        self._saving = True
        try:
            await self._save(typed)
        except Invalid as refusal:
            self.field.error = say(refusal)
        else:
            self.field.error = None
            if self.field.value == typed:
                self.field.set_value(self._stored)
        finally:
            self._saving = False

    def _put_back(self) -> None:
        self.field.error = None
        self.field.set_value(self._stored)
