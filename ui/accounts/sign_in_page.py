"""`/sign-in`, `/register`, `/set-up/…` and `/invitation/…`: becoming somebody."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.accounts import guest_upgrade, registration
from services.core import database
from services.enums import Role
from settings import Registration, settings
from ui.kit.text import Text, hint, title
from ui.shell.forms import Field, form
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.request import Visit, local_path

EMAIL = Field(name='email', label='E-mail address', kind='email', autocomplete='username')
PASSWORD = Field(name='password', label='Password', kind='password', autocomplete='current-password')
NAME = Field(name='name', label='Your full name', autocomplete='name')
NEW_PASSWORD = Field(
    name='password', label='Password', kind='password', autocomplete='new-password', hint='At least 8 characters.'
)


def create() -> None:
    """Declare the pages."""

    @page('/sign-in', title='Sign in')
    async def sign_in(visit: Visit) -> Response | None:
        target = local_path(visit.request.query_params.get('next'))
        with frame(visit):
            title('Sign in')
            fields = [EMAIL, PASSWORD]
            if visit.actor and visit.actor.is_guest:
                fields.append(_whose(visit.actor))
            form(visit, '/sign-in', fields, 'Sign in', hidden={'next': target})
            ui.link('Register', f'/register?{urlencode({"next": target})}')
            hint('Forgotten your password? Ask your instructor or school for a link.')
        return None

    @page('/register', title='Register')
    async def register(visit: Visit) -> Response | None:
        parameters = visit.request.query_params
        if invitation := parameters.get('invitation'):
            await _invited(visit, invitation)
            return None
        target = local_path(parameters.get('next'))
        if visit.actor and visit.actor.is_guest and guest_upgrade.is_open():
            _claim(visit, visit.actor, target)
            return None
        with frame(visit):
            title('Register')
            fields = [NAME, EMAIL, NEW_PASSWORD]
            if settings().instructor_registration is Registration.OPEN:
                roles = ((Role.STUDENT.value, 'I learn'), (Role.INSTRUCTOR.value, 'I teach'))
                fields.append(Field(name='role', label='What do you do here?', options=roles))
            if settings().student_registration is Registration.CODE:
                fields.append(Field(name='code', label='Code of your class', is_code=True))
            form(visit, '/register', fields, 'Register', hidden={'next': target})
            if settings().instructor_registration is not Registration.OPEN:
                hint('You teach? Your school sends you a link with which you register as an instructor.')
        return None


def _whose(guest: Actor) -> Field:
    mine, not_mine = f'Mine: keep it in my account ({guest.name})', f'Somebody else’s: leave it with {guest.name}'
    return Field(
        name='keep', label='What was done on this device as a guest is', options=(('yes', mine), ('no', not_mine))
    )


def _claim(visit: Visit, guest: Actor, target: str) -> None:
    with frame(visit):
        title('Keep what you did')
        Text('p', 'Make an account, and everything you did here stays yours, on any device.').classes('body')
        fields = [replace(NAME, value=guest.name), EMAIL, NEW_PASSWORD]
        form(visit, '/register', fields, 'Make my account', hidden={'claim': 'yes', 'next': target})
        ui.link('I have an account already', f'/sign-in?{urlencode({"next": target})}')
        hint('Your own code ends then: on other devices you sign in with this account.')


async def _invited(visit: Visit, invitation: str) -> None:
    role = await database.read(registration.invitation_role, invitation)
    with frame(visit):
        if role is Role.ADMIN:
            title('Set up Waymark')
            Text('p', 'You are the first one here. Create the account that runs this school.').classes('body')
        else:
            title('Welcome, instructor')
            Text('p', 'You have been invited to teach here. Create your account.').classes('body')
        fields = [NAME, EMAIL, NEW_PASSWORD]
        form(visit, '/register', fields, 'Create account', hidden={'invitation': invitation, 'next': '/'})
