"""Asks which of two grades counts, where another one was set while this one was typed."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.core.errors import DomainError
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text


def ask_which(
    refusal: DomainError,
    name: str,
    typed: str,
    again: Callable[[], Awaitable[None]],
    closed: Callable[[], None],
) -> None:
    """Open a dialog with the other grade and the typed one; `again` sets the typed one, `closed` is called always."""
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', _('Two grades for {name}', name=name)).classes('heading')
        Text('p', say(refusal)).props('role=alert')
        Text('p', _('You typed “{typed}”.', typed=typed) if typed else _('You emptied the cell.'))

        async def put_mine() -> None:
            dialog.close()
            await again()

        with ui.element('div').classes('line'):
            ui.button(_('Leave it as it is'), on_click=dialog.close).props('flat no-caps autofocus').classes(
                'button-primary'
            )
            ui.button(_('Put mine in its place'), on_click=gesture(put_mine)).props('flat no-caps').classes(
                'button-quiet'
            )

    def hidden() -> None:
        dialog.delete()
        closed()

    dialog.props['aria-label'] = _('Two grades for {name}', name=name)
    dialog.on('hide', hidden, args=[[]])
