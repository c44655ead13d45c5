"""`/unsubscribe?token=…`: where the link in a mail leads with which its person ends such mails. A plain page.

Looking at it changes nothing, because programs that check mails for harm open every link. Mail programs post to the
same address without a sign-in (RFC 8058): the signed token is all the right that they need, and it gives no other.
"""

from html import escape
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from services.core import database, server_log
from services.core.errors import DomainError, NotFound
from services.core.server_address import network_of
from services.notices import unsubscribing
from services.notices.unsubscribing import Subscription
from ui.kit.language import _, reading, say
from ui.shell.request import address_of, language_of
from ui.shell.static_pages import plain_page, plain_problem
from web.status import status_of

router = APIRouter()
LONGEST_FORM = 4_096
ONE_CLICK = 'List-Unsubscribe', 'One-Click'


@router.get('/unsubscribe')
async def shown(request: Request, token: str = '') -> Response:
    """Show what the link is about, and a button."""
    server_log.begin_request()
    try:
        unsubscribing.posts_from.take(network_of(address_of(request)))
        found = await database.read(unsubscribing.subscription, token)
    except DomainError as refusal:
        with reading(language_of(request)):
            return _private(plain_problem(status_of(refusal), say(refusal)))
    return _page(request, found, token)


@router.post('/unsubscribe')
async def posted(request: Request, token: str = '') -> Response:
    """End such mails, or turn them on again; a program that posts with a wrong link is answered like any other."""
    server_log.begin_request()
    try:
        unsubscribing.posts_from.take(network_of(address_of(request)))
        said = await _said(request)
        if said == ONE_CLICK or said == ('again', 'yes'):
            await database.write(unsubscribing.switch, token, is_on=said != ONE_CLICK)
        found = await database.read(unsubscribing.subscription, token)
    except NotFound:
        return _private(PlainTextResponse('OK'))
    except DomainError as refusal:
        with reading(language_of(request)):
            return _private(plain_problem(status_of(refusal), say(refusal)))
    return _page(request, found, token)


def _page(request: Request, found: Subscription, token: str) -> Response:
    with reading(found.language or language_of(request)):
        names = ''.join(f'<li>{escape(say(name))}</li>' for name in found.names)
        if found.is_on:
            head, said = _('End such mails?'), _('Mails of these kinds come to you:')
            form = _form(token, 'List-Unsubscribe', 'One-Click', _('Unsubscribe'))
        else:
            head, said = _('You get no more such mails'), _('Mails of these kinds do not come any more:')
            form = _form(token, 'again', 'yes', _('Turn them on again'))
        place, words = '/inbox/settings', _('Choose for each kind how you hear of it')
        if not found.kinds:  # parents have no inbox; they choose where they see their children
            place, words = '/children', _('Your children')
        body = (
            f'<h1 class="title">{escape(head)}</h1><p class="body">{escape(said)}</p><ul class="body">{names}</ul>'
            f'{form}<p class="hint"><a href="{place}">{escape(words)}</a></p>'
        )
        return _private(plain_page(head, body))


def _form(token: str, name: str, value: str, words: str) -> str:
    action = escape(f'/unsubscribe?token={quote(token, safe="")}')
    return (
        f'<form method="post" action="{action}"><input type="hidden" name="{name}" value="{value}">'
        f'<button class="button-primary" type="submit">{escape(words)}</button></form>'
    )


async def _said(request: Request) -> tuple[str, str]:
    """Return the first field of what was posted, as a form of either kind; nothing of one that is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return '', ''
    text = body.decode(errors='replace')
    if request.headers.get('content-type', '').startswith('multipart/form-data'):
        is_one_click = 'name="List-Unsubscribe"' in text and '\r\n\r\nOne-Click\r\n' in text
        return ONE_CLICK if is_one_click else ('', '')
    return next(iter(parse_qsl(text)), ('', ''))


def _private(response: Response) -> Response:
    response.headers['x-robots-tag'] = 'noindex, nofollow'
    return response
