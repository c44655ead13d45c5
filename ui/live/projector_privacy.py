"""The quiet switch with which a learner keeps off the projector."""

from services.access import Actor
from services.core import database
from services.live.room import Room
from services.progress import enrollments
from ui.kit.handlers import gesture
from ui.kit.raw_element import Piece


class OwnShowing:
    """One button that is a switch; its word says how it stands."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._button = Piece('button').classes('button-quiet button-bare')
        self._button.on('click', gesture(self._switch), args=[[]])
        self.refresh()

    def refresh(self) -> None:
        """Show how it stands."""
        state, word = ('false', 'no') if self._is_hidden else ('true', 'yes')
        html = f'Show me on the projector: <b aria-hidden="true">{word}</b>'
        if html != self._button.props.get('innerHTML'):
            label = 'Show me on the projector'
            self._button.draw({'role': 'switch', 'aria-checked': state, 'aria-label': label, 'innerHTML': html})

    @property
    def _is_hidden(self) -> bool:
        return self._room.board.learner(self._actor.user_id).is_hidden

    async def _switch(self) -> None:
        await database.write(enrollments.hide, self._actor, self._room.board.course_id, not self._is_hidden)
        self.refresh()
