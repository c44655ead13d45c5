"""The way into a class on the instructor's own page: large, until somebody has come."""

from html import escape

from services.core.secrets import spell_code
from services.live.board.views import Headcount
from services.live.room import Room
from ui.kit.language import _
from ui.kit.qr_picture import qr_html
from ui.kit.raw_element import Piece


class WayIn:
    """The code, its picture and the address; nothing from the first learner on."""

    def __init__(self, room: Room, address: str) -> None:
        """`address` is where phones reach this server."""
        self._room = room
        self._address = address

    def draw(self) -> None:
        """Draw its place."""
        self._root = Piece('section', 'hidden')
        self._root.props['aria-label'] = _('Joining')

    def show(self, headcount: Headcount) -> None:
        """Show the code that the class has now, while nobody is or was here."""
        board = self._room.board
        is_needed = board.code_open and not (headcount.here or headcount.lost)
        self._root.offer(self._html(board.code) if is_needed else '', 'way-in')

    def _html(self, code: str) -> str:
        how = _('Learners open {address} and type this code.', address=self._address.partition('://')[2])
        return (
            f'{qr_html(f"{self._address}/j/{code}")}<div><p class="hint">{escape(how)}</p>'
            f'<p class="code-large" translate="no" dir="ltr">{spell_code(code)}</p></div>'
        )
