"""A link or a token to hand on: to be read, selected, and copied where the browser lets a page do that."""

from fastapi import Request
from nicegui import ui

from services.core.server_address import LOCAL
from ui.kit.handlers import tell
from ui.kit.language import _
from ui.kit.text import Text


def may_copy(request: Request) -> bool:
    """Tell whether a page may copy something: browsers allow it over HTTPS and on this very machine."""
    return request.url.scheme == 'https' or request.url.hostname in LOCAL


def copy_link(request: Request, link: str, *, is_token: bool = False) -> ui.element:
    """Draw a link, with a button that copies it where a page may."""

    def copy() -> None:
        ui.clipboard.write(link)
        tell(_('The token is copied.') if is_token else _('The link is copied.'))

    with ui.element('div').classes('copy-link') as drawn:
        Text('span', link).classes('copy-link-text').props('dir=ltr translate=no')
        if may_copy(request):
            button = ui.button(_('Copy'), on_click=copy).props('flat no-caps').classes('button-quiet')
            button.props['aria-label'] = _('Copy the token') if is_token else _('Copy the link')
    return drawn
