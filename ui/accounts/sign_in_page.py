"""`/sign-in`, `/register`, `/set-up/…` and `/invitation/…`: how people get an account, and use it."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.accounts import agreements, guest_upgrade, registration
from services.accounts.oidc import providers
from services.core import database
from services.core.phrases import phrase
from services.enums import Agreement, Role
from services.mail import mail_server
from settings import Registration, settings
from ui.kit.language import _
from ui.kit.text import Text, hint, title
from ui.shell.forms import Field, form
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.request import Visit, local_path

EMAIL = Field(name='email', label=phrase('E-mail address'), kind='email', autocomplete='username')
PASSWORD = Field(name='password', label=phrase('Password'), kind='password', autocomplete='current-password')
NAME = Field(name='name', label=phrase('Your full name'), autocomplete='name')
NEW_PASSWORD = Field(
    name='password',
    label=phrase('Password'),
    kind='password',
    autocomplete='new-password',
    hint=phrase('At least 8 characters.'),
)


def create() -> None:
    """Declare the pages."""

    @page('/sign-in', title='Sign in')
    async def sign_in(visit: Visit) -> Response | None:
        _sign_in(visit)
        return None

    @page('/register', title='Register')
    async def register(visit: Visit) -> Response | None:
        parameters = visit.request.query_params
        if invitation := parameters.get('invitation'):
            await _invited(visit, invitation)
            return None
        target = local_path(parameters.get('next'))
        if not settings().local_sign_in:
            with frame(visit):
                title(_('Register'))
                hint(_('Sign in with the account of your school; yours here is made when you do.'))
                _elsewhere(target)
            return None
        if visit.actor and visit.actor.is_guest and guest_upgrade.is_open():
            _claim(visit, visit.actor, target)
            return None
        with frame(visit):
            title(_('Register'))
            fields = [NAME, EMAIL, NEW_PASSWORD]
            if settings().instructor_registration is Registration.OPEN:
                roles = ((Role.STUDENT.value, _('I learn')), (Role.INSTRUCTOR.value, _('I teach')))
                fields.append(Field(name='role', label=_('What do you do here?'), options=roles))
            if settings().student_registration is Registration.CODE:
                fields.append(Field(name='code', label=_('Code of your class'), is_code=True))
            form(visit, '/register', [*fields, *_agreement()], _('Register'), hidden={'next': target})
            if settings().instructor_registration is not Registration.OPEN:
                hint(_('You teach? Your school sends you a link with which you register as an instructor.'))
            ui.link(_('You are a parent? Register with a code'), '/register/parent')
            ui.link(_('What is kept of you'), '/privacy')
        return None


def _sign_in(visit: Visit) -> None:
    target = local_path(visit.request.query_params.get('next'))
    with frame(visit):
        title(_('Sign in'))
        _say_why(visit)
        fields = [EMAIL, PASSWORD]
        if visit.actor and visit.actor.is_guest:
            fields.append(_whose(visit.actor))
        _elsewhere(target)
        if not settings().local_sign_in:
            with ui.element('details').classes('quiet-details'):
                Text('summary', _('Admins sign in with a password'))
                form(visit, '/sign-in', fields, _('Sign in'), hidden={'next': target}, quiet=True)
            return
        form(visit, '/sign-in', fields, _('Sign in'), hidden={'next': target}, quiet=bool(providers.everyone()))
        ui.link(_('Register'), f'/register?{urlencode({"next": target})}')
        if mail_server.is_ready():
            ui.link(_('Forgot your password?'), '/forgotten')
        else:
            hint(_('Forgotten your password? Ask your school for a link.'))


def _elsewhere(target: str) -> None:
    """Draw a button for each of the school's own ways to sign in."""
    for provider in providers.everyone():
        address = f'/oidc/{provider.name}/start?{urlencode({"next": target})}'
        way = ui.link(_('Sign in with {provider}', provider=provider.label), address)
        way.classes('button-primary button-wide')


def _say_why(visit: Visit) -> None:
    """Say what has happened where a device was signed in until now."""
    if visit.was_signed_in:
        Text('p', _('This device is signed out. If you were a guest and have an account now, sign in with it.'))


def _whose(guest: Actor) -> Field:
    mine = _('Mine: keep it in my account ({name})', name=guest.name)
    not_mine = _('Somebody else’s: leave it with {name}', name=guest.name)
    about = _('What was done on this device as a guest is')
    return Field(name='keep', label=about, options=(('yes', mine), ('no', not_mine)))


def _claim(visit: Visit, guest: Actor, target: str) -> None:
    with frame(visit):
        title(_('Keep what you did'))
        Text('p', _('Make an account, and everything you did here stays yours, on any device.')).classes('body')
        fields = [replace(NAME, value=guest.name), EMAIL, NEW_PASSWORD, *_agreement()]
        form(visit, '/register', fields, _('Make my account'), hidden={'claim': 'yes', 'next': target})
        ui.link(_('I have an account already'), f'/sign-in?{urlencode({"next": target})}')
        hint(_('Your own code ends then: on other devices you sign in with this account.'))


def _agreement() -> list[Field]:
    """Return the question who agrees that a learner registers, where the school asks."""
    age = agreements.age()
    if age is None:
        return []
    ways = (
        ('', _('Choose')),
        (Agreement.SELF.value, _('I do: I am {age} or older', age=age)),
        (Agreement.PARENTS.value, _('My parents do: I am younger than {age}', age=age)),
    )
    said = _('Your school keeps what you choose here. It asks for no date of birth.')
    return [
        Field(name='agreement', label=_('Who agrees that you register?'), options=ways, must_choose=True, hint=said)
    ]


async def _invited(visit: Visit, invitation: str) -> None:
    role = await database.read(registration.invitation_role, invitation)
    is_first = role is Role.ADMIN and not await database.read(registration.is_set_up)
    with frame(visit):
        if is_first:
            title(_('Set up Waymark'))
            Text('p', _('You are the first one here. Create the account that runs this school.')).classes('body')
        elif role is Role.ADMIN:
            title(_('Welcome, admin'))
            Text('p', _('You have been invited to run this school with others. Create your account.')).classes('body')
        else:
            title(_('Welcome, instructor'))
            Text('p', _('You have been invited to teach here. Create your account.')).classes('body')
        fields = [NAME, EMAIL, NEW_PASSWORD]
        target = f'/school/settings?{urlencode({"next": "/school/mail?next=/"})}' if is_first else '/'
        form(visit, '/register', fields, _('Create account'), hidden={'invitation': invitation, 'next': target})
