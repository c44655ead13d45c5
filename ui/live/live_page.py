"""`/courses/{course_id}/live`: the instructor in class. Who is where, and can we move on?"""

from collections.abc import Callable

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.core.secrets import spell_code
from services.enums import NameDisplay
from services.live import class_access, sessions
from services.live import room as rooms
from services.live.board.views import Names
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.text import Text, heading, title
from ui.live.alerts_panel import NeedsLook
from ui.live.class_screen import ClassScreen
from ui.live.help_panel import HelpPanel
from ui.live.pace import Pace
from ui.live.steering import Steering, steer_by_keys
from ui.shell.page import page
from ui.shell.request import Visit

ON_PROJECTOR = {
    NameDisplay.ALIAS: 'Animal aliases',
    NameDisplay.INITIALS: 'Initials',
    NameDisplay.FIRST_NAME: 'First names',
    NameDisplay.FULL: 'Full names',
}


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/live', title='Class')
    async def live(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        await database.read(class_access.may_teach, actor, course_id)
        room = await rooms.enter(course_id)
        if room.board.is_running:
            _class(room, actor)
        else:
            _no_class(room, actor)
        return None


def _class(room: Room, actor: Actor) -> None:
    board = room.board
    with ui.element('header').classes('frame-header'):
        ui.link('Waymark', f'/courses/{board.course_id}').classes('wordmark')
        Text('h1', board.title).classes('frame-title')
        with ui.element('div').classes('frame-actions'):
            show_clock = _clock(room)
            ui.link('Projector', f'/courses/{board.course_id}/projector', new_tab=True).classes('button-primary')
            ui.button('End the class', on_click=lambda: _ask_to_end(room, actor)).props('flat no-caps').classes(
                'button-danger'
            )
    with ui.element('div').classes('page-full live'):
        with ui.element('aside').classes('live-side stack').props('aria-label="Lead the class"'):
            steering = Steering(room, actor)
            pace = Pace(room, steering)
            heading('Names on the projector')
            ui.select(
                ON_PROJECTOR,
                value=board.session.names if board.session else None,
                on_change=gesture(
                    lambda event: database.write(sessions.set_names, actor, board.course_id, event.value)
                ),
            ).props('outlined dense aria-label="Names on the projector"')
            heading('Join code')
            code = Text('p', spell_code(board.code)).classes('title number').props('translate=no')

        def steered() -> None:
            if room.board.is_running:
                pace.refresh()
                code.set_text(spell_code(room.board.code))
            else:
                ui.navigate.reload()

        screen = ClassScreen(room, lambda: Names.TEACHER, on_class=steered)
        with ui.element('aside').classes('live-side live-look stack').props('aria-label="Who needs you"'):
            HelpPanel(room, actor)
            NeedsLook(room, actor, on_name=screen.find.set_value)
    steer_by_keys(steering, lambda: pace.reason)

    def tick() -> None:
        show_clock()
        pace.tick()

    ui.timer(1.0, tick)


def _clock(room: Room) -> Callable[[], None]:
    """Show how long the class has been on; returns what shows it again."""
    session = room.board.session
    shown = Text('span').classes('chip chip-live number')

    def tick() -> None:
        seconds = int((clock.now() - session.started_at).total_seconds()) if session else 0
        shown.set_text(f'live {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}')

    tick()
    return tick


def _ask_to_end(room: Room, actor: Actor) -> None:
    async def end() -> None:
        dialog.close()
        await database.write(sessions.end, actor, room.board.course_id)

    with ui.dialog(value=True) as dialog, ui.card():
        title('End the class?')
        Text('p', 'Nobody can tap any longer. What was done is kept, and you can hold the next class at any time.')
        with ui.element('div').classes('line'):
            ui.button('End the class', on_click=gesture(end)).props('flat no-caps').classes('button-danger')
            ui.button('Go on', on_click=dialog.close).props('flat no-caps').classes('button-quiet')
    dialog.props['aria-label'] = 'End the class?'


def _no_class(room: Room, actor: Actor) -> None:
    board = room.board

    async def start() -> None:
        await database.write(sessions.start, actor, board.course_id)
        ui.navigate.reload()

    with ui.element('header').classes('frame-header'):
        ui.link('Waymark', f'/courses/{board.course_id}').classes('wordmark')
        Text('span', board.title).classes('frame-title')
    with ui.element('div').classes('page'), ui.element('div').classes('empty'):
        title('The class has ended' if board.session else 'No class yet')
        Text('p', 'What was done is kept. Start the next class whenever you like.' if board.session else 'Ready?')
        ui.button('Start the class', on_click=gesture(start)).props('flat no-caps').classes('button-primary')
        if board.session:
            ui.link('Look at it again', f'/courses/{board.course_id}/classes/{board.session.session_id}')
        ui.link('Back to the course', f'/courses/{board.course_id}')
