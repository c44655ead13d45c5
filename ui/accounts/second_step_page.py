"""`/sign-in/code`: the second step of signing in. A plain page."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.accounts import second_step
from services.accounts.second_factor import Missing
from services.accounts.second_step import Step
from services.core import database, server_log
from services.core.errors import DomainError, NotSignedIn
from ui.accounts.factor_words import CODE, EITHER_CODE, codes_html, set_up_html
from ui.accounts.form_handlers import Fields, post
from ui.accounts.sign_in_answers import device_of, enter, give_cookies, keep_guest
from ui.kit.language import _, reading, say
from ui.shell.forms import form_html
from ui.shell.request import COOKIE, DEVICE_COOKIE, STEP_COOKIE, Visit, address_of, local_path, visit_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()


@router.get('/sign-in/code')
async def ask(request: Request) -> Response:
    """Ask for the code, or for the second factor to be set up."""
    server_log.begin_request()
    try:
        visit = await visit_of(request)
        step = await database.read(second_step.look, request.cookies.get(STEP_COOKIE, ''))
    except NotSignedIn:
        return RedirectResponse('/sign-in', status_code=303)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), say(refusal))
    with reading(visit.language):
        body = _set_up(visit, step) if step.missing is Missing.SET_UP else _code(visit)
        return plain_page(_('Second step'), body, status=visit.status)


@post('/sign-in/code', back='/sign-in/code')
async def answer(request: Request, fields: Fields) -> Response:
    """Sign in with the code; those who set the second factor up on the way see the recovery codes, once."""
    visit = await visit_of(request)
    arrived = await second_step.finish(
        request.cookies.get(STEP_COOKIE, ''),
        code=fields.get('code', ''),
        draft=fields.get('draft', ''),
        device=device_of(request),
        replaces=request.cookies.get(COOKIE),
        address=address_of(request),
        known_device=request.cookies.get(DEVICE_COOKIE, ''),
    )
    await keep_guest(arrived.entered, visit.actor, fields)
    target = local_path(fields.get('next'))
    if arrived.recovery_codes:
        with reading(visit.language):
            page = plain_page(_('Your recovery codes'), codes_html(arrived.recovery_codes, target))
        response = give_cookies(request, page, arrived.entered)
    else:
        response = enter(request, arrived.entered, target)
    response.delete_cookie(STEP_COOKIE)
    return response


def _code(visit: Visit) -> str:
    about = _('Type the code that your authenticator app shows for this school.')
    form = form_html(visit, '/sign-in/code', [EITHER_CODE], _('Sign in'), hidden=_hidden(visit))
    return f'<h1 class="title">{escape(_("Second step"))}</h1><p class="body">{escape(about)}</p>{form}'


def _set_up(visit: Visit, step: Step) -> str:
    draft = second_step.draft(step, visit.request.query_params.get('draft', ''))
    why = _('Your school asks those who teach here for a second factor. Set yours up now; it takes two minutes.')
    form = form_html(visit, '/sign-in/code', [CODE], _('Sign in'), hidden=_hidden(visit) | {'draft': draft.packed})
    head = f'<h1 class="title">{escape(_("Set up your second factor"))}</h1><p class="body">{escape(why)}</p>'
    return head + set_up_html(draft) + form


def _hidden(visit: Visit) -> dict[str, str]:
    parameters = visit.request.query_params
    kept = {'keep': 'yes'} if parameters.get('keep') == 'yes' else {}
    return {'next': local_path(parameters.get('next')), **kept}
