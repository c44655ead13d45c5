"""`/reports/shared/{token}`: a kept report for somebody with a link, without an account.

GET shows a button, because scanners of mails follow links too; the button posts, which is what is counted. The browser
then keeps a signed cookie for an hour, so that the report can be read, loaded again and printed.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from services.core import database, school, server_log, zones
from services.core.buckets import Buckets
from services.core.errors import DomainError
from services.core.phrases import phrase
from services.core.secrets import token_hash
from services.core.server_address import network_of
from services.reports.performance import links, paper
from services.reports.performance.sheet_writing import sheet_of
from settings import settings
from ui.kit.language import _, language, reading, say
from ui.kit.time_format import day
from ui.reports.report_html import report_html
from ui.shell.request import address_of, language_of, set_cookie
from ui.shell.security import comes_from_elsewhere
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()

PAGE = '/reports/shared/{token}'
COOKIE = 'waymark_report'
"""The cookie that says which report was opened in this browser."""
LIFETIME = timedelta(hours=1)
UNLISTED = {'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store'}

openings_from = Buckets(
    name='shared reports', per_second=5, at_once=300, sentence=phrase('Too many at once from here. Try again.')
)
"""of links from one address; a school has one for all"""

Answer = Callable[[Request, str], Awaitable[Response]]


def _answer(answer: Answer) -> Answer:
    """Answer in the language of the browser; a refusal becomes a page, and nobody lists or keeps any of it."""

    async def answered(request: Request, token: str) -> Response:
        server_log.begin_request()
        with reading(language_of(request)):
            try:
                openings_from.take(network_of(address_of(request)))
                response = await answer(request, token)
            except DomainError as refusal:
                response = plain_problem(status_of(refusal), say(refusal))
        response.headers.update(UNLISTED)
        return response

    return answered


@_answer
async def show(request: Request, token: str) -> Response:
    """Show the report where it was opened in this browser, else the button that opens it."""
    ends = await database.read(links.look, token)
    if not _is_opened(request, token):
        return plain_page(_('A report'), _closed(token, day(ends, zones.school())))
    found = await database.read(links.read, token)
    pdf = f'<a class="button-quiet" href="/reports/shared/{escape(token)}.pdf">{escape(_("PDF"))}</a>'
    body = f'<div class="line only-screen">{pdf}</div>{report_html(sheet_of(found, language()))}'
    return plain_page(_('A report'), body)


@_answer
async def open_(request: Request, token: str) -> Response:
    """Open the report: that is counted, and the browser may show it for an hour."""
    if comes_from_elsewhere(request):
        return RedirectResponse(f'/reports/shared/{token}', status_code=303)
    if not _is_opened(request, token):
        await database.write(links.open_, token)
    response = RedirectResponse(f'/reports/shared/{token}', status_code=303)
    set_cookie(response, COOKIE, str(_serializer().dumps(token_hash(token))), lifetime=LIFETIME)
    return response


@_answer
async def pdf(request: Request, token: str) -> Response:
    """Return the report for paper, where it was opened in this browser."""
    await database.read(links.look, token)
    if not _is_opened(request, token):
        return RedirectResponse(f'/reports/shared/{token}', status_code=303)
    found = await database.read(links.read, token)
    made = await paper.make_pdf(found, language=language())
    return Response(
        made, media_type='application/pdf', headers={'content-disposition': 'inline; filename="report.pdf"'}
    )


router.add_api_route(f'{PAGE}.pdf', pdf, methods=['GET'])
router.add_api_route(PAGE, show, methods=['GET', 'HEAD'])
router.add_api_route(PAGE, open_, methods=['POST'])


def _closed(token: str, ends: str) -> str:
    said = _(
        '{school} has shared a report with you. Anybody who has this link can read it.', school=school.current().name
    )
    button = f'<button class="button-primary" type="submit">{escape(_("Show the report"))}</button>'
    return (
        f'<h1 class="title">{escape(_("A report for you"))}</h1><p dir="auto">{escape(said)}</p>'
        f'<form method="post" action="/reports/shared/{escape(token)}">{button}</form>'
        f'<p class="hint">{escape(_("The link works until {day}.", day=ends))} '
        f'{escape(_("Those who shared it see that it was opened, and not by whom."))}</p>'
    )


def _is_opened(request: Request, token: str) -> bool:
    try:
        opened = _serializer().loads(request.cookies.get(COOKIE, ''), max_age=int(LIFETIME.total_seconds()))
    except BadData:
        return False
    return bool(opened == token_hash(token))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt='report')
