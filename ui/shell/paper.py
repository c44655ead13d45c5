"""Documents for paper: the links to them, one for each size, and how they are handed out."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.core import server_log
from services.core.errors import DomainError, NotSignedIn
from services.core.typesetting import Paper
from ui.kit.language import _, reading, say
from ui.kit.text import hint
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of


def paper_links(what: str, address: str, sizes: Sequence[Paper]) -> None:
    """Draw a link to a document for each size of paper; the document opens beside the page."""
    hint(what).classes('only-screen')
    for size in sizes:
        separator = '&' if '?' in address else '?'
        link = ui.link(_name(size), f'{address}{separator}paper={size}', new_tab=True).classes('button-quiet')
        link.props['aria-label'] = _('{what}, {paper}', what=what, paper=_name(size))


def chosen_paper(request: Request, sizes: Sequence[Paper]) -> Paper:
    """Return the size of paper that an address names, or else the first one."""
    return next((size for size in sizes if size == request.query_params.get('paper')), sizes[0])


async def hand_out_pdf(
    request: Request, make: Callable[[Visit], Awaitable[bytes]], *, name: str, page: str
) -> Response:
    """Answer with a document that is made now, or with why there is none; `page` is where a visitor signs in for."""
    server_log.begin_request()
    visit = await visit_of(request)
    try:
        pdf = await make(visit)
    except NotSignedIn:
        return RedirectResponse(f'/sign-in?next={quote(page)}', status_code=303)
    except DomainError as refusal:
        with reading(visit.language):
            return plain_problem(status_of(refusal), say(refusal))
    headers = {'content-disposition': f'inline; filename="{name}.pdf"', 'cache-control': 'no-store'}
    return Response(pdf, media_type='application/pdf', headers=headers)


def _name(size: Paper) -> str:
    return {Paper.A4: _('A4'), Paper.LETTER: _('Letter'), Paper.A3: _('A3')}[size]
