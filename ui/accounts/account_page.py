"""`/account`: name, time zone, language, e-mail address and password of a person, and their devices."""

from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.accounts import addresses, credentials, own_factor, profiles, resets, sign_ins
from services.accounts.oidc import providers
from services.accounts.own_factor import OwnFactor
from services.accounts.profiles import Profile
from services.accounts.resets import MadeLink
from services.accounts.sign_ins import Device
from services.core import database, zones
from services.core.errors import Refused
from services.core.languages import names
from services.core.phrases import phrase
from services.core.secrets import spell_code
from services.enums import DeviceKind, Role
from services.mail import mail_server
from ui.accounts.form_handlers import Fields, post
from ui.kit.device_words import device_in_words
from ui.kit.in_parts import in_parts
from ui.kit.language import Spoken, _
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact, how_long_ago, zone_name
from ui.shell import before_sign_out
from ui.shell.forms import Field, form, form_button
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, visit_of

CURRENT = Field(
    name='current_password',
    label=phrase('Your password as it is now'),
    kind='password',
    autocomplete='current-password',
)
NEW = Field(
    name='new_password',
    label=phrase('New password'),
    kind='password',
    autocomplete='new-password',
    hint=phrase('At least 8 characters.'),
)
OTHERS = Field(
    name='others',
    label=phrase('Your other devices'),
    options=(('stay', phrase('stay signed in')), ('end', phrase('are signed out'))),
)
DEVICES: Mapping[DeviceKind, str] = Spoken(
    {
        DeviceKind.BROWSER: lambda: _('browser'),
        DeviceKind.PROGRAM: lambda: _('program'),
        DeviceKind.SERVICE: lambda: _('service'),
    }
)


def create() -> None:
    """Declare the pages."""

    @page('/account', title='Your account')
    async def account(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        profile = await database.read(profiles.own, actor)
        devices = await database.read(sign_ins.devices, actor)
        links = await database.read(resets.made_for, actor)
        factor = await database.read(own_factor.own, actor)
        with frame(visit):
            way_back(_('To the start page'), '/')
            _profile(visit, profile, factor)
            with ui.element('div').classes('line'):
                ui.link(_('Your data'), '/account/data')
                ui.link(_('Help'), '/help')
                if actor.may_learn:
                    ui.link(_('Deadlines in your calendar'), '/calendar')
                ui.link(_('What you are notified of'), '/inbox/settings')
                if actor.role is Role.STUDENT and not actor.is_guest:
                    ui.link(_('Your parents'), '/account/parents')
            form(visit, '/account', _fields(profile), _('Save'))
            _links(links)
            await _devices(visit, devices)
        return None

    @page('/account/email', title='Your e-mail address')
    async def email(visit: Visit) -> Response | None:
        profile = await _account(visit)
        address = Field(name='email', label=_('E-mail'), kind='email', value=profile.email or '', autocomplete='email')
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Your e-mail address'))
            hint(_('You sign in with it from then on.'))
            form(visit, '/account/email', [address, CURRENT], _('Save'))
        return None

    @page('/account/password', title='Your password')
    async def password(visit: Visit) -> Response | None:
        await _account(visit)
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Your password'))
            form(visit, '/account/password', [CURRENT, NEW, OTHERS], _('Save'))
        return None

    @page('/account/school-account', title='The account of your school')
    async def school_account(visit: Visit) -> Response | None:
        await _account(visit)
        ways = tuple((provider.name, provider.label) for provider in providers.everyone())
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('The account of your school'))
            if not ways:
                hint(_('Your school has no sign-in of its own here.'))
                return None
            hint(_('Join the two, and you sign in with the account of your school from then on.'))
            which = Field(name='provider', label=_('Account of'), options=ways)
            form(visit, '/account/school-account', [which, CURRENT], _('Go on'))
        return None


@post('/account', back='/account')
async def edit(request: Request, fields: Fields) -> Response:
    """Change name, time zone and language of the person who posts."""
    await database.write(
        profiles.edit,
        (await visit_of(request)).actor,
        name=fields.get('name', ''),
        time_zone=fields.get('time_zone', ''),
        language=fields.get('language', ''),
    )
    return _back()


@post('/account/email', back='/account/email')
async def change_email(request: Request, fields: Fields) -> Response:
    """Change the address with which the person signs in."""
    actor = (await visit_of(request)).actor
    await credentials.change_email(
        actor, email=fields.get('email', ''), current_password=fields.get('current_password', '')
    )
    return _back()


@post('/account/email/confirm', back='/account')
async def ask_again(request: Request, fields: Fields) -> Response:
    """Have the mail sent again with which the person confirms their address."""
    await addresses.ask_again((await visit_of(request)).actor)
    return RedirectResponse('/account?mailed=yes', status_code=303)


@post('/account/password', back='/account/password')
async def change_password(request: Request, fields: Fields) -> Response:
    """Change the password of the person who posts; pages that this signs out first save what they hold."""
    actor = (await visit_of(request)).signed_in()
    ends_others = fields.get('others') == 'end'
    if ends_others:
        await before_sign_out.all_pages(actor)
    await credentials.change_password(
        actor,
        new_password=fields.get('new_password', ''),
        current_password=fields.get('current_password', ''),
        sign_out_others=ends_others,
    )
    return _back()


async def _account(visit: Visit) -> Profile:
    """Return the profile of a person with an account; guests have nothing to change here."""
    actor = visit.signed_in()
    if actor.is_guest:
        raise Refused('You are a guest, without an e-mail address and a password. Make an account first.')
    return await database.read(profiles.own, actor)


def _back() -> Response:
    return RedirectResponse('/account', status_code=303)


def _profile(visit: Visit, profile: Profile, factor: OwnFactor) -> None:
    title(profile.name).props('translate=no')
    if profile.rejoin_code is None:
        _address(visit, profile)
        with ui.element('div').classes('line'):
            ui.link(_('Change e-mail'), '/account/email').classes('button-quiet')
            ui.link(_('Change password'), '/account/password').classes('button-quiet')
            if factor.may_add or factor.since:
                ui.link(_('Second factor'), '/account/second-factor').classes('button-quiet')
            if providers.everyone():
                ui.link(_('Account of your school'), '/account/school-account').classes('button-quiet')
        _removed(factor)
    else:
        Text('p', _('You are a guest, without an account.')).classes('body')
        spelled = f'<b class="number" translate="no">{spell_code(profile.rejoin_code)}</b>'
        code = _('Your code for another device: {code}', code=spelled)
        ui.html(code, sanitize=False, tag='p').classes('hint')


def _removed(factor: OwnFactor) -> None:
    """Say that somebody else has removed the second factor, so that nobody does so unnoticed."""
    if factor.removed:
        maker = factor.removed.by or _('this server')
        said = _('{person} removed your second factor on {when}.', person=maker, when=exact(factor.removed.at))
        Text('p', said).classes('notice-problem')


def _address(visit: Visit, profile: Profile) -> None:
    """Draw the address, and whether it is confirmed, where that makes a difference."""
    if profile.email is None:
        said = _(
            'Your account has no e-mail address: its owner has said that it is not yours. Add one to sign in with.'
        )
        Text('p', said).classes('notice-problem').props('role=alert')
        return
    if not mail_server.is_ready() or (profile.is_confirmed and not profile.is_refused):
        Text('p', profile.email).classes('body').props('dir=ltr')
        return
    with ui.element('div').classes('line'):
        Text('span', profile.email).classes('body').props('dir=ltr')
        Text('span', _('mails come back') if profile.is_refused else _('not confirmed')).classes('chip')
    if profile.is_refused:
        said = _(
            'Mails to this address came back, so you get no notices by mail. Change it if it is wrong;'
            ' if it is right, have a mail sent and open the link in it.'
        )
        Text('p', said).classes('notice-problem').props('role=alert')
    else:
        hint(_('Open the link in the mail that we sent there. Only a confirmed address gets links for a new password.'))
    if visit.request.query_params.get('mailed') and not visit.problem:
        Text('p', _('The mail is on its way.')).classes('hint').props('role=status')
    else:
        words = _('Send a mail to confirm it') if profile.is_refused else _('Send the mail again')
        form_button(visit.request, '/account/email/confirm', words, 'button-quiet')


def _fields(profile: Profile) -> list[Field]:
    school = _('The school’s: {zone}', zone=zone_name(zones.school().key))
    chosen = {profile.time_zone} - {''}
    places = [(name, zone_name(name)) for name in sorted({*zones.names(), *chosen})]
    return [
        Field(name='name', label=_('Name'), value=profile.name, autocomplete='name'),
        Field(name='time_zone', label=_('Time zone'), value=profile.time_zone, options=(('', school), *places)),
        Field(
            name='language',
            label=_('Language'),
            value=profile.language,
            options=(('', _('As my browser says')), *names().items()),
        ),
    ]


def _links(links: Sequence[MadeLink]) -> None:
    """Say that somebody could have got in with a link, so that nobody takes an account over unnoticed."""
    if not links:
        return
    heading(_('Links that were made for you'))
    hint(_('With such a link a person gets in here without your password. Do you not expect it? Tell your school.'))
    with ui.element('ul').classes('list'):
        for link in links:
            with ui.element('li'), ui.element('div').classes('grow'):
                maker = link.made_by or _('this server')
                Text('span', _('Made by {person} on {when}', person=maker, when=exact(link.made_at)))
                hint(_('ended {when}', when=exact(link.used_at)) if link.used_at else _('not used'))


async def _devices(visit: Visit, devices: Sequence[Device]) -> None:
    heading(_('Your devices'))
    hint(_('You are signed in here. Do you not know one of them? Sign it out.'))
    with ui.element('ul').classes('list'):
        await in_parts(devices, partial(_device, visit))
    form_button(visit.request, '/sign-out', _('Sign out everywhere'), 'button-danger', everywhere='yes')


def _device(visit: Visit, device: Device) -> None:
    with ui.element('li'):
        with ui.element('div').classes('grow'):
            with ui.element('div').classes('line'):
                Text('span', device_in_words(device.name))
                if device.is_this:
                    Text('span', _('this device')).classes('chip')
                if device.kind is not DeviceKind.BROWSER:
                    Text('span', DEVICES[device.kind]).classes('chip')
            seen = how_long_ago(device.seen_at)
            said = hint(_('since {when}, last seen {seen}', when=exact(device.since), seen=seen))
            said.props['title'] = exact(device.seen_at)
        if not device.is_this:
            form_button(
                visit.request, '/sign-out', _('Sign out'), 'button-quiet button-bare', device=str(device.sign_in_id)
            )
