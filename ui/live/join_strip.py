"""The way into a class, on the projector at all times: QR code, class code, address."""

from html import escape
from io import BytesIO

import segno
from nicegui import ui

from services.core.secrets import spell_code


class JoinStrip:
    """Shows how to join; says so when joining is closed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._shown: tuple[str, bool] | None = None
        with ui.element('aside').classes('join-strip').props('aria-label="How to join"') as self.element:
            self._way = ui.html('', sanitize=False).classes('join-way')
            self.rest = ui.element('div').classes('join-rest')

    def show(self, code: str, *, is_open: bool) -> None:
        """Show the code that the class has now."""
        if self._shown == (code, is_open):
            return
        self._shown = code, is_open
        self._way.set_content(_way_in(self._address, code) if is_open else _CLOSED)


def _way_in(address: str, code: str) -> str:
    link = f'{address}/j/{code}'
    return (
        f'<div class="join-code-picture" role="img" aria-label="QR code that leads to {escape(link)}">{_qr(link)}</div>'
        f'<p class="code-large" translate="no">{spell_code(code)}</p>'
        f'<p class="join-address">{escape(address.partition("://")[2])}</p>'
    )


def _qr(link: str) -> str:
    drawn = BytesIO()
    segno.make(link, error='m').save(drawn, kind='svg', border=0, xmldecl=False, omitsize=True, svgclass=None)
    return drawn.getvalue().decode()


_CLOSED = '<p class="heading">Joining is closed</p><p class="hint">Your instructor can open it.</p>'
