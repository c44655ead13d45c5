"""`/courses/{course_id}/projector`: how far are we, and how do I get in? It is sent only what it shows."""

from fastapi.responses import Response
from nicegui import ui
from nicegui.events import KeyEventArguments

from services.core import database
from services.live import attendance
from services.live import room as rooms
from services.live.room import Room
from services.live.views import Names
from ui.address import public_address
from ui.components.class_screen import ClassScreen
from ui.components.join_strip import JoinStrip
from ui.components.text import Text
from ui.page import page
from ui.visits import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/projector', title='Projector')
    async def projector(visit: Visit, course_id: int) -> Response | None:
        await database.read(attendance.may_teach, visit.signed_in(), course_id)
        room = await rooms.enter(course_id)
        fullscreen = ui.fullscreen()
        with ui.element('div').classes('projector'):
            with ui.element('div').classes('projector-class'):
                with ui.element('div').classes('spread'):
                    Text('h1', room.board.title).classes('title')
                    now = Text('p').classes('heading')
                screen = ClassScreen(room, lambda: _names(room), on_class=lambda: steered())
            strip = JoinStrip(public_address(visit.request))
            with strip.rest:
                ui.button('Full screen', on_click=fullscreen.toggle).props('flat no-caps').classes('button-quiet')
                Text('p', 'Keys: F full screen · G grid · L list').classes('hint')

        def steered() -> None:
            strip.show(room.board.code, is_open=room.board.code_open)
            now.set_text(_now(room))

        def key(event: KeyEventArguments) -> None:
            if event.action.keydown and not event.modifiers:
                match str(event.key).lower():
                    case 'f':
                        fullscreen.toggle()
                    case 'g':
                        screen.shape.set_value('grid')
                    case 'l':
                        screen.shape.set_value('list')

        steered()
        ui.keyboard(on_key=key)
        return None


def _names(room: Room) -> Names:
    session = room.board.session
    return Names(session.names.value) if session else Names.ALIAS


def _now(room: Room) -> str:
    board = room.board
    if not board.is_running:
        return 'The class has ended' if board.session else 'The class has not started yet'
    index = board.index_of(board.session.current_checkpoint_id if board.session else None)
    if index is None:
        return 'Each at their own pace'
    column = board.places[index].column
    return f'Now: {column.number}  {column.title}'
