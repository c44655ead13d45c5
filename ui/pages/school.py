"""`/school`: what the admin of an installation does; for now, inviting instructors."""

from fastapi.responses import Response
from nicegui import ui

from services import access
from services.access import Actor
from services.accounts import registration
from services.accounts.registration import INVITATION_LIFETIME
from services.core import database
from ui.address import public_address
from ui.components.copy_link import copy_link
from ui.components.text import Text, heading, hint, title
from ui.frame import frame
from ui.gestures import gesture
from ui.page import page
from ui.visits import Visit


def create() -> None:
    """Declare the page."""

    @page('/school', title='Your school')
    async def school(visit: Visit) -> Response | None:
        actor = await database.read(access.admin, visit.actor)
        with frame(visit):
            title('Your school')
            _invitations(visit, actor)
        return None


def _invitations(visit: Visit, actor: Actor) -> None:
    async def invite() -> None:
        token = await database.write(registration.invite_instructor, actor)
        with links:
            copy_link(visit.request, f'{public_address(visit.request)}/register?invitation={token}')
            hint(f'It works once, within {INVITATION_LIFETIME.days} days, and is shown only now: copy it.')

    heading('Invite an instructor')
    Text('p', 'Make a link and send it to one person. With it they register as an instructor.').classes('body')
    with ui.element('div').classes('line'):
        ui.button('Make a link', on_click=gesture(invite)).props('flat no-caps').classes('button-primary')
    links = ui.element('div').classes('stack-tight').props('aria-live=polite')
