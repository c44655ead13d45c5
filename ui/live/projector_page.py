"""`/courses/{course_id}/projector`: how far are we, and how do I get in? It is sent only what it shows."""

from fastapi.responses import Response
from nicegui import ui
from nicegui.events import KeyEventArguments

from services.core import database
from services.live import class_access
from services.live import room as rooms
from services.live.board.views import Names
from services.live.room import Room
from ui.kit.language import say
from ui.kit.text import Text
from ui.live.class_screen import ClassScreen
from ui.live.help_count import HelpCount
from ui.live.join_strip import JoinStrip
from ui.live.pace_banner import PaceBanner
from ui.live.steering import KEYS, Steering, steer_by_keys
from ui.shell.address import public_address
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/projector', title='Projector')
    async def projector(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        await database.read(class_access.may_teach, actor, course_id)
        room = await rooms.enter(course_id)
        fullscreen = ui.fullscreen()
        with ui.element('div').classes('projector'):
            with ui.element('div').classes('projector-class'):
                with ui.element('div').classes('spread'):
                    Text('h1', room.board.title).classes('title')
                with ui.element('div').classes('spread'):
                    banner = PaceBanner(room)
                    HelpCount(room)
                screen = ClassScreen(room, lambda: _names(room), on_class=lambda: steered())
            strip = JoinStrip(public_address(visit.request))
            with strip.rest:
                ui.button('Full screen', on_click=fullscreen.toggle).props('flat no-caps').classes('button-quiet')
                Text('p', 'Keys: F full screen · G grid · L list').classes('hint')
                Text('p', say(KEYS)).classes('hint')

        def steered() -> None:
            strip.show(room.board.code, is_open=room.board.code_open)
            banner.refresh()

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
        steer_by_keys(Steering(room, actor))
        ui.timer(1.0, banner.tick)
        return None


def _names(room: Room) -> Names:
    session = room.board.session
    return Names(session.names.value) if session else Names.ALIAS
