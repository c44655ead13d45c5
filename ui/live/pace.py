"""Where the class is to be: each at their own pace, or everybody at one checkpoint; and whether it is paused."""

from nicegui import ui

from services.access import Actor
from services.live import pacing
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint
from ui.live.class_time import ClassTime
from ui.live.steering import KEYS, Steering

OWN_PACE = 0


class Pace:
    """Chooses the current checkpoint for all, and pauses the class. The page that draws it calls `tick` once a
    second.
    """

    def __init__(self, room: Room, actor: Actor, steering: Steering) -> None:
        self._room = room
        self._steering = steering
        heading(_('Pace'))
        self._choice = ui.select({}, label=_('Current step for everybody'), on_change=gesture(self._chosen))
        self._choice.props('outlined options-dense')
        self._paused = Text('p').classes('pace-pause').props('role=status')
        with ui.element('div').classes('pace-steer'):
            self._before = ui.button(_('Previous'), on_click=gesture(self._previous)).props('flat no-caps')
            self._before.classes('button-quiet')
            self._after = ui.button(_('Next'), on_click=gesture(self._next)).props('flat no-caps')
            self._after.classes('button-quiet')
            self._button = ui.button(on_click=gesture(self._pause_or_resume)).props('flat no-caps')
        self._reason = ui.input(_('Reason for the pause'), autocomplete=[_('Eyes to the front'), _('5-minute break')])
        self._reason.props('outlined dense maxlength=120')
        self._reason.on('keydown.enter', gesture(self._pause_or_resume), args=[[]])
        self._time = ClassTime(room, actor, steering)
        self._ready = Text('p').classes('pace-ready').props('role=status')
        hint(say(KEYS)).classes('keys-hint')
        self.refresh()

    @property
    def reason(self) -> str:
        """Why the class would be paused now, as it is typed into the field."""
        return self._reason.value or ''

    def refresh(self) -> None:
        """Show where the class is."""
        board = self._room.board
        columns = [place.column for place in board.places]
        options = {OWN_PACE: _('Own pace')}
        options |= {column.checkpoint_id: f'{column.number}  {column.title}' for column in columns}
        current = (board.session.current_checkpoint_id if board.session else None) or OWN_PACE
        self._choice.set_options(options, value=current if current in options else OWN_PACE)
        self._before.set_enabled(pacing.checkpoint_beside(board, -1) is not None)
        self._after.set_enabled(pacing.checkpoint_beside(board, 1) is not None)
        pause = pacing.pause_of(board)
        self._paused.set_text(say(pause or ''))
        self._paused.visible = pause is not None
        self._reason.visible = pause is None
        if pause is not None:
            self._reason.set_value('')
        self._button.set_text(_('Pause the class') if pause is None else _('Go on'))
        self._button.classes(
            add='button-quiet' if pause is None else 'button-primary', remove='button-quiet button-primary'
        )
        self.tick()

    def tick(self) -> None:
        """Show how much time is left now, and whether most are done."""
        self._time.tick()
        share = pacing.share_done(self._room.board)
        is_ready = share is not None
        self._ready.set_text(_('{percent} % are done with this step.', percent=share) if is_ready else '')
        self._after.classes(add='button-primary' if is_ready else 'button-quiet', remove='button-primary button-quiet')

    async def _pause_or_resume(self) -> None:
        await self._steering.pause_or_resume(self.reason)

    async def _chosen(self) -> None:
        board = self._room.board
        chosen = self._choice.value or None
        if board.session and chosen != board.session.current_checkpoint_id:
            try:
                await self._steering.lead_to(chosen)
            finally:
                self.refresh()

    async def _previous(self) -> None:
        await self._steering.step(-1)

    async def _next(self) -> None:
        await self._steering.step(1)
