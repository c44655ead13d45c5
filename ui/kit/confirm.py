"""Asking once before something that cannot be taken back by itself."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text


def ask(question: str, consequence: str, *, yes: str, then: Callable[[], Awaitable[None]], no: str = '') -> None:
    """Ask, and do it after a yes; what changes nothing comes first and has the focus."""

    async def agreed() -> None:
        dialog.close()
        await then()

    with ui.dialog(value=True) as dialog, ui.card():
        Text('h2', question).classes('heading')
        Text('p', consequence).classes('body')
        with ui.element('div').classes('line'):
            ui.button(no or _('Cancel'), on_click=dialog.close).props('flat no-caps autofocus').classes('button-quiet')
            ui.button(yes, on_click=gesture(agreed)).props('flat no-caps').classes('button-danger')
    dialog.props['aria-label'] = question
    dialog.on('hide', dialog.delete)
