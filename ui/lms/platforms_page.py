"""`/school/lms`: the learning management systems that may open Waymark, for admins."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.core.phrases import phrase
from services.lms import key_sets, platforms, registrations, results, sending, sent_grades
from services.lms.platforms import NewPlatform, Platform
from services.lms.results import Unread
from services.lms.sent_grades import Trouble
from ui.accounts.form_handlers import Fields, post
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact
from ui.lms.registration_list import RegistrationList
from ui.shell.address import public_address
from ui.shell.forms import Field, form
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, visit_of


def create() -> None:
    """Declare the page."""

    @page('/school/lms', title='Learning systems')
    async def lms(visit: Visit) -> Response | None:
        found = await database.read(platforms.of_school, visit.actor)
        troubles = await database.read(sent_grades.of_school, visit.actor)
        unread = await database.read(results.of_school, visit.actor)
        invited = await database.read(registrations.of_school, visit.actor)
        actor = visit.signed_in()
        with frame(visit):
            way_back(_('Your school'), '/school')
            title(_('Learning systems'))
            Text('p', _('Moodle, Canvas, Open edX and others can open Waymark and get its grades (LTI 1.3).')).classes(
                'body'
            )
            if not platforms.is_installed():
                _how_to_install()
                return None
            _Troubles(actor, troubles)
            _unread(unread)
            _Platforms(actor, found)
            _what_they_need(visit.request)
            RegistrationList(visit.request, actor, invited)
            _add(visit, await _registered(visit))
        return None


@post('/school/lms', back='/school/lms')
async def save(request: Request, fields: Fields) -> Response:
    """Register a platform."""
    new = NewPlatform(
        name=fields.get('name', ''),
        issuer=fields.get('issuer', ''),
        client_id=fields.get('client_id', ''),
        deployments=fields.get('deployments', ''),
        auth_login_url=fields.get('auth_login_url', ''),
        auth_token_url=fields.get('auth_token_url', ''),
        key_set_url=fields.get('key_set_url', ''),
        token_audience=fields.get('token_audience', ''),
        makes_instructors=fields.get('makes_instructors', 'yes') == 'yes',
    )
    actor, registration = (await visit_of(request)).actor, fields.get('link', '')
    if registration.isdecimal():
        await database.write(registrations.save, actor, new, registration_id=int(registration[:9]))
    else:
        await database.write(platforms.register, actor, new)
    return RedirectResponse('/school/lms', status_code=303)


def _how_to_install() -> None:
    with ui.element('p').classes('notice-problem'), ui.element('span'):
        Text('span', _('This server lacks the part for it. Install “waymark[lti]”, and start it again.'))


def _what_they_need(request: Request) -> None:
    """Show the addresses that the other side asks for."""
    base = public_address(request)
    facts = (
        (_('Launch and redirect address'), f'{base}/lti/launch'),
        (_('Login address'), f'{base}/lti/login'),
        (_('Key set address'), f'{base}/lti/jwks'),
    )
    heading(_('What it asks you for'))
    with ui.element('dl').classes('school-facts school-addresses'):
        for name, value in facts:
            with ui.element('div'):
                Text('dt', name).classes('hint')
                Text('dd', value).props('dir=ltr translate=no')
    hint(_('Let it open Waymark in a new window. Switch on names and roles, grades and deep linking if it asks.'))


async def _registered(visit: Visit) -> NewPlatform | None:
    """Return what the system has said of itself at which the admin looks, if it is one that has registered itself."""
    link = visit.request.query_params.get('link', '')
    if not link.isdecimal():
        return None
    return await database.read(registrations.found, visit.actor, int(link[:9]))


def _add(visit: Visit, said: NewPlatform | None) -> None:
    heading(_('Add a system')).props('id=add')
    if said is None:
        hint(_('Copy these from its page about Waymark. The same issuer and client id change what is here.'))
        form(visit, '/school/lms', _fields(), _('Save'))
        return
    hint(_('This is what the system has said of itself. Compare it, and add the deployment id if it is missing.'))
    fields = [replace(each, value=getattr(said, each.name)) if not each.options else each for each in _fields()]
    form(visit, '/school/lms', fields, _('Save'), hidden={'link': visit.request.query_params['link']})


def _fields() -> list[Field]:
    choices = (('yes', phrase('They may make an instructor’s account')), ('no', phrase('They need an invitation')))
    return [
        Field(name='name', label=_('Name'), hint=_('As your teachers know it, such as Moodle.')),
        Field(name='issuer', label=_('Issuer (platform id)'), hint=_('Such as https://moodle.example.org')),
        Field(name='client_id', label=_('Client id')),
        Field(name='deployments', label=_('Deployment id'), hint=_('Several are separated by commas.')),
        Field(name='auth_login_url', label=_('Authentication request address'), kind='url'),
        Field(name='auth_token_url', label=_('Access token address'), kind='url'),
        Field(
            name='token_audience',
            label=_('Audience of the token'),
            hint=_('Only where it names one.'),
            is_optional=True,
        ),
        Field(name='key_set_url', label=_('Public key set address'), kind='url'),
        Field(name='makes_instructors', label=_('Teachers who are new here'), options=choices),
    ]


class _Platforms:
    """The systems that are registered, each with its switch."""

    def __init__(self, actor: Actor, found: Sequence[Platform]) -> None:
        self._actor = actor
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(found)

    def _draw(self, found: Sequence[Platform]) -> None:
        self._place.clear()
        if not found:
            return
        with self._place, ui.element('ul').classes('list'):
            for each in found:
                self._line(each)

    def _line(self, each: Platform) -> None:
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                with ui.element('div').classes('line'):
                    Text('span', each.name).classes('name').props('translate=no')
                    Text('span', _('on') if each.is_on else _('off')).classes('chip')
                Text('p', each.issuer).classes('hint').props('dir=ltr translate=no')
                Text('p', f'{each.client_id} · {", ".join(each.deployments)}').classes('hint').props('translate=no')
                _keys(each)
            words = _('Switch off') if each.is_on else _('Switch on')
            button = ui.button(words, on_click=partial(gesture(self._switch), each)).props('flat no-caps')
            button.classes('button-quiet')
            name = each.name
            button.props['aria-label'] = (
                _('Switch {name} off', name=name) if each.is_on else _('Switch {name} on', name=name)
            )

    async def _switch(self, each: Platform) -> None:
        await database.write(platforms.switch, self._actor, each.platform_id, is_on=not each.is_on)
        self._draw(await database.read(platforms.of_school, self._actor))


def _keys(each: Platform) -> None:
    """Say why the keys of a system cannot be read, and what that means for those who come from there."""
    if not each.key_set_problem or each.key_set_failed_since is None:
        return
    said = _(
        'Its keys cannot be read since {when}: {problem}',
        when=exact(each.key_set_failed_since),
        problem=say(each.key_set_problem),
    )
    Text('p', said).classes('field-problem')
    until = each.key_set_read_at + key_sets.USED_FOR if each.key_set_read_at else None
    if until and until > clock.now():
        hint(_('People still come in with the keys that were read before, until {when}.', when=exact(until)))
    else:
        hint(_('Nobody can come in from there until its keys can be read.'))


class _Troubles:
    """Grades that did not arrive: how many, why and since when."""

    def __init__(self, actor: Actor, found: Sequence[Trouble]) -> None:
        self._actor = actor
        self._place = ui.element('section').classes('stack-tight').props('aria-live=polite')
        self._draw(found)

    def _draw(self, found: Sequence[Trouble]) -> None:
        self._place.clear()
        self._place.visible = bool(found)
        with self._place:
            count = sum(each.count for each in found)
            heading(ngettext('{count} grade did not arrive', '{count} grades did not arrive', count))
            with ui.element('ul').classes('list'):
                for each in found:
                    with ui.element('li'), ui.element('div').classes('grow'):
                        Text('span', each.platform).classes('name').props('translate=no')
                        Text('p', say(each.problem)).classes('field-problem')
                        _since(each)
            with ui.element('div').classes('line'):
                again = ui.button(_('Send again'), on_click=gesture(self._again)).props('flat no-caps')
                again.classes('button-quiet')

    async def _again(self) -> None:
        await database.write(sent_grades.send_again, self._actor)
        sending.hurry()
        tell(_('They are sent now. Load this page again to see whether it worked.'))
        self._draw(await database.read(sent_grades.of_school, self._actor))


def _unread(found: Sequence[Unread]) -> None:
    """Say which grades cannot be read back, and why."""
    if not found:
        return
    heading(_('Grades that cannot be read back'))
    with ui.element('ul').classes('list'):
        for each in found:
            with ui.element('li'), ui.element('div').classes('grow'):
                Text('span', each.platform).classes('name').props('translate=no')
                Text('p', say(each.problem)).classes('field-problem')
                links = ngettext('{count} link', '{count} links', each.count)
                if each.since:
                    hint(_('{links}, since {when}', links=links, when=exact(each.since)))
    hint(_('They are tried again by themselves; a teacher can also read them in the course.'))


def _since(each: Trouble) -> None:
    count = ngettext('{count} grade', '{count} grades', each.count)
    if each.since:
        hint(_('{grades}, since {when}', grades=count, when=exact(each.since)))
    if not each.is_final:
        hint(_('They are tried again by themselves, and nothing is lost.'))
