"""`/certificates/{serial}`: whether a certificate is valid, for a person who was shown one; without signing in."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from html import escape
from types import MappingProxyType
from typing import ParamSpec
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from services.certificates import badges, lookup, render_queue
from services.certificates.lookup import Shown, Validity
from services.certificates.pdf import Sheet
from services.core import clock, database, school, server_log, threads, zones
from services.core.errors import DomainError, Gone, NotSaved
from services.core.phrases import Phrase, phrase
from ui.kit.language import _, reading, say
from ui.kit.time_format import day
from ui.shell.address import public_address
from ui.shell.request import address_of, language_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

P = ParamSpec('P')

router = APIRouter()

UNLISTED = {'x-robots-tag': 'noindex'}
TOKEN = 'application/vc+jwt'  # noqa: S105 - a media type
PAGE = '/certificates/{serial}'

GONE: Mapping[Validity, Phrase] = MappingProxyType(
    {
        Validity.REPLACED: phrase('It has been replaced by a newer one. Ask the person who showed it to you for that.'),
        Validity.REVOKED: phrase('It was taken back.'),
        Validity.WITHDRAWN: phrase('It was withdrawn at the holder’s request.'),
    }
)


def _answer(answer: Callable[[Request, Shown], Awaitable[Response]]) -> Callable[[Request, str], Awaitable[Response]]:
    """Look a certificate up by its number, then answer in the language of the browser; a refusal becomes a page."""

    async def answered(request: Request, serial: str) -> Response:
        server_log.begin_request()
        with reading(language_of(request)):
            try:
                response = await answer(request, await lookup.look_up(serial, address=address_of(request)))
            except DomainError as refusal:
                response = plain_problem(status_of(refusal), say(refusal))
        response.headers.update(UNLISTED)
        return response

    return answered


def _for_programs(answer: Callable[P, Awaitable[Response]]) -> Callable[P, Awaitable[Response]]:
    """Answer a program, which has no language; a refusal becomes a page."""

    @wraps(answer)
    async def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        with reading(''):
            try:
                return await answer(*args, **kwargs)
            except DomainError as refusal:
                return plain_problem(status_of(refusal), say(refusal))

    return answered


@router.get('/certificates/issuer')
async def issuer() -> Response:
    """Return the issuer, for programs that check an Open Badge."""
    return JSONResponse(badges.issuer())


@router.get('/certificates/keys')
@_for_programs
async def keys() -> Response:
    """Return the public keys, for programs that check an Open Badge."""
    return JSONResponse(await threads.shared.run(badges.key_set))


@router.get('/certificates/keys/{name}')
@_for_programs
async def key(name: str) -> Response:
    """Return the public key that a credential names."""
    published = await threads.shared.run(badges.key_set)
    found = [each for each in published['keys'] if each['kid'] == name]
    if found:
        return JSONResponse(found[0])
    return plain_problem(404, _('There is no such key.'))


@router.get('/certificates/status/{number:id}')
@_for_programs
async def status(number: int) -> Response:
    """Return a list, for programs, of the certificates that are not valid; it names none of them."""
    places = await database.read(badges.not_valid, number)
    token = await threads.shared.run(badges.signed_list, number, places, clock.now())
    return Response(token, media_type=TOKEN)


@_answer
async def page(request: Request, shown: Shown) -> Response:
    """Show whether a certificate is valid and, if so, whose it is."""
    if shown.sheet is None:
        heading = f'<h1 class="title">{_("This certificate is not valid")}</h1><p>{say(GONE[shown.standing])}</p>'
        return plain_page(_('Not valid'), f'{heading}{_number(shown)}')
    title = f'{_("A valid certificate")} · {shown.sheet.course_title}'
    return plain_page(title, _valid(shown, shown.sheet, public_address(request)))


@_answer
async def pdf(_request: Request, shown: Shown) -> Response:
    """Return the PDF. The number of a certificate is its key: only people who were given it can know it."""
    path = await render_queue.file_of(_sheet(shown))
    if path is None:
        raise NotSaved('This certificate is still being printed. Try again in a few minutes.')
    return FileResponse(path, media_type='application/pdf', filename=f'certificate-{shown.serial}.pdf')


@_answer
async def badge(_request: Request, shown: Shown) -> Response:
    """Return the Open Badge in the form in which programs ask each other for credentials."""
    _sheet(shown)
    token = await threads.shared.run(badges.signed, shown)
    return JSONResponse({'credential': [], 'compactJwsString': [token]})


@_answer
async def token(_request: Request, shown: Shown) -> Response:
    """Return the Open Badge as the file that wallets take."""
    _sheet(shown)
    given = await threads.shared.run(badges.signed, shown)
    as_file = {'content-disposition': f'attachment; filename="certificate-{shown.serial}.jwt"'}
    return Response(given, media_type=TOKEN, headers=as_file)


router.add_api_route(f'{PAGE}.pdf', pdf, methods=['GET', 'HEAD'])
router.add_api_route(f'{PAGE}.json', badge)
router.add_api_route(f'{PAGE}.jwt', token)
router.add_api_route(PAGE, page, methods=['GET', 'HEAD'])


def _sheet(shown: Shown) -> Sheet:
    if shown.sheet is None:
        raise Gone('This certificate is not valid. {reason}', reason=GONE[shown.standing])
    return shown.sheet


def _valid(shown: Shown, sheet: Sheet, address: str) -> str:
    """Return the certificate as it looks on paper, with what proves it below."""
    facts = {
        _('Course'): sheet.course_title,
        _('Completed'): day(sheet.completed_at, zones.school()),
        _('School'): school.current().name,
    }
    rows = ''.join(f'<dt>{label}</dt><dd dir="auto">{escape(value)}</dd>' for label, value in facts.items())
    name = f'<h1 class="title" dir="auto" translate="no">{escape(sheet.name)}</h1>'
    link = f'{address}/certificates/{shown.serial}'
    return (
        f'<p class="certificate-mark">{_("This certificate is valid")}</p>'
        f'<div class="certificate">{name}<dl class="facts">{rows}</dl></div>{_number(shown)}'
        f'<p class="hint">{escape(_("People who open this link see that it is valid:"))}'
        f' <span class="certificate-link" dir="ltr" translate="no">{escape(link)}</span></p>'
        '<div class="line certificate-files">'
        f'<a class="button-primary" href="/certificates/{shown.serial}.pdf">{_("Certificate (PDF)")}</a>'
        f'<a class="button-quiet" href="/certificates/{shown.serial}.jwt">{_("Open Badge, for a wallet")}</a>'
        f'<a class="button-quiet" href="{escape(_mail(sheet, link))}">{_("Send the link by mail")}</a></div>'
    )


def _mail(sheet: Sheet, link: str) -> str:
    """Return what opens the mail program of a reader with the link in a letter that is not addressed yet."""
    subject = _('Certificate: {course}', course=sheet.course_title)
    return f'mailto:?{urlencode({"subject": subject, "body": link}, quote_via=quote)}'


def _number(shown: Shown) -> str:
    number = f'<span class="number certificate-number" dir="ltr" translate="no">{shown.serial}</span>'
    return f'<p class="certificate-proof">{_("Number {number}", number=number)}</p>'
