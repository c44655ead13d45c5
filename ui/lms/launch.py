"""`/lti/…`: the addresses that a platform and the browser speak with; each launch ends as a sign-in like any other.

A platform posts from its own site, and such a post carries no cookie of ours. So the post only leads on to
`/lti/enter`, which the browser opens as a page of its own, with the cookie of the launch that it began.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from services.access import Actor
from services.accounts import first_step
from services.core import database, server_log, threads
from services.core.buckets import Buckets
from services.core.errors import DomainError, NotFound, Refused
from services.core.phrases import phrase
from services.core.server_address import network_of
from services.core.transaction import Transaction
from services.lms import deep_linking, entering, links, logins, platforms, registrations
from services.lms.deep_linking import Reply
from services.lms.entering import Arrived, Next
from services.lms.links import Offer, Target
from services.lms.logins import Open
from ui.accounts import sign_in_answers
from ui.accounts.form_handlers import post
from ui.accounts.sign_in_answers import device_of
from ui.kit.language import reading, say
from ui.kit.nicegui_patches import route
from ui.lms import plain
from ui.shell.address import public_address
from ui.shell.request import COOKIE, DEVICE_COOKIE, address_of, language_of, set_cookie, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of

router = APIRouter()

Fields = Mapping[str, str]
Answer = Callable[[Request, Fields], Awaitable[Response]]

LONGEST_BODY = 128 * 1024
launches_from = Buckets(
    name='launches', per_second=20, at_once=1_000, sentence=phrase('Too many launches from here. Open it again.')
)
"""launches from one address: a school has one for all, and a class arrives at once"""
FRAMES = frozenset({'iframe', 'frame', 'embed', 'object'})


def lti(path: str, *methods: str) -> Callable[[Answer], Answer]:
    """Declare an address of the launch; what is refused is a page with a sentence."""

    def declare(handler: Answer) -> Answer:
        @router.api_route(path, methods=list(methods))
        @route
        @wraps(handler)
        async def asked(request: Request) -> Response:
            server_log.begin_request()
            with reading(language_of(request)):
                try:
                    launches_from.take(network_of(address_of(request)))
                    if not platforms.is_installed():
                        raise Refused('This server is not set up for learning management systems.')
                    return await handler(request, await _fields(request))
                except DomainError as error:
                    return plain_problem(status_of(error), say(error))

        return handler

    return declare


@router.get('/lti/jwks')
async def key_set() -> Response:
    """Answer with the keys with which this server signs."""
    return JSONResponse(await threads.shared.run(platforms.public_keys))


@lti('/lti/login', 'GET', 'POST')
async def login(request: Request, fields: Fields) -> Response:
    """Begin a launch: the platform is asked who wants to enter. In a frame, a window of its own is offered first."""
    issuer, client_id = fields.get('iss', ''), fields.get('client_id', '')
    if request.headers.get('sec-fetch-dest', '') in FRAMES:
        platform = await database.read(_platform, issuer, client_id)
        return plain.own_window(platform, fields)
    begun = await database.write(
        lambda tx: logins.begin(
            tx,
            issuer=issuer,
            client_id=client_id,
            login_hint=fields.get('login_hint', ''),
            message_hint=fields.get('lti_message_hint', ''),
            redirect_to=f'{public_address(request)}/lti/launch',
            frame=fields.get('frame', ''),
        )
    )
    response = RedirectResponse(begun.address, status_code=302)
    set_cookie(response, _cookie(begun.cookie), begun.browser, lifetime=2 * logins.LIFETIME)
    return response


@lti('/lti/launch', 'POST')
async def launch(_: Request, fields: Fields) -> Response:
    """Take what a platform has signed, and let the browser enter with it."""
    if fields.get('error'):
        raise Refused('The platform did not let you in. Open it again from your course.')
    ticket = await logins.take(id_token=fields.get('id_token', ''), state=fields.get('state', ''))
    return _go(f'/lti/enter?{urlencode({"ticket": ticket})}')


@lti('/lti/enter', 'GET')
async def enter(request: Request, fields: Fields) -> Response:
    """Sign in who a platform has vouched for."""
    ticket = fields.get('ticket', '')
    where = _where(request, ticket)
    actor = (await visit_of(request)).actor
    if await database.read(entering.present, ticket, browser=where['browser'], actor=actor):
        return _go(f'/lti/who?{urlencode({"link": ticket})}')
    return _arrive(request, await database.write(entering.enter, ticket, **where), ticket)


@lti('/lti/register/{token}', 'GET')
async def register(request: Request, fields: Fields) -> Response:
    """Register with a system whose admin has opened a one-time address, mostly in a frame of its own page."""
    try:
        host = await registrations.answer(
            request.path_params['token'],
            configuration=fields.get('openid_configuration', ''),
            registration_token=fields.get('registration_token', ''),
            base=public_address(request),
        )
    except DomainError as error:
        return plain.in_frames(plain_problem(status_of(error), say(error)))
    return plain.registered(host)


@post('/lti/who', back='/lti/who')
async def who(request: Request, fields: Fields) -> Response:
    """Let a learner in who has said whether it is them who is signed in on this device."""
    ticket = fields.get('link', '')
    if email := fields.get('email', ''):
        return await _enter_joined(request, ticket, email, fields.get('password', ''), fields.get('code', ''))
    guest = (await visit_of(request)).actor
    if fields.get('keep') == 'yes' and guest and fields.get('guest') != str(guest.user_id):
        return _go(f'/lti/who?{urlencode({"link": ticket})}')  # they were asked about somebody else
    arrived = await database.write(entering.enter, ticket, **_where(request, ticket))
    if arrived.entered:
        await sign_in_answers.keep_guest(arrived.entered, guest, fields)
    return _arrive(request, arrived, ticket, keep=fields.get('keep', ''))


@post('/lti/welcome', back='/lti/welcome')
async def welcome(request: Request, fields: Fields) -> Response:
    """Let a teacher who is new here in: with the account that they have, or with a new one."""
    ticket = fields.get('link', '')
    if fields.get('is_new'):
        arrived = await database.write(entering.enter_new, ticket, **_where(request, ticket))
        return _arrive(request, arrived, ticket)
    email, password = fields.get('email', ''), fields.get('password', '')
    return await _enter_joined(request, ticket, email, password, fields.get('code', ''))


async def _enter_joined(request: Request, ticket: str, email: str, password: str, code: str) -> Response:
    """Join somebody with the account whose password they give."""
    where = _where(request, ticket)
    await database.read(entering.welcome, ticket, browser=where['browser'])
    proved = await first_step.check(
        email=email,
        password=password,
        address=address_of(request),
        known_device=request.cookies.get(DEVICE_COOKIE, ''),
    )
    typed = {'code': code, 'address': address_of(request)}
    outcome = await database.write(entering.enter_joined, ticket, proved, **where, **typed)
    if isinstance(outcome, DomainError):
        raise outcome
    return _arrive(request, outcome, ticket)


@lti('/lti/add', 'GET')
async def add(request: Request, fields: Fields) -> Response:
    """Show what a teacher has chosen, with the button that takes it to the platform."""
    actor, ticket, target = await _choice(request, fields)
    login, offer = await database.write(links.offer, actor, ticket, target)
    reply = await _reply(request, login, offer)
    return plain.go_back(reply) if login.in_frame else plain.take_along(reply)


@lti('/lti/chosen', 'GET')
async def chosen(request: Request, fields: Fields) -> Response:
    """Show in a frame of the platform what was chosen in the window that it has opened, with the button to add it."""
    frame = fields.get('frame', '')
    try:
        login, offer = await database.read(links.chosen, frame)
    except NotFound as nothing:
        return plain.not_chosen(frame, say(nothing))
    return plain.in_frames(plain.take_along(await _reply(request, login, offer)))


async def _reply(request: Request, login: Open, offer: Offer) -> Reply:
    launch_address = f'{public_address(request)}/lti/launch'
    return await threads.shared.run(deep_linking.reply, login, offer, launch_address=launch_address)


@post('/lti/choose', back='/lti/choose')
async def open_here(request: Request, fields: Fields) -> Response:
    """Let the link of a launch open what a teacher has chosen."""
    actor, ticket, target = await _choice(request, {**fields, 'ticket': fields.get('link', '')})
    await database.write(links.choose, actor, ticket, target)
    return _go(_place(target, teaches=True))


async def _choice(request: Request, fields: Fields) -> tuple[Actor, str, Target]:
    actor = (await visit_of(request)).signed_in()
    course_id, checkpoint_id = _number(fields.get('course', '')), _number(fields.get('step', ''))
    if course_id is None:
        raise Refused('Choose a course, its class, or one step of it.')
    target = Target(course_id=course_id, checkpoint_id=checkpoint_id, in_class=bool(fields.get('class')))
    return actor, fields.get('ticket', ''), target


def _arrive(request: Request, arrived: Arrived, ticket: str, *, keep: str = '') -> Response:
    if arrived.next is Next.WELCOME:
        return _go(f'/lti/welcome?{urlencode({"link": ticket})}')
    if arrived.next is Next.CHOOSE:
        target = f'/lti/choose?{urlencode({"link": ticket})}'
    else:
        assert arrived.target is not None
        target = _place(arrived.target, teaches=arrived.teaches)
    if arrived.half_way:
        response = sign_in_answers.second_step(arrived.half_way, {'next': target, 'keep': keep})
    else:
        response = sign_in_answers.enter(request, arrived.entered, target)
    response.delete_cookie(_cookie(ticket.partition('.')[0]))
    return response


def _place(target: Target, *, teaches: bool) -> str:
    """Return the page of what a link opens."""
    if teaches:
        return f'/courses/{target.course_id}{"/live" if target.in_class else ""}'
    if target.in_class:
        return f'/class/{target.course_id}'
    checkpoint = f'/{target.checkpoint_id}' if target.checkpoint_id else ''
    return f'/courses/{target.course_id}/learn{checkpoint}'


def _where(request: Request, ticket: str) -> dict[str, str]:
    """Return from which browser somebody comes, as the services know it."""
    return {
        'browser': browser_of(request, ticket),
        'device': device_of(request),
        'replaces': request.cookies.get(COOKIE, ''),
    }


def browser_of(request: Request, ticket: str) -> str:
    """Return by what a browser is known that began the launch of a ticket."""
    return request.cookies.get(_cookie(ticket.partition('.')[0]), '')


def _cookie(name: str) -> str:
    return f'waymark_lti_{name}' if re.fullmatch('[0-9a-f]{12}', name) else 'waymark_lti'


def _platform(tx: Transaction, issuer: str, client_id: str) -> platforms.Platform:
    return platforms.find(tx, issuer=issuer, client_id=client_id)


async def _fields(request: Request) -> Fields:
    """Return what was asked, in the address or posted as a form."""
    body = bytearray()
    if request.method == 'POST':
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return {}
    posted = dict(parse_qsl(body.decode(errors='replace'), keep_blank_values=True))
    return {**dict(request.query_params), **posted}


def _number(typed: str) -> int | None:
    return int(typed) if re.fullmatch('[0-9]{1,9}', typed) else None


def _go(target: str) -> RedirectResponse:
    return RedirectResponse(target, status_code=303)
