"""Where one types or pastes checkpoints, one per line."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from services.core.errors import Invalid
from services.core.phrases import phrase
from services.courses import pasted
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text

EXAMPLE = phrase('Collect a sample (5 min)\nWet the sample\nWrite down the colour (10 min)')


MOST_FORETOLD = 40_000
"""characters; of a longer text it is not said beforehand what becomes of it"""
PAUSE = 0.3
"""seconds without a key after which it is said"""


class PasteBox:
    """Opens below the checkpoints of a module, and takes many of them at once."""

    def __init__(self, place: Element, module: str, add: Callable[[str], Awaitable[None]], *, first: bool) -> None:
        self._add = add
        self._pause: ui.timer | None = None
        with place, ui.element('div').classes('paste-box') as self.element:
            self._text = ui.textarea(_('Steps, one per line'), placeholder=say(EXAMPLE), on_change=self._typed)
            self._text.props('outlined autogrow autofocus dir=auto stack-label input-class=paste-text')
            self._text.props['hint'] = _(
                'Paste a list. “(5 min)” at the end of a line says how long the step takes, the address of a video '
                'makes it a video.'
            )
            self._text.props['aria-label'] = _('Steps for {module}, one per line', module=module)
            self._text.on('keydown.ctrl.enter.prevent', gesture(self._take), args=[[]])
            self._text.on('keydown.meta.enter.prevent', gesture(self._take), args=[[]])
            with ui.element('div').classes('line'):
                self._button = ui.button(_('Add steps'), on_click=gesture(self._take)).props('flat no-caps')
                self._button.classes('button-primary' if first else 'button-quiet')
                self._foretold = Text('span').classes('hint number').props('role=status')
                closing = ui.button(_('Close'), on_click=self.element.delete).props('flat no-caps')
                closing.classes('button-quiet button-bare')

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return not self.element.is_deleted

    def focus(self) -> None:
        """Put the cursor into it."""
        self._text.run_method('focus')

    def _typed(self) -> None:
        """Wait for a pause: what is typed is here at once, so that it can be added at once."""
        if self._pause:
            self._pause.cancel()
        with self.element:
            self._pause = ui.timer(PAUSE, self._foretell, once=True)

    def _foretell(self) -> None:
        """Say what becomes of the text that is typed: how many checkpoints, and how long they take."""
        typed = self._text.value
        lines = pasted.read(typed) if typed and len(typed) <= MOST_FORETOLD else []
        minutes = sum(line.minutes or 0 for line in lines)
        checkpoints = ngettext('{count} step', '{count} steps', len(lines)) if lines else ''
        time = _('{minutes} min', minutes=minutes) if minutes else ''
        self._foretold.set_text(' · '.join(part for part in (checkpoints, time) if part))

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
