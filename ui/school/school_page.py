"""`/school`: what the admin of an installation does; inviting instructors, letting people in again,
services that act for learners, what could not be printed, and what is done by the clock."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services import access, timed
from services.access import Actor
from services.accounts import invitations, registration, resets, sign_ins
from services.accounts.invitations import OpenInvitation
from services.accounts.registration import INVITATION_LIFETIME
from services.certificates import failures
from services.core import database
from services.core.errors import Invalid
from ui.accounts.reset_link import reset_link
from ui.certificates.failures import CertificateTroubles
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture
from ui.kit.text import Text, heading, hint, title
from ui.school.open_invitations import OpenInvitations
from ui.school.service_tokens import ServiceTokens
from ui.school.timed_work import TimedWorkList
from ui.shell.address import public_address
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/school', title='Your school')
    async def school(visit: Visit) -> Response | None:
        actor = await database.read(access.admin, visit.actor)
        unprinted = await database.read(failures.of_school, actor)
        invited = await database.read(invitations.still_open, actor)
        devices = await database.read(sign_ins.devices, actor)
        work = await database.read(timed.of_school, actor)
        with frame(visit):
            title('Your school')
            CertificateTroubles(actor, unprinted)
            _invitations(visit, actor, invited)
            _forgotten_password(visit, actor)
            ServiceTokens(visit.request, actor, devices)
            TimedWorkList(actor, work)
        return None


def _invitations(visit: Visit, actor: Actor, invited: Sequence[OpenInvitation]) -> None:
    async def invite() -> None:
        token = await database.write(registration.invite_instructor, actor)
        with links:
            copy_link(visit.request, f'{public_address(visit.request)}/register?invitation={token}')
            hint(f'It works once, within {INVITATION_LIFETIME.days} days, and is shown only now: copy it.')
        await still_open.look_again()

    heading('Invite an instructor')
    Text('p', 'Make a link and send it to one person. With it they register as an instructor.').classes('body')
    with ui.element('div').classes('line'):
        ui.button('Make a link', on_click=gesture(invite)).props('flat no-caps').classes('button-primary')
    links = ui.element('div').classes('stack-tight').props('aria-live=polite')
    still_open = OpenInvitations(actor, invited)


def _forgotten_password(visit: Visit, actor: Actor) -> None:
    async def help_in() -> None:
        email.error = None
        try:
            link = await database.write(resets.make_link_for, actor, email=email.value or '')
        except Invalid as refusal:
            email.error = str(refusal)
            return
        links.clear()
        with links:
            reset_link(visit.request, link, email.value.strip())
        email.set_value('')

    heading('Somebody has forgotten their password')
    Text('p', 'Make a link and hand it to them. With it they choose a new password.').classes('body')
    email = ui.input('E-mail address of their account').props('outlined type=email')
    email.on('keydown.enter', gesture(help_in), args=[[]])
    with ui.element('div').classes('line'):
        making = ui.button('Make a link', on_click=gesture(help_in)).props('flat no-caps').classes('button-quiet')
        making.props['aria-label'] = 'Make a link for a new password'
    links = ui.element('div').classes('stack-tight').props('aria-live=polite')
