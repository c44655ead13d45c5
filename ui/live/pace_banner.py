"""The pace as everybody in the room sees it: the current checkpoint, the time for it, and a pause with its reason."""

from datetime import timedelta

from services.core import clock
from services.live import pacing
from services.live.room import Room
from ui.kit.language import _, say
from ui.kit.text import Text

SOON = timedelta(minutes=1)
"""what is left when the countdown takes the colour of work that should come to its end"""


class PaceBanner:
    """The current checkpoint, large. The page that draws it calls `refresh` and, once a second, `tick`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._checkpoint = Text('p').classes('pace-step')
        self._left = Text('span').classes('chip pace-left number').props('role=timer')
        self._pause = Text('p').classes('pace-pause').props('role=status')
        self.refresh()

    def refresh(self) -> None:
        """Show where the class is."""
        board = self._room.board
        self._checkpoint.set_text(_now(self._room))
        pause = pacing.pause_of(board)
        self._pause.set_text(say(pause or ''))
        self._pause.visible = pause is not None
        self.tick()

    def tick(self) -> None:
        """Show how much time is left now."""
        show_left(self._left, self._room)


def show_left(shown: Text, room: Room) -> None:
    """Show how much time is left for the current checkpoint, if it has a time."""
    left = pacing.time_left(room.board, clock.now())
    shown.visible = left is not None
    if left is None:
        return
    is_paused = pacing.pause_of(room.board) is not None
    look = 'pace-over' if left < timedelta(0) else 'pace-soon' if left <= SOON else ''
    shown.classes(add=look, remove='pace-over pace-soon')
    shown.set_text(say(pacing.countdown(left, paused=is_paused)))


def _now(room: Room) -> str:
    board = room.board
    if not board.is_running:
        return _('The class has ended') if board.session else _('The class has not started yet')
    index = board.index_of(board.session.current_checkpoint_id if board.session else None)
    if index is None:
        return _('Each at their own pace')
    column = board.places[index].column
    return _('Now: {number}  {title}', number=column.number, title=column.title)
