"""`/j/{code}`: where the QR code leads. A name is enough to join. A plain page, because a class arrives at once."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.accounts import guessing
from services.content.prose import prepare, prose_html
from services.core import database, server_log
from services.core.errors import DomainError
from services.core.phrases import phrase
from services.people import joining
from services.people.joining import Invited
from ui.kit.language import _, reading, say
from ui.shell.forms import Field, form_button_html, form_html
from ui.shell.request import Visit, origin_of, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

NAME = Field(name='name', label=phrase('Your name'), autocomplete='name', hint=phrase('Only your teacher sees it.'))


@router.get('/j/{code}')
async def join(request: Request, code: str) -> Response:
    """Show the way into a class, or why there is none."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        try:
            with guessing.class_codes.counted(origin_of(request)):
                invited = await database.read(joining.look_up, code)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
        await prepare(invited.description)
        return plain_page(_('Join'), _way_in(visit, invited, code), status=visit.status)


@router.get('/join')
async def join_by_typing() -> Response:
    """Lead to where codes are typed."""
    return RedirectResponse('/', status_code=303)


def _way_in(visit: Visit, invited: Invited, code: str) -> str:
    about = f'<p class="hint">{escape(_("Join the class"))}</p>'
    subject = f'<p class="hint" dir="auto">{escape(invited.subject)}</p>' if invited.subject else ''
    title = f'{about}<h1 class="title" dir="auto">{escape(invited.title)}</h1>{subject}'
    if visit.actor and not visit.problem:
        join_as = _('Join as {person}', person=visit.actor.name)
        button = form_button_html(visit.request, '/join', join_as, 'button-primary button-large button-wide', code=code)
        other = form_button_html(
            visit.request, '/sign-out', _('I am somebody else'), 'button-quiet button-bare', next=f'/j/{code}'
        )
        return f'{title}{button}{other}{_about(invited)}'
    form = form_html(visit, '/join', [NAME], _('Join'), hidden={'code': code})
    links = (
        f'<a href="/sign-in?next=/j/{escape(code)}">{escape(_("I have an account"))}</a>'
        f'<a href="/">{escape(_("I was here before, on another device"))}</a>'
    )
    return f'{title}{form}<div class="stack-tight">{links}</div>{_about(invited)}'


def _about(invited: Invited) -> str:
    """Return what the course is about; below the way in, because a class that joins at once needs only that."""
    if not invited.description:
        return ''
    heading = escape(_('About this course'))
    return f'<h2 class="heading">{heading}</h2><div class="prose" dir="auto">{prose_html(invited.description)}</div>'
