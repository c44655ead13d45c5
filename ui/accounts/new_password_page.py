"""`/new-password?link=…`: where a person with a link chooses a new password. A plain page."""

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.accounts import resets
from services.core import database, server_log
from services.core.errors import DomainError
from services.core.phrases import phrase
from ui.kit.language import _, reading, say
from ui.shell.forms import Field, form_button_html, form_html
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

PASSWORD = Field(
    name='password',
    label=phrase('New password'),
    kind='password',
    autocomplete='new-password',
    hint=phrase('At least 8 characters. You are signed out on all other devices.'),
)


@router.get('/new-password')
async def new_password(request: Request, link: str = '', show: str = '') -> Response:
    """Show the form, or why the link leads nowhere."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        try:
            holder = await database.read(resets.holder, link)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
        if holder.is_guest:
            return plain_page(_('Come back'), _come_back(visit, holder.name, link), status=visit.status)
        form = _form(visit, holder.email or holder.name, link, shows=show == 'yes')
        return plain_page(_('New password'), form, status=visit.status)


def _come_back(visit: Visit, name: str, link: str) -> str:
    go_on = _('Go on as {person}', person=name)
    button = form_button_html(visit.request, '/come-back', go_on, 'button-primary button-large button-wide', link=link)
    return f'<h1 class="title">{escape(_("Welcome back"))}</h1>{button}'


def _form(visit: Visit, email: str, link: str, *, shows: bool) -> str:
    """Return the form; this page has no connection, so a link shows the field anew (docs/decisions/0050)."""
    field = replace(PASSWORD, kind='text') if shows else PASSWORD
    form = form_html(visit, '/new-password', [field], _('Save and sign in'), hidden={'link': link})
    other = urlencode({'link': link} if shows else {'link': link, 'show': 'yes'})
    word = _('Hide what I type') if shows else _('Show what I type')
    form += f'<p><a href="/new-password?{escape(other)}">{escape(word)}</a></p>'
    bold = f'<b dir="ltr">{escape(email)}</b>'
    whose = _('For {person}', person=bold)
    return f'<h1 class="title">{escape(_("Choose a new password"))}</h1><p class="body">{whose}</p>{form}'
