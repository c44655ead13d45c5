"""Where the class is to be: each at their own pace, or everybody at one step; and whether it is paused."""

from nicegui import ui

from services.live import pacing
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import say
from ui.kit.text import Text, heading, hint
from ui.live.pace_banner import show_left
from ui.live.steering import KEYS, Steering

OWN_PACE = 0


class Pace:
    """Chooses the current step for all, and pauses the class. Whoever draws it calls `tick` once a second."""

    def __init__(self, room: Room, steering: Steering) -> None:
        self._room = room
        self._steering = steering
        heading('Pace')
        self._choice = ui.select({}, on_change=gesture(self._chosen)).props(
            'outlined options-dense label="Current step for everybody"'
        )
        with ui.element('div').classes('line'):
            self._before = ui.button('Previous', on_click=gesture(self._previous)).classes('button-quiet').props('flat')
            self._after = ui.button('Next', on_click=gesture(self._next)).classes('button-quiet').props('flat')
            self._left = Text('span').classes('chip pace-left number').props('role=timer')
        with ui.element('div').classes('pace-ready'):
            self._ready = Text('p').props('role=status')
            self._move_on = ui.button('Move on', on_click=gesture(self._next)).classes('button-quiet').props('flat')
        self._draw_pause()
        hint(KEYS)
        self.refresh()

    @property
    def reason(self) -> str:
        """Why the class would be paused now, as it is typed into the field."""
        return self._reason.value or ''

    def refresh(self) -> None:
        """Show where the class is."""
        board = self._room.board
        columns = [place.column for place in board.places]
        options = {OWN_PACE: 'Each at their own pace'}
        options |= {column.checkpoint_id: f'{column.number}  {column.title}' for column in columns}
        current = (board.session.current_checkpoint_id if board.session else None) or OWN_PACE
        self._choice.set_options(options, value=current if current in options else OWN_PACE)
        self._before.set_enabled(pacing.step_beside(board, -1) is not None)
        self._after.set_enabled(pacing.step_beside(board, 1) is not None)
        pause = pacing.pause_of(board)
        self._paused.set_text(say(pause or ''))
        self._paused.visible = pause is not None
        self._reason.visible = pause is None
        if pause is not None:
            self._reason.set_value('')
        self._button.set_text('Pause the class' if pause is None else 'Go on')
        self._button.classes(
            add='button-quiet' if pause is None else 'button-primary', remove='button-quiet button-primary'
        )
        self.tick()

    def tick(self) -> None:
        """Show how much time is left now, and whether most are done."""
        show_left(self._left, self._room)
        share = pacing.share_done(self._room.board)
        self._ready.set_text(f'{share} % are done with this step.' if share is not None else '')
        self._move_on.visible = share is not None

    def _draw_pause(self) -> None:
        self._paused = Text('p').classes('pace-pause').props('role=status')
        self._reason = ui.input('Reason for a pause, for all to see').props('outlined dense maxlength=120')
        self._reason.on('keydown.enter', gesture(self._pause_or_resume), args=[[]])
        self._button = ui.button(on_click=gesture(self._pause_or_resume)).props('flat no-caps')

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
