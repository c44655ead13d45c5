"""The bar at the bottom that says what was just done and takes it back."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text

STAYS = 20.0


class Snackbar:
    """Says one thing at a time; it stays until it is used, replaced or 20 seconds old."""

    def __init__(self) -> None:
        self._undo: Callable[[], Awaitable[None]] | None = None
        with ui.element('div').classes('snackbar') as self._bar:
            self._said = Text('span').props('role=status')
            ui.button(_('Undo'), on_click=gesture(self.undo)).props('flat no-caps').classes('button-quiet')
        self._bar.visible = False
        self._timer = ui.timer(STAYS, self._hide, once=True, active=False)

    def show(self, sentence: str, undo: Callable[[], Awaitable[None]]) -> None:
        """Say what was done; `undo` takes it back."""
        self._undo = undo
        self._said.set_text(sentence)
        self._bar.visible = True
        self._timer.cancel()
        with self._bar:
            self._timer = ui.timer(STAYS, self._hide, once=True)

    async def undo(self) -> None:
        """Take back what was done last, if that is still offered."""
        undo, self._undo = self._undo, None
        self._hide()
        if undo:
            await undo()

    def _hide(self) -> None:
        self._undo = None
        self._bar.visible = False
        self._said.set_text('')
