"""The code of a guest, on their page of a class: with it they come back on another device."""

from fastapi import Request
from nicegui import ui

from services.core.secrets import spell_code
from ui.kit.copy_link import may_copy
from ui.kit.handlers import tell
from ui.kit.language import _
from ui.kit.raw_element import Piece


def own_code(request: Request, code: str | None) -> None:
    """Draw the code of a guest, and a button that copies it where the browser lets a page do that."""
    if code is None:
        return

    def copy() -> None:
        ui.clipboard.write(code)
        tell(_('Your code is copied.'))

    with Piece('div', 'own-code'):
        spelled = f'<b class="number" translate="no">{spell_code(code)}</b>'
        line = Piece('p')
        line.draw_html(_('Your code is {code}. With it you come back on any device.', code=spelled))
        if may_copy(request):
            button = Piece('button')
            button.draw_html(_('Copy'), classes='button-quiet')
            button.props['aria-label'] = _('Copy your code')
            button.on('click', copy, args=[[]])
