"""The way into a class on the projector: address, class code and QR code, large or at the side."""

from html import escape

from services.core.secrets import spell_code
from ui.kit.language import _
from ui.kit.qr_picture import qr_html
from ui.kit.raw_element import Piece


class JoinStrip:
    """The way in at the side, and below it the checkpoints."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._root = Piece('aside', 'join-strip')
        self._root.draw({'aria-label': _('How to join, and the steps')})
        with self._root:
            self._way = Piece('div', 'join-way')
            self._checkpoints = Piece('ol', 'join-steps')
            self._checkpoints.draw({'aria-label': _('Steps')})

    def show(self, code: str, *, is_open: bool, checkpoints: str, lines: int) -> None:
        """Show the code that the class has now, and the list of checkpoints, whose titles may take so many lines."""
        self._way.draw_html(way_in_html(self._address, code) if is_open else closed_html())
        classes = f'join-steps join-lines-{lines}' if checkpoints else 'hidden'
        self._checkpoints.draw_html(
            checkpoints, classes=None if ' '.join(self._checkpoints.classes) == classes else classes
        )

    def set_visibility(self, visible: bool) -> None:
        """Show it, or make room for what fills the screen."""
        classes = 'join-strip' if visible else 'join-strip hidden'
        if ' '.join(self._root.classes) != classes:
            self._root.draw({}, classes=classes)


def way_in_html(address: str, code: str) -> str:
    """Return the picture that phones read, the code, and the address."""
    return (
        f'{qr_html(f"{address}/j/{code}")}<div class="join-words"><p class="join-ask">{_("Scan, or open")}</p>'
        f'<p class="join-address" translate="no" dir="ltr">{escape(address.partition("://")[2])}</p>'
        f'<p class="join-ask">{_("and type")}</p>'
        f'<p class="join-code" translate="no" dir="ltr">{spell_code(code)}</p></div>'
    )


def closed_html() -> str:
    """Return why there is no code."""
    return (
        f'<div class="join-words join-closed"><p><b>{_("Joining is closed")}</b></p>'
        f'<p>{_("Your instructor can open it.")}</p></div>'
    )
