"""Where the class is to be: each at their own pace, or everybody at one step."""

from nicegui import ui

from services.access import Actor
from services.core import database
from services.live import sessions
from services.live.room import Room
from ui.components.text import heading
from ui.gestures import gesture

OWN_PACE = 0


class Pace:
    """Chooses the current step for all."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        heading('Pace')
        self._choice = ui.select({}, on_change=gesture(self._chosen)).props(
            'outlined options-dense label="Current step for everybody"'
        )
        with ui.element('div').classes('line'):
            self._before = ui.button('Previous', on_click=gesture(self._previous)).classes('button-quiet').props('flat')
            self._after = ui.button('Next', on_click=gesture(self._next)).classes('button-quiet').props('flat')
        self.refresh()

    def refresh(self) -> None:
        """Show where the class is."""
        board = self._room.board
        columns = [place.column for place in board.places]
        options = {OWN_PACE: 'Each at their own pace'}
        options |= {column.checkpoint_id: f'{column.number}  {column.title}' for column in columns}
        current = (board.session.current_checkpoint_id if board.session else None) or OWN_PACE
        self._choice.set_options(options, value=current if current in options else OWN_PACE)
        index = board.index_of(current)
        self._before.set_enabled(index is not None and index > 0)
        self._after.set_enabled(bool(columns) and (index is None or index < len(columns) - 1))

    async def _chosen(self) -> None:
        board = self._room.board
        chosen = self._choice.value or None
        if board.session and chosen != board.session.current_checkpoint_id:
            await self._lead_to(chosen)

    async def _previous(self) -> None:
        await self._step(-1)

    async def _next(self) -> None:
        await self._step(1)

    async def _step(self, by: int) -> None:
        board = self._room.board
        index = board.index_of(board.session.current_checkpoint_id if board.session else None)
        target = 0 if index is None else index + by
        if 0 <= target < len(board.places):
            await self._lead_to(board.places[target].column.checkpoint_id)

    async def _lead_to(self, checkpoint_id: int | None) -> None:
        try:
            await database.write(sessions.set_current, self._actor, self._room.board.course_id, checkpoint_id)
        finally:
            self.refresh()
