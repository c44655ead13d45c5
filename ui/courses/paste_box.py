"""Where one types or pastes steps, one per line."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from services.core.errors import Invalid
from services.core.phrases import phrase
from ui.kit.handlers import gesture
from ui.kit.language import _, say

EXAMPLE = phrase('Collect a sample (5 min)\nWet the sample\nWrite down the colour (10 min)')


class PasteBox:
    """Opens below the steps of a module, and takes many of them at once."""

    def __init__(self, place: Element, module: str, add: Callable[[str], Awaitable[None]], *, first: bool) -> None:
        self._add = add
        with place, ui.element('div').classes('paste-box') as self.element:
            self._text = ui.textarea(_('Steps, one per line'), placeholder=say(EXAMPLE))
            self._text.props('outlined autogrow autofocus dir=auto stack-label input-class=paste-text')
            self._text.props['hint'] = _('Paste a list. “(5 min)” at the end of a line says how long the step takes.')
            self._text.props['aria-label'] = _('Steps for {module}, one per line', module=module)
            self._text.on('keydown.ctrl.enter.prevent', gesture(self._take), args=[[]])
            self._text.on('keydown.meta.enter.prevent', gesture(self._take), args=[[]])
            with ui.element('div').classes('line'):
                self._button = ui.button(_('Add steps'), on_click=gesture(self._take)).props('flat no-caps')
                self._button.classes('button-primary' if first else 'button-quiet')
                closing = ui.button(_('Close'), on_click=self.element.delete).props('flat no-caps')
                closing.classes('button-quiet button-bare')

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return not self.element.is_deleted

    def focus(self) -> None:
        """Put the cursor into it."""
        self._text.run_method('focus')

    async def _take(self) -> None:
        typed = self._text.value or ''
        try:
            await self._add(typed)
        except Invalid as refusal:
            self._text.error = say(refusal)
        else:
            self._text.error = None
            self._text.set_value('')
            self._button.classes(add='button-quiet', remove='button-primary')
        self.focus()
