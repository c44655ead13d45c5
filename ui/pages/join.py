"""`/j/{code}`: where the QR code leads. A name, and one is in."""

from html import escape

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services import guests
from services.core import database
from ui.components.text import Text, hint, title
from ui.forms import Field, form, form_button
from ui.frame import frame
from ui.page import page
from ui.visits import Visit


def create() -> None:
    """Declare the page."""

    @page('/j/{code}', title='Join')
    async def join(visit: Visit, code: str) -> Response | None:
        invited = await database.read(guests.look_up, code)
        actor = visit.actor
        with frame(visit):
            Text('p', 'Join the class').classes('hint')
            title(invited.title)
            if actor and not visit.problem:
                form_button(visit.request, '/join', f'Join as {actor.name}', 'button-primary button-large', code=code)
                hint('Not you? Sign out first, at the top of the page.')
            else:
                name = Field(name='name', label='Your full name', autocomplete='name')
                form(visit, '/join', [name], 'Join', hidden={'code': code})
                ui.link('I have an account', f'/sign-in?next=/j/{escape(code)}')
                ui.link('I was here before, on another device', '/')
        return None

    @page('/join', title='Join')
    async def join_by_typing(visit: Visit) -> Response | None:
        return RedirectResponse('/', status_code=303)
