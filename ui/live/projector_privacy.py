"""How a learner appears on the projector: by which name, another alias at one tap, and the switch that keeps them off.

The name stands on a tile as on the projector, filled as far as the learner is.
"""

from html import escape
from uuid import uuid4

from services.access import Actor
from services.core import database
from services.live import own_alias
from services.live.board.board import Board
from services.live.board.views import Names
from services.live.room import Room
from services.progress import enrollments
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.theme import filled


class OwnShowing:
    """The name by which the projector shows the learner, and one button that is a switch."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._swap_id = uuid4().hex
        self._name = Piece('p', 'own-alias')
        self._name.draw({'role': 'status'})
        self._swap_button = Piece('button')
        self._swap_button.on('click', gesture(self._swap), args=[[]])
        self._button = Piece('button')
        self._button.on('click', gesture(self._switch), args=[[]])
        self.refresh()

    def refresh(self) -> None:
        """Show how the learner appears now."""
        name = self._shown_name()
        is_alias = bool(name) and _names(self._room.board) is Names.ALIAS
        self._name.draw_html(self._said(name, is_alias=is_alias))
        self._swap_button.offer(_('Another name') if is_alias else '', 'button-quiet button-bare')
        board = self._room.board
        if board.session and not board.is_running:  # the class has ended, and no projector shows anybody
            self._button.offer('', '')
            return
        state, word = ('false', _('no')) if self._is_hidden else ('true', _('yes'))
        asked = _('Show me on the projector')
        html = f'{escape(asked)}: <b aria-hidden="true">{escape(word)}</b>'
        if html != self._button.props.get('innerHTML'):
            props = {'role': 'switch', 'aria-checked': state, 'aria-label': asked, 'innerHTML': html}
            self._button.draw(props, classes='button-quiet button-bare')

    def _shown_name(self) -> str:
        """Return the name on the projector; nothing for a learner who is not on it."""
        board = self._room.board
        learner = board.learner(self._actor.user_id)
        if not (board.is_running and learner.joined and not learner.is_hidden):
            return ''
        return learner.shown_as.get(_names(board), '')

    def _said(self, name: str, *, is_alias: bool) -> str:
        if not name:
            return ''
        board = self._room.board
        far = filled(board.percent_of(board.learner(self._actor.user_id)))
        marked = f'<b class="own-alias-name {far}" translate="no"><bdi>{escape(name)}</bdi></b>'
        return _('You are {name}', name=marked) if is_alias else _('On the projector you are {name}', name=marked)

    @property
    def _is_hidden(self) -> bool:
        return self._room.board.learner(self._actor.user_id).is_hidden

    async def _swap(self) -> None:
        """Take another alias; a tap that is sent twice takes one."""
        self._room.act(self._actor.user_id)
        tap_id = self._swap_id
        await database.write(own_alias.swap, self._actor, self._room.board.course_id, tap_id=tap_id)
        self._swap_id = uuid4().hex
        self.refresh()

    async def _switch(self) -> None:
        await database.write(enrollments.hide, self._actor, self._room.board.course_id, not self._is_hidden)
        self.refresh()


def _names(board: Board) -> Names:
    """Return by which names the projector of this class shows learners."""
    return Names(board.session.names.value) if board.session else Names.ALIAS
