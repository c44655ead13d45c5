"""How a learner appears on the projector: by which name, and the quiet switch that keeps them off it."""

from html import escape

from services.access import Actor
from services.core import database
from services.live.board.views import Names
from services.live.room import Room
from services.progress import enrollments
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece


class OwnShowing:
    """The name by which the projector shows the learner, and one button that is a switch."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._name = Piece('p').classes('own-alias')
        self._button = Piece('button').classes('button-quiet button-bare')
        self._button.on('click', gesture(self._switch), args=[[]])
        self.refresh()

    def refresh(self) -> None:
        """Show how the learner appears now."""
        self._name.draw_html(self._shown_as())
        state, word = ('false', _('no')) if self._is_hidden else ('true', _('yes'))
        asked = _('Show me on the projector')
        html = f'{escape(asked)}: <b aria-hidden="true">{escape(word)}</b>'
        if html != self._button.props.get('innerHTML'):
            self._button.draw({'role': 'switch', 'aria-checked': state, 'aria-label': asked, 'innerHTML': html})

    def _shown_as(self) -> str:
        """Return the name on the projector in a sentence; nothing for a learner who is not on it."""
        board = self._room.board
        learner = board.learner(self._actor.user_id)
        name = learner.shown_as.get(Names(board.session.names.value) if board.session else Names.ALIAS, '')
        if not (name and board.is_running and learner.joined and not learner.is_hidden):
            return ''
        marked = f'<b class="own-alias-name" translate="no"><bdi>{escape(name)}</bdi></b>'
        return _('On the projector you are {name}', name=marked)

    @property
    def _is_hidden(self) -> bool:
        return self._room.board.learner(self._actor.user_id).is_hidden

    async def _switch(self) -> None:
        await database.write(enrollments.hide, self._actor, self._room.board.course_id, not self._is_hidden)
        self.refresh()
