"""`/`: the way in for strangers, one's courses for everybody else."""

from fastapi.responses import Response
from nicegui import ui

from services import courses
from services.core import database
from ui.components.text import title
from ui.forms import Field, form
from ui.frame import frame
from ui.page import page
from ui.visits import Visit

CODE = Field(name='code', label='Class code', is_code=True, hint='It is on the screen of your classroom.')


def create() -> None:
    """Declare the page."""

    @page('/', title='Welcome')
    async def home(visit: Visit) -> Response | None:
        with frame(visit):
            if visit.actor is None:
                title('Join your class')
                form(visit, '/code', [CODE], 'Join')
            elif visit.actor.may_teach:
                for card in await database.read(courses.taught, visit.actor):
                    ui.link(card.title, f'/courses/{card.course_id}')
            else:
                title('Your courses')
                for card in await database.read(courses.joined, visit.actor):
                    ui.link(f'{card.title} {card.percent} %', f'/class/{card.course_id}')
        return None
