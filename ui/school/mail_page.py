"""`/school/mail`: the server that sends the mails of the school; also the last screen of the set-up."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.accounts import profiles
from services.core import database
from services.core.errors import DomainError
from services.core.phrases import phrase
from services.core.server_address import public_url
from services.enums import MailSecurity
from services.mail import delivery, mail_settings
from services.mail.mail_settings import ShownServer
from ui.accounts.form_handlers import Fields, post
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, title
from ui.shell.forms import Field, form
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit, local_path, visit_of

SECURITIES = (
    (MailSecurity.STARTTLS.value, phrase('STARTTLS (port 587)')),
    (MailSecurity.TLS.value, phrase('TLS (port 465)')),
    (MailSecurity.NONE.value, phrase('none (port 25)')),
)


def create() -> None:
    """Declare the page."""

    @page('/school/mail', title='Mails of your school')
    async def mail(visit: Visit) -> Response | None:
        shown = await database.read(mail_settings.own, visit.actor)
        target = visit.request.query_params.get('next', '')
        with frame(visit):
            if not target:  # else it is a screen of the set-up, which goes on
                way_back(_('Your school'), '/school')
            title(_('Mails of your school'))
            Text('p', _('With a mail server, people who forget their password get a link by mail.')).classes('body')
            hint(_('Mails carry no pictures and nothing that follows people. Without a server all else works.'))
            if target:
                ui.link(_('Go on without mails'), local_path(target)).classes('button-quiet')
            if not public_url():
                _no_address()
            if shown.is_of_environment:
                _of_environment(shown)
            else:
                form(visit, '/school/mail', _fields(shown), _('Save'), hidden={'next': target})
            if shown.host:
                _test(visit)
        return None


@post('/school/mail', back='/school/mail')
async def save(request: Request, fields: Fields) -> Response:
    """Store the mail server, and show the page again, where it can be tried."""
    await mail_settings.edit(
        (await visit_of(request)).actor,
        host=fields.get('host', ''),
        port=fields.get('port', ''),
        security=fields.get('security', ''),
        user=fields.get('user', ''),
        password=fields.get('password', ''),
        sender=fields.get('sender', ''),
    )
    return RedirectResponse('/school/mail', status_code=303)


def _no_address() -> None:
    with ui.element('p').classes('notice-problem').props('role=alert'), ui.element('span'):
        Text('span', f'{_("Mails have links, so nothing is sent until the address of your school is known.")} ')
        ui.link(_('Say the address'), '/school/settings')


def _of_environment(shown: ShownServer) -> None:
    hint(_('The environment of this server says how mails are sent (MAIL_HOST and the like). Change it there.'))
    facts = [
        (_('Mail server'), shown.host),
        (_('Mails come from'), shown.sender),
        (_('User name'), shown.user or '–'),
    ]
    with ui.element('dl').classes('school-facts'):
        for name, value in facts:
            with ui.element('div'):
                Text('dt', name).classes('hint')
                Text('dd', value).props('dir=ltr')


def _fields(shown: ShownServer) -> list[Field]:
    kept = _('Saved, and shown to nobody. Leave it empty to keep it.')
    return [
        Field(
            name='host',
            label=_('Mail server'),
            value=shown.host,
            hint=_('Such as smtp.example.org. Leave it empty to send no mails.'),
            is_optional=True,
        ),
        Field(
            name='security',
            label=_('Encryption'),
            value=shown.security.value,
            hint=_('None is for a server on this machine.'),
            options=SECURITIES,
        ),
        Field(
            name='port',
            label=_('Port'),
            value=str(shown.port or ''),
            hint=_('Leave it empty for the usual one.'),
            is_optional=True,
        ),
        Field(
            name='user',
            label=_('User name'),
            value=shown.user,
            hint=_('Leave it empty if the server asks for none.'),
            is_optional=True,
        ),
        Field(
            name='password',
            label=_('Password'),
            kind='password',
            hint=kept if shown.has_password else '',
            autocomplete='new-password',
            is_optional=True,
        ),
        Field(
            name='sender',
            label=_('Mails come from'),
            kind='email',
            value=shown.sender,
            hint=_('An address of your school, such as school@example.org.'),
            is_optional=True,
        ),
    ]


def _test(visit: Visit) -> None:
    async def send() -> None:
        answer.clear()
        button.disable()
        try:
            address = await delivery.send_test(visit.actor)
        except DomainError as refusal:
            with answer:
                Text('p', say(refusal)).classes('field-problem')
        else:
            with answer:
                Text('p', _('The mail server has taken the mail to {address}.', address=address)).classes('body')
                if not (await database.read(profiles.own, visit.actor)).is_confirmed:
                    ui.link(_('Confirm your own address next'), '/account')
        finally:
            button.enable()

    heading(_('Does it work?'))
    hint(_('A mail is sent to your own address. It can take a minute until the mail server has answered.'))
    with ui.element('div').classes('line'):
        button = ui.button(_('Send a test mail'), on_click=gesture(send)).props('flat no-caps').classes('button-quiet')
    answer = ui.element('div').classes('stack-tight').props('aria-live=polite')
