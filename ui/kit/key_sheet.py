"""The sheet of a page's keys: by `?`, or by a button."""

from collections.abc import Callable, Sequence
from html import escape

from nicegui import ui
from nicegui.events import KeyEventArguments

from ui.kit.keys import on_key
from ui.kit.language import _
from ui.kit.text import Text, named

Rows = Sequence[tuple[str, str]]
"""keys, each with what it does"""


def key_sheet(rows: Callable[[], Rows]) -> None:
    """Draw the button of the sheet, and listen to `?`; nothing is drawn of the sheet until it is asked for."""
    opened: list[ui.dialog] = []

    def open_sheet() -> None:
        if not opened:
            with place:
                opened.append(_draw(rows(), opened.clear))

    def pressed(event: KeyEventArguments) -> None:
        if event.key.name == '?' and not (event.modifiers.ctrl or event.modifiers.meta):
            open_sheet()

    button = Text('button', _('Keys')).classes('button-quiet button-bare keys-button')
    button.props('type=button aria-haspopup=dialog aria-keyshortcuts=?')
    button.on('click', open_sheet, args=[[]])
    place = ui.element('div').classes('search-place')
    on_key(pressed)


def _draw(rows: Rows, closed: Callable[[], None]) -> ui.dialog:
    with ui.dialog(value=True) as dialog, ui.card().classes('key-sheet'):
        Text('h2', _('Keys of this page')).classes('heading')
        lines = ''.join(f'<div><dt>{_keys(keys)}</dt><dd dir="auto">{escape(does)}</dd></div>' for keys, does in rows)
        ui.html(lines, sanitize=False, tag='dl')
        ui.button(_('Close'), on_click=dialog.close).props('flat no-caps autofocus').classes('button-primary')

    def hidden() -> None:
        dialog.delete()
        closed()

    named(dialog, _('Keys of this page')).on('hide', hidden, args=[[]])
    return dialog


def _keys(keys: str) -> str:
    return ' '.join(f'<kbd>{escape(key)}</kbd>' for key in keys.split())
