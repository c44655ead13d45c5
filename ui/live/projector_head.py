"""What stands above the class on the projector: the checkpoint, the time, a pause, and how many are here and done."""

from html import escape

from nicegui import ui

from services.live.board.public_stats import FEWEST
from services.live.board.views import Headcount
from services.live.room import Room
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.text import Text
from ui.live.help_count import HelpCount
from ui.live.pace_banner import PaceBanner
from ui.live.projector_class import PublicClass


class Head:
    """The two lines above the class."""

    def __init__(self, room: Room) -> None:
        self._room = room
        with ui.element('header').classes('projector-head') as self._root:
            with ui.element('div').classes('projector-pace'):
                self._banner = PaceBanner(room)
            with ui.element('div').classes('projector-facts'):
                self._title = Text('h1', room.board.title)
                self._facts = Piece('span', 'projector-figures')
                self._help = HelpCount(room)
                self._frozen = Text('span').classes('chip projector-frozen').props('role=status')
        self._said = Text('p').classes('visually-hidden').props('role=status')
        self.show_frozen('')

    def refresh(self, shown: PublicClass) -> None:
        """Show everything as it is now."""
        self._title.set_text(self._room.board.title)
        self._banner.refresh()
        self._help.refresh()
        self.show_figures(shown)

    def show_figures(self, shown: PublicClass) -> None:
        """Show how many are here, and how far they are."""
        here = f'<span class="chip chip-here number">{escape(_here(shown.headcount))}</span>'
        self._facts.draw_html(here + _done_html(shown))

    def show_frozen(self, said: str) -> None:
        """Say that the picture stands still; nothing while it moves."""
        self._frozen.set_text(said)
        self._frozen.set_visibility(bool(said))

    def tick(self) -> None:
        """Show how much time is left now."""
        self._banner.tick()

    def announce(self, shown: PublicClass) -> None:
        """Say the figures to those who listen."""
        done = '' if shown.percent is None else _('{percent} % done', percent=shown.percent)
        self._said.set_text(' · '.join(fact for fact in (_here(shown.headcount), done) if fact))

    def set_visibility(self, visible: bool) -> None:
        """Show it, or make room for what fills the screen."""
        self._root.set_visibility(visible)


def _here(count: Headcount) -> str:
    """Say how many are here, of those who could be; who they are, and how quiet, is nobody's business in public."""
    everybody = count.here + count.lost + count.not_yet
    if everybody == count.here:
        return _('{number} here', number=count.here)
    return _('{number} of {everybody} here', number=count.here, everybody=everybody)


def _done_html(shown: PublicClass) -> str:
    if shown.percent is not None:
        return f'<span class="chip number">{_("{percent} % done", percent=shown.percent)}</span>'
    if not shown.lines or not shown.columns:
        return ''
    why = _('Percentages from {fewest} learners on, for privacy', fewest=FEWEST)
    return f'<span class="projector-why">{why}</span>'
