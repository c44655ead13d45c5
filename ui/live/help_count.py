"""How many are waiting for help, on the projector: a number, and nobody's name."""

from services.live.board import help_views
from services.live.room import Room
from ui.kit.language import ngettext
from ui.kit.text import Text


class HelpCount:
    """A figure that is there only while somebody is waiting. The page that draws it calls `refresh`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._shown = Text('span').classes('chip chip-attention number')
        self.refresh()

    def refresh(self) -> None:
        """Show the number as it is now."""
        waiting = help_views.how_many(self._room.board)
        self._shown.set_text(ngettext('{count} waiting for help', '{count} waiting for help', waiting))
        self._shown.set_visibility(waiting > 0)
