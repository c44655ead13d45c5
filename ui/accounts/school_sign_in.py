"""`/oidc/…`: signing in with the school's own accounts, joining an account with them, and signing out there."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from services.accounts import credentials
from services.accounts.half_way import HalfWay
from services.accounts.oidc import flow
from services.core import server_log
from services.core.errors import DomainError
from ui.accounts.form_handlers import Fields, post, read_fields
from ui.accounts.sign_in_answers import device_of, enter, second_step
from ui.kit.language import _, reading, say
from ui.shell.address import public_address
from ui.shell.request import COOKIE, ELSEWHERE_COOKIE, address_of, local_path, set_cookie, visit_of
from ui.shell.static_pages import leaving_page, plain_problem
from web.status import status_of

router = APIRouter()


@router.get('/oidc/{name}/start')
async def start(request: Request, name: str) -> Response:
    """Lead a browser to a provider."""
    server_log.begin_request()
    try:
        begun = await flow.begin(
            name,
            redirect=_back(request, name),
            target=local_path(request.query_params.get('next')),
            address=address_of(request),
        )
    except DomainError as refusal:
        return await _problem(request, refusal)
    response = RedirectResponse(begun.address, status_code=303)
    set_cookie(response, ELSEWHERE_COOKIE, begun.packed, lifetime=flow.LIFETIME)
    return response


@router.get('/oidc/{name}/callback')
async def callback(request: Request, name: str) -> Response:
    """Sign somebody in who comes back from a provider."""
    server_log.begin_request()
    packed = request.cookies.get(ELSEWHERE_COOKIE, '')
    try:
        came_back = await flow.finish(
            name,
            dict(request.query_params),
            packed=packed,
            device=device_of(request),
            replaces=request.cookies.get(COOKIE),
            actor=(await visit_of(request)).actor,
        )
        response = enter(request, came_back.entered, local_path(came_back.target))
    except HalfWay as half_way:
        response = second_step(half_way, {'next': flow.target_of(packed)})
    except DomainError as refusal:
        response = await _problem(request, refusal)
    response.delete_cookie(ELSEWHERE_COOKIE)
    return response


@router.post('/oidc/{name}/back-channel')
async def back_channel(request: Request, name: str) -> Response:
    """End what a provider says has ended there; the signature of its token is what it is known by."""
    server_log.begin_request()
    try:
        token = (await read_fields(request)).get('logout_token', '')
        await flow.signed_out_there(name, token, address=address_of(request))
    except DomainError as refusal:
        return PlainTextResponse(str(refusal), 400)
    return PlainTextResponse('')


@post('/account/school-account', back='/account/school-account')
async def join(request: Request, fields: Fields) -> Response:
    """Lead somebody who has typed their password to a provider, to join their account with it."""
    visit = await visit_of(request)
    await credentials.check_password(visit.actor, fields.get('current_password', ''))
    name = fields.get('provider', '')
    begun = await flow.begin(
        name, redirect=_back(request, name), target='/account', address=address_of(request), joins=visit.signed_in()
    )
    with reading(visit.language):
        response = leaving_page(begun.address, _('Sign in with the account of your school now.'))
    set_cookie(response, ELSEWHERE_COOKIE, begun.packed, lifetime=flow.LIFETIME)
    return response


def _back(request: Request, name: str) -> str:
    return f'{public_address(request)}/oidc/{name}/callback'


async def _problem(request: Request, refusal: DomainError) -> Response:
    with reading((await visit_of(request)).language):
        return plain_problem(status_of(refusal), say(refusal))
