"""`/new-password?link=…`: where somebody with a link chooses a new password. A plain page."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.accounts import resets
from services.core import database, server_log
from services.core.errors import DomainError
from ui.shell.forms import Field, form_html
from ui.shell.request import visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

PASSWORD = Field(
    name='password',
    label='New password',
    kind='password',
    autocomplete='new-password',
    hint='At least 8 characters. You are signed out on all other devices.',
)


@router.get('/new-password')
async def new_password(request: Request, link: str = '') -> Response:
    """Show the form, or why the link leads nowhere."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
        email = await database.read(resets.holder, link)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), str(refusal))
    form = form_html(visit, '/new-password', [PASSWORD], 'Save and sign in', hidden={'link': link})
    body = f'<h1 class="title">Choose a new password</h1><p class="body">For <b dir="ltr">{escape(email)}</b></p>{form}'
    return plain_page('New password', body, status=visit.problem.status if visit.problem else 200)
