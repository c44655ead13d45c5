"""`/certificates/{serial}`: whether a certificate is valid, for whoever was shown one. Plain, without signing in."""

import asyncio
from collections.abc import Awaitable, Callable
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from services.certificates import badges, lookup, render_queue
from services.certificates.lookup import Shown, Standing
from services.certificates.pdf import Sheet, day
from services.core import clock, database, server_log
from services.core.errors import DomainError, Gone, NotSaved
from services.core.phrases import phrase
from settings import settings
from ui.kit.language import say
from ui.shell.request import address_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

UNLISTED = {'x-robots-tag': 'noindex'}
TOKEN = 'application/vc+jwt'  # noqa: S105 - a media type
PAGE = '/certificates/{serial}'

GONE = {
    Standing.REPLACED: phrase('It has been replaced by a newer one. Ask the person who showed it to you for that one.'),
    Standing.REVOKED: phrase('It was taken back.'),
}


def _answer(answer: Callable[[Shown], Awaitable[Response]]) -> Callable[[Request, str], Awaitable[Response]]:
    """Look a serial up before it is answered; what is refused becomes a page with a sentence."""

    async def answered(request: Request, serial: str) -> Response:
        server_log.begin_request()
        try:
            response = await answer(await lookup.look_up(serial, address=address_of(request)))
        except DomainError as refusal:
            response = plain_problem(status_of(refusal), str(refusal))
        response.headers.update(UNLISTED)
        return response

    return answered


@router.get('/certificates/issuer')
async def issuer() -> Response:
    """Tell who issues, for programs that check an Open Badge."""
    return JSONResponse(badges.issuer())


@router.get('/certificates/keys')
async def keys() -> Response:
    """Hand out the public keys, for the same."""
    return JSONResponse(await asyncio.to_thread(badges.key_set))


@router.get('/certificates/keys/{name}')
async def key(name: str) -> Response:
    """Hand out the public key that a credential names."""
    published = await asyncio.to_thread(badges.key_set)
    found = [each for each in published['keys'] if each['kid'] == name]
    return JSONResponse(found[0]) if found else plain_problem(404, 'There is no such key.')


@router.get('/certificates/status/{number:id}')
async def status(number: int) -> Response:
    """Tell programs which certificates do not hold, without naming one."""
    try:
        places = await database.read(badges.not_valid, number)
    except DomainError as refusal:
        return plain_problem(status_of(refusal), str(refusal))
    token = await asyncio.to_thread(badges.signed_list, number, places, clock.now())
    return Response(token, media_type=TOKEN)


@_answer
async def page(shown: Shown) -> Response:
    """Say whether a certificate is valid and, if so, whose it is."""
    if shown.sheet is None:
        heading = f'<h1 class="title">This certificate is no longer valid</h1><p>{say(GONE[shown.standing])}</p>'
        return plain_page('No longer valid', f'{heading}{_number(shown)}')
    return plain_page('A valid certificate', _valid(shown, shown.sheet))


@_answer
async def pdf(shown: Shown) -> Response:
    """Hand out the PDF; whoever has the serial was given it."""
    path = await render_queue.file_of(_sheet(shown))
    if path is None:
        raise NotSaved('This certificate is still being printed. Try again in a few minutes.')
    return FileResponse(path, media_type='application/pdf', filename=f'certificate-{shown.serial}.pdf')


@_answer
async def badge(shown: Shown) -> Response:
    """Hand out the Open Badge, in the form in which programs ask each other for credentials."""
    _sheet(shown)
    token = await asyncio.to_thread(badges.signed, shown)
    return JSONResponse({'credential': [], 'compactJwsString': [token]})


@_answer
async def token(shown: Shown) -> Response:
    """Hand out the Open Badge as the file that wallets take."""
    _sheet(shown)
    given = await asyncio.to_thread(badges.signed, shown)
    as_file = {'content-disposition': f'attachment; filename="certificate-{shown.serial}.jwt"'}
    return Response(given, media_type=TOKEN, headers=as_file)


router.add_api_route(f'{PAGE}.pdf', pdf, methods=['GET', 'HEAD'])
router.add_api_route(f'{PAGE}.json', badge)
router.add_api_route(f'{PAGE}.jwt', token)
router.add_api_route(PAGE, page, methods=['GET', 'HEAD'])


def _sheet(shown: Shown) -> Sheet:
    if shown.sheet is None:
        raise Gone('This certificate is not valid now. {reason}', reason=GONE[shown.standing])
    return shown.sheet


def _valid(shown: Shown, sheet: Sheet) -> str:
    facts = {
        'Course': sheet.course_title,
        'Completed': day(sheet.completed_at),
        'School': settings().school_name,
    }
    rows = ''.join(f'<dt>{label}</dt><dd dir="auto">{escape(value)}</dd>' for label, value in facts.items())
    return (
        '<div class="certificate"><p class="certificate-mark">This certificate is valid</p>'
        f'<h1 class="title" dir="auto">{escape(sheet.name)}</h1><dl class="facts">{rows}</dl>{_number(shown)}</div>'
        '<div class="line">'
        f'<a class="button-primary" href="/certificates/{shown.serial}.pdf">Certificate (PDF)</a>'
        f'<a class="button-quiet" href="/certificates/{shown.serial}.jwt">Open Badge, for a wallet</a></div>'
    )


def _number(shown: Shown) -> str:
    return f'<p class="hint">Number <span class="number" dir="ltr">{shown.serial}</span></p>'
