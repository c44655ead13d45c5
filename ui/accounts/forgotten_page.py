"""`/forgotten`: where a person asks for a link by mail with which they choose a new password. A plain page.

What it answers is the same whether there is an account or not.
"""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.accounts import resets
from services.core import server_log
from services.core.errors import DomainError
from services.core.phrases import phrase
from services.mail import mail_server
from ui.accounts.form_handlers import Fields, post
from ui.kit.language import _, reading, say
from ui.shell.forms import Field, form_html
from ui.shell.request import Visit, language_of, origin_of, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

EMAIL = Field(name='email', label=phrase('E-mail address of your account'), kind='email', autocomplete='username')


@router.get('/forgotten')
async def forgotten(request: Request, asked: str = '') -> Response:
    """Show the form, or what happens now that it was sent."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        body = _asked() if asked and not visit.problem else _form(visit)
        return plain_page(_('A new password'), body, status=visit.status)


@post('/forgotten', back='/forgotten')
async def ask(request: Request, fields: Fields) -> Response:
    """Have a link mailed, if there is an account with this address that is confirmed."""
    await resets.ask(email=fields.get('email', ''), origin=origin_of(request), language=language_of(request))
    return RedirectResponse('/forgotten?asked=yes', status_code=303)


def _form(visit: Visit) -> str:
    if not mail_server.is_ready():
        said = _('This school sends no mails. Ask your school for a link with which you choose a new password.')
        return _page(_('Forgot your password?'), said)
    said = _('We send you a link with which you choose a new one.')
    return _page(_('Forgot your password?'), said, form_html(visit, '/forgotten', [EMAIL], _('Send me a link')))


def _asked() -> str:
    said = _(
        'If this is the confirmed address of an account here, a mail with a link is on its way. It works for an hour.'
    )
    other = _('No mail after some minutes? Look among the unwanted ones, or ask your school for a link.')
    return _page(_('Look into your mails'), said, f'<p class="hint">{escape(other)}</p>')


def _page(name: str, said: str, html: str = '') -> str:
    back = f'<a href="/sign-in">{escape(_("Back to signing in"))}</a>'
    return f'<h1 class="title">{escape(name)}</h1><p class="body">{escape(said)}</p>{html}{back}'
