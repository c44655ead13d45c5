"""Keys of a whole page, for as long as nobody types."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import KeyEventArguments

TYPED_INTO = ['input', 'select', 'textarea']
"""elements into which a person types"""


def on_key(pressed: Callable[[KeyEventArguments], object]) -> None:
    """Call a handler for each key that is pressed anywhere on the page, but not while somebody types."""
    keyboard = ui.keyboard(on_key=pressed, repeating=False)
    keyboard.props['ignore'] = TYPED_INTO
    keyboard.props['events'] = ['keydown']
