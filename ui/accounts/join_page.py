"""`/j/{code}`: where a QR code leads, on the wall or on a guest's card. A plain page, because a class arrives at once.

With a class code, a name is enough to join. With the code of a guest, one press brings them back.
"""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.accounts import guessing
from services.content.prose import prepare, prose_html
from services.core import database, server_log
from services.core.errors import DomainError, Refused
from services.core.phrases import phrase
from services.core.secrets import REJOIN_CODE_LENGTH, read_code, spell_code
from services.people import joining
from services.people.joining import Invited
from ui.kit.language import _, reading, say
from ui.shell.forms import Field, form_button_html, form_html
from ui.shell.request import Visit, origin_of, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

OWN_CODE = Field(
    name='code',
    label=phrase('Your own code'),
    is_code=True,
    hint=phrase('You got it when you joined. Your instructor can look it up, too.'),
)
NAME = Field(name='name', label=phrase('Your name'), autocomplete='name', hint=phrase('Only your teacher sees it.'))
SURNAME = Field(
    name='surname',
    label=phrase('Your surname'),
    autocomplete='family-name',
    hint=phrase('It comes behind your name, so that your teacher can tell you apart.'),
)


@router.get('/j/{code}')
async def join(request: Request, code: str) -> Response:
    """Show the way into a class, or why there is none."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        if len(read_code(code)) == REJOIN_CODE_LENGTH:
            page = plain_page(_('Come back'), _way_back(visit, read_code(code)))
            page.headers['cache-control'] = 'no-store'
            return page
        try:
            with guessing.class_codes.counted(origin_of(request)):
                invited = await database.read(joining.look_up, code)
        except Refused as refusal:
            return plain_page(_('Joining is closed'), _closed(visit, say(refusal)), status=status_of(refusal))
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
    form = _of_two(visit, code) or form_html(visit, '/join', [NAME], _('Join'), hidden={'code': code})
    links = (
        f'<a href="/sign-in?next=/j/{escape(code)}">{escape(_("I have an account"))}</a>'
        f'<a href="/">{escape(_("I was here before, on another device"))}</a>'
        f'<a href="/privacy">{escape(_("What is kept of you"))}</a>'
    )
    return f'{title}{form}<div class="stack-tight">{links}</div>{_about(invited)}'


def _of_two(visit: Visit, code: str) -> str:
    """Return what somebody is asked whose name another person in the class has; nothing for everybody else."""
    problem, name = visit.problem, visit.typed('name')
    if problem is None or problem.field != 'name' or not problem.offer or not name:
        return ''
    surname = form_html(visit, '/join', [SURNAME], _('Join'), hidden={'code': code, 'name': name})
    join_as = _('Join as {person}', person=problem.offer)
    numbered = form_button_html(visit.request, '/join', join_as, 'button-quiet', code=code, name=problem.offer)
    return f'{surname}{numbered}<a href="/j/{escape(code)}">{escape(_("Take another name"))}</a>'


def _closed(visit: Visit, sentence: str) -> str:
    """Return why nobody joins now, and the way in for those who have joined before."""
    top = f'<h1 class="title">{escape(_("Joining is closed"))}</h1><p>{escape(sentence)}</p>'
    if visit.actor:
        go_on = escape(_('Go on as {person}', person=visit.actor.name))
        return f'{top}<a class="button-primary" href="/" dir="auto">{go_on}</a>'
    again = form_html(visit, '/code', [OWN_CODE], _('Come back'))
    account = f'<a href="/sign-in">{escape(_("I have an account"))}</a>'
    return f'{top}<h2 class="heading">{escape(_("I was here before"))}</h2>{again}{account}'


def _way_back(visit: Visit, code: str) -> str:
    """Return the way back for a guest. The code is looked at only when they press: whose it is, a page does not say."""
    button = form_button_html(
        visit.request, '/code', _('Come back with this code'), 'button-primary button-large button-wide', code=code
    )
    instead = ''
    if visit.actor:
        sentence = _('This device is signed in as {person}; that ends then.', person=visit.actor.name)
        instead = f'<p class="hint">{escape(sentence)}</p>'
    return (
        f'<h1 class="title">{escape(_("Welcome back"))}</h1>'
        f'<p class="code-large" translate="no" dir="ltr">{escape(spell_code(code))}</p>{button}{instead}'
    )


def _about(invited: Invited) -> str:
    """Return what the course is about; below the way in, because a class that joins at once needs only that."""
    if not invited.description:
        return ''
    heading = escape(_('About this course'))
    return f'<h2 class="heading">{heading}</h2><div class="prose" dir="auto">{prose_html(invited.description)}</div>'
