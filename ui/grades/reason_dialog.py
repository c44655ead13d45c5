"""Asks for the reason of a grade that replaces what a learner has reached, where it was typed without one."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.core.errors import DomainError
from services.grades.overrides import LONGEST_REASON
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text


def ask_reason(refusal: DomainError, keep: Callable[[str], Awaitable[None]], closed: Callable[[], None]) -> None:
    """Open a dialog that says why a reason is needed; `keep` is given the reason, `closed` is called in any case."""
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', _('Why another grade?')).classes('heading')
        said = Text('p', say(refusal)).props('role=alert')
        reason = ui.input(_('Reason')).props(f'outlined autofocus dir=auto maxlength={LONGEST_REASON}')

        async def save() -> None:
            try:
                await keep(reason.value or '')
            except DomainError as again:
                said.set_text(say(again))
                return
            dialog.close()

        reason.on('keydown.enter', gesture(save), args=[[]])
        with ui.element('div').classes('line'):
            ui.button(_('Save'), on_click=gesture(save)).props('flat no-caps').classes('button-primary')
            ui.button(_('Cancel'), on_click=dialog.close).props('flat no-caps').classes('button-quiet')

    def hidden() -> None:
        dialog.delete()
        closed()

    dialog.props['aria-label'] = _('Why another grade?')
    dialog.on('hide', hidden, args=[[]])
