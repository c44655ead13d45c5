"""`/courses/{course_id}/projector`: how far are we, and how do I get in? It is sent only what it shows."""

from fastapi.responses import Response
from nicegui import ui

from services.core import database
from services.live import class_access, rooms
from ui.kit.handlers import tell
from ui.kit.language import _, for_reader
from ui.live.projector_controls import Controls, Press
from ui.live.projector_layout import Density
from ui.live.projector_picture import ProjectorPicture
from ui.live.question_steps import QuestionSteps
from ui.live.steering import Steering, steer_by_keys
from ui.shell.address import public_address
from ui.shell.frame import title_page
from ui.shell.page import page
from ui.shell.request import Visit

ANNOUNCED = 20.0
"""seconds between two announcements for those who listen"""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/projector', title='Projector')
    async def projector(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        await database.read(class_access.may_teach, actor, course_id)
        room = await rooms.enter(course_id)
        fullscreen = ui.fullscreen()
        title_page(_('Projector'), room.board.title)
        picture = ProjectorPicture(room, actor, public_address(visit.request))

        def fill_the_screen() -> None:
            fullscreen.toggle()

        steps = QuestionSteps(room, actor)

        async def go_on() -> None:
            if room.board.question is None:
                tell(_('Ask a question on the live page; then this key leads through it.'))
            await steps.go_on()

        with picture.root:
            presses: dict[str, Press] = {
                'r': lambda: picture.choose(Density.ROWS),
                't': lambda: picture.choose(Density.TILES),
                's': lambda: picture.choose(Density.SUMMARY),
                'i': picture.show_checkpoint,
                'a': go_on,
                'j': picture.show_way_in,
                'z': picture.freeze,
                'f': fill_the_screen,
                'ArrowUp': lambda: picture.turn(-1),
                'ArrowDown': lambda: picture.turn(1),
            }
            picture.on_drawn(Controls(picture.root, presses).show_pressed)
        steer_by_keys(Steering(room, actor))
        ui.timer(1.0, for_reader(picture.tick))
        ui.timer(ANNOUNCED, for_reader(picture.announce))
        return None
