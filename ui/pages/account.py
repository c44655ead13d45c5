"""`/account`: who one is here, and on which devices."""

from fastapi.responses import Response
from nicegui import ui

from services.accounts import profiles, sign_ins
from services.accounts.profiles import Profile
from services.accounts.sign_ins import Device
from services.core import database
from services.core.secrets import spell_code
from services.kinds import DeviceKind
from ui.components.moments import ago, exact
from ui.components.text import Text, heading, hint, title
from ui.forms import form_button
from ui.frame import frame
from ui.page import page
from ui.visits import Visit


def create() -> None:
    """Declare the page."""

    @page('/account', title='Your account')
    async def account(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        profile = await database.read(profiles.own, actor)
        devices = await database.read(sign_ins.devices, actor)
        with frame(visit):
            _profile(profile)
            heading('Your devices')
            hint('You are signed in here. Do you not know one of them? Sign it out.')
            with ui.element('ul').classes('list'):
                for device in devices:
                    _device(visit, device)
            form_button(visit.request, '/sign-out', 'Sign out everywhere', 'button-danger', everywhere='yes')
        return None


def _profile(profile: Profile) -> None:
    title(profile.name)
    if profile.email:
        Text('p', profile.email).classes('body')
    elif profile.rejoin_code:
        Text('p', 'You are a guest, without an account.').classes('body')
        hint(f'Your code for another device: {spell_code(profile.rejoin_code)}')


def _device(visit: Visit, device: Device) -> None:
    with ui.element('li'):
        with ui.element('div').classes('grow'):
            with ui.element('div').classes('line'):
                Text('span', device.name)
                if device.is_this:
                    Text('span', 'this device').classes('chip')
                if device.kind is not DeviceKind.BROWSER:
                    Text('span', device.kind).classes('chip')
            with ui.element('p').classes('hint'):
                Text('span', f'since {exact(device.since)}, last seen ')
                ago(device.seen_at)
        if not device.is_this:
            form_button(
                visit.request, '/sign-out', 'Sign out', 'button-quiet button-bare', device=str(device.sign_in_id)
            )
