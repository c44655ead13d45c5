"""The buttons of the projector, each with its key; three seconds after the mouse has moved they are gone.

An animation of the style sheet hides them; a movement of the mouse starts it anew by changing from one of two equal
animations to the other. Focus by keyboard shows them as long as it stays.
"""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import KeyEventArguments

from ui.kit.handlers import gesture
from ui.kit.key_sheet import key_sheet
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.live.steering import key_rows

TYPED_INTO = ['input', 'select', 'textarea']
MOVES_NOTICED = 1.0
"""seconds between two movements of the mouse that show the buttons for longer"""

Press = Callable[[], Awaitable[None] | None]


class Controls:
    """A row of buttons. `presses` has what each key does."""

    def __init__(self, mouse: ui.element, presses: dict[str, Press]) -> None:
        """`mouse` is the element over which the mouse is noticed."""
        self._presses = presses
        self._buttons: dict[str, Piece] = {}
        self._is_odd = False
        self._mouse = mouse
        with ui.element('nav').classes('wall-controls') as nav:
            nav.props['aria-label'] = _('What the projector shows')
            for key, word in _words().items():
                self._draw_button(key, word)
            key_sheet(_key_rows)
        mouse.on('mousemove', self._moved, args=[[]], throttle=MOVES_NOTICED, trailing_events=False)
        ui.keyboard(on_key=self._typed, repeating=False).props['ignore'] = TYPED_INTO
        self._moved()

    def show_pressed(self, **pressed: bool) -> None:
        """Show which of them are on."""
        for key, is_on in pressed.items():
            state = 'true' if is_on else 'false'
            if self._buttons[key].props.get('aria-pressed') != state:
                self._buttons[key].draw({'aria-pressed': state})

    def _draw_button(self, key: str, word: str) -> None:
        button = Piece('button', 'button-quiet')
        button.draw(
            {'type': 'button', 'innerHTML': f'{word} <kbd>{key.upper()}</kbd>', 'aria-keyshortcuts': key.upper()}
        )
        button.on('click', lambda: self._press(key), args=[[]])
        self._buttons[key] = button

    def _moved(self) -> None:
        self._is_odd = not self._is_odd
        self._mouse.classes(
            add='wall-moved-odd' if self._is_odd else 'wall-moved-even', remove='wall-moved-odd wall-moved-even'
        )

    async def _typed(self, event: KeyEventArguments) -> None:
        key = str(event.key)
        key = key.lower() if len(key) == 1 else key
        if event.action.keydown and not event.modifiers and key in self._presses:
            await self._press(key)

    async def _press(self, key: str) -> None:
        @gesture
        async def pressed() -> None:
            outcome = self._presses[key]()
            if outcome is not None:
                await outcome

        await pressed()


def _key_rows() -> list[tuple[str, str]]:
    """Return the keys of the projector, for the sheet of keys."""
    of_buttons = [(key.upper(), word) for key, word in _words().items()]
    steering = [row for row in key_rows() if row[0] != '/']  # nothing is searched for on the wall
    return [*of_buttons, ('↑ ↓', _('Turn the pages of those who are shown')), *steering]


def _words() -> dict[str, str]:
    return {
        'r': _('Rows'),
        't': _('Tiles'),
        's': _('Summary'),
        'i': _('Step'),
        'a': _('Question'),
        'j': _('Way in'),
        'z': _('Freeze'),
        'f': _('Full screen'),
    }
