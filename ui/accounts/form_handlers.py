"""What forms post: joining, signing in, registering, signing out. Each answers with a redirect.

What cannot be accepted leads back to the form, with the sentence and what was typed in a signed address.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.access import Actor
from services.accounts import (
    agreements,
    first_step,
    guessing,
    guest_upgrade,
    parent_codes,
    registration,
    resets,
    sign_ins,
)
from services.accounts.half_way import HalfWay
from services.accounts.oidc import flow
from services.accounts.registration import NewAccount
from services.core import database, server_log
from services.core.buckets import Buckets
from services.core.errors import DomainError, Forbidden
from services.core.phrases import phrase
from services.core.secrets import REJOIN_CODE_LENGTH, read_code
from services.core.server_address import network_of
from services.enums import Role
from services.people import joining
from ui.accounts.sign_in_answers import device_of, enter, keep_guest, second_step, see_other
from ui.kit.language import _, reading
from ui.kit.nicegui_patches import route
from ui.shell import before_sign_out, first_run
from ui.shell.address import public_address
from ui.shell.new_account import newly_made
from ui.shell.request import (
    BROWSER_COOKIE,
    COOKIE,
    DEVICE_COOKIE,
    address_of,
    csrf_matches,
    language_of,
    local_path,
    origin_of,
    remember_problem,
    visit_of,
)
from ui.shell.security import comes_from_elsewhere
from ui.shell.static_pages import leaving_page

router = APIRouter()

Fields = Mapping[str, str]
Handler = Callable[[Request, Fields], Awaitable[Response]]

LONGEST_FORM = 64 * 1024
KEPT = ('next', 'invitation', 'link', 'keep', 'draft', 'do')
"""what stays in the address of a form that was refused"""

forms_from = Buckets(
    name='forms', per_second=20, at_once=1_000, sentence=phrase('Too many forms from here at once. Send it again.')
)
"""forms from one address: a school that arrives has one address for all"""


def post(path: str, *, back: str) -> Callable[[Handler], Handler]:
    """Declare what a form posts to; `back` is the page with the form."""

    def declare(handler: Handler) -> Handler:
        @router.post(path)
        @route
        @wraps(handler)
        async def posted(request: Request) -> Response:
            server_log.begin_request()
            fields = await read_fields(request)
            try:
                forms_from.take(network_of(address_of(request)))
                if comes_from_elsewhere(request) or not csrf_matches(request, fields.get('csrf', '')):
                    raise Forbidden('This form was open for too long, or came from elsewhere. Send it again.')
                return await handler(request, fields)
            except HalfWay as half_way:
                return second_step(half_way, fields)
            except DomainError as error:
                response = see_other(_with_problem(back, fields))
                with reading(await _language(request)):
                    remember_problem(response, error, fields)
                return response

        return handler

    return declare


@post('/sign-in', back='/sign-in')
async def sign_in(request: Request, fields: Fields) -> Response:
    """Sign in with an account, and keep what the same person did here as a guest."""
    guest = (await visit_of(request)).actor
    entered = await first_step.sign_in(
        email=fields.get('email', ''),
        password=fields.get('password', ''),
        device=device_of(request),
        replaces=request.cookies.get(COOKIE),
        address=address_of(request),
        known_device=request.cookies.get(DEVICE_COOKIE, ''),
    )
    await keep_guest(entered, guest, fields)
    return enter(request, entered, local_path(fields.get('next')))


@post('/register', back='/register')
async def register(request: Request, fields: Fields) -> Response:
    """Register an account and sign in."""
    role = Role.INSTRUCTOR if fields.get('role') == Role.INSTRUCTOR else Role.STUDENT
    new = NewAccount(
        name=fields.get('name', ''),
        email=fields.get('email', ''),
        password=fields.get('password', ''),
        role=role,
        code=fields.get('code', ''),
        invitation=fields.get('invitation', ''),
        language=language_of(request),
        agreement=agreements.read(fields.get('agreement', '')),
    )
    address = address_of(request)
    if fields.get('claim'):
        claimed = await guest_upgrade.claim(new, (await visit_of(request)).actor, address=address)
        return enter(request, claimed, newly_made(local_path(fields.get('next'))))
    with guessing.class_codes.counted(origin_of(request)):
        entered = await registration.register(
            new, device=device_of(request), replaces=request.cookies.get(COOKIE), address=address
        )
    return enter(request, entered, newly_made(local_path(fields.get('next'))))


@post('/register/parent', back='/register/parent')
async def register_parent(request: Request, fields: Fields) -> Response:
    """Register a parent with a code from their child or the school, and sign in."""
    new = NewAccount(
        name=fields.get('name', ''),
        email=fields.get('email', ''),
        password=fields.get('password', ''),
        role=Role.PARENT,
        code=fields.get('code', ''),
        language=language_of(request),
    )
    with guessing.parent_codes.counted(origin_of(request)):
        entered = await registration.register(
            new, device=device_of(request), replaces=request.cookies.get(COOKIE), address=address_of(request)
        )
    return enter(request, entered, newly_made('/children'))


@post('/children', back='/children')
async def add_child(request: Request, fields: Fields) -> Response:
    """Link one more child to a parent, with a code."""
    actor = (await visit_of(request)).actor
    with guessing.parent_codes.counted(origin_of(request)):
        child_id = await database.write(parent_codes.add_child, actor, code=fields.get('code', ''))
    return see_other(f'/children/{child_id}')


@post('/new-password', back='/new-password')
async def new_password(request: Request, fields: Fields) -> Response:
    """Choose a new password by a link, and sign in."""
    entered = await resets.choose_password(
        fields.get('link', ''),
        fields.get('password', ''),
        device=device_of(request),
        replaces=request.cookies.get(COOKIE),
        address=address_of(request),
    )
    return enter(request, entered, '/')


@post('/come-back', back='/new-password')
async def come_back(request: Request, fields: Fields) -> Response:
    """Sign a guest in by a link that an instructor handed out."""
    entered = await database.write(
        resets.come_back, fields.get('link', ''), device=device_of(request), replaces=request.cookies.get(COOKIE)
    )
    return enter(request, entered, '/')


@post('/sign-out', back='/')
async def sign_out(request: Request, fields: Fields) -> Response:
    """Sign out here, on another device, or everywhere."""
    actor = (await visit_of(request)).actor
    elsewhere = '' if fields.get('device') else await flow.sign_out_address(actor, back=f'{public_address(request)}/')
    if fields.get('everywhere'):
        await before_sign_out.all_pages(actor)
        await database.write(sign_ins.sign_out_everywhere, actor)
    elif re.fullmatch('[0-9]{1,9}', fields.get('device', '')):
        await before_sign_out.all_pages(actor, sign_in_id=int(fields['device']))
        await database.write(sign_ins.sign_out, actor, int(fields['device']))
        return see_other('/account')
    else:
        await before_sign_out.all_pages(actor, sign_in_id=actor.sign_in_id if actor else None)
        await database.write(sign_ins.sign_out, actor)
    response = await _leave(request, elsewhere) if elsewhere else see_other(local_path(fields.get('next')))
    response.delete_cookie(COOKIE)
    return response


async def _leave(request: Request, address: str) -> Response:
    with reading(await _language(request)):
        return leaving_page(address, _('You are signed out here. Now you are signed out at your school as well.'))


@post('/code', back='/')
async def code(request: Request, fields: Fields) -> Response:
    """Follow a code: a class code leads to joining, a rejoin code straight back in."""
    typed = read_code(fields.get('code', ''))
    if len(typed) != REJOIN_CODE_LENGTH:
        with guessing.class_codes.counted(origin_of(request)):
            await database.read(joining.look_up, typed)
        return see_other(f'/j/{typed}')
    joined = await database.write(
        joining.rejoin,
        code=typed,
        device=device_of(request),
        address=address_of(request),
        browser=request.cookies.get(BROWSER_COOKIE, ''),
        replaces=request.cookies.get(COOKIE),
    )
    return enter(request, joined.entered, f'/class/{joined.course_id}')


@post('/join', back='/j/{code}')
async def join(request: Request, fields: Fields) -> Response:
    """Join a class, as the person who is signed in, or as a new guest.

    A person who goes back to the form, or has it open in a second tab, and sends their name again stays who they are.
    """
    actor = (await visit_of(request)).actor
    with guessing.class_codes.counted(origin_of(request)):
        if actor and (not fields.get('name') or await _is_here(actor, fields)):
            joined = await database.write(joining.join, actor, code=fields.get('code', ''))
        else:
            with joining.arriving(origin_of(request), code=fields.get('code', '')):
                joined = await database.write(
                    joining.join_as_guest,
                    code=fields.get('code', ''),
                    name=_full_name(fields),
                    device=device_of(request),
                    replaces=request.cookies.get(COOKIE),
                )
    return enter(request, joined.entered, f'/class/{joined.course_id}')


async def _is_here(actor: Actor, fields: Fields) -> bool:
    typed = {'code': fields.get('code', ''), 'name': _full_name(fields)}
    return await database.read(joining.is_here_as, actor, **typed)


def _full_name(fields: Fields) -> str:
    """Return the name that was typed, with the surname that is asked for where the name is taken."""
    return f'{fields.get("name", "")} {fields.get("surname", "")}'.strip()


@post('/first-steps', back='/')
async def hide_first_steps(request: Request, fields: Fields) -> Response:
    """Hide the first steps of a role in this browser."""
    response = see_other('/')
    first_run.hide(request, response, fields.get('role', ''))
    return response


async def read_fields(request: Request) -> Fields:
    """Return what a form posts, as browsers write it; nothing of one that is longer than any of ours."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    return dict(parse_qsl(body.decode(errors='replace'), keep_blank_values=True))


async def _language(request: Request) -> str:
    """Return the language of the person who posts; that of their browser if the database does not answer."""
    try:
        return (await visit_of(request)).language
    except DomainError:
        return language_of(request)


def _with_problem(back: str, fields: Fields) -> str:
    """Return where a refused form leads: the page that it came from, with the mark of the problem and nothing else."""
    parts = urlsplit(back.format(code=read_code(fields.get('code', '')) or '-'))
    kept = {name: fields[name] for name in KEPT if fields.get(name)}
    return f'{parts.path}?{urlencode({**kept, "problem": secrets.token_urlsafe(6)})}'
