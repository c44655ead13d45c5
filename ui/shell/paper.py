"""Documents for paper: the links to them, one for each size, and how they are handed out."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request
from fastapi.responses import Response
from nicegui import ui

from services.core.typesetting import Paper
from ui.kit.language import _
from ui.kit.text import hint
from ui.shell.downloads import Download, hand_out
from ui.shell.request import Visit


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
    """Answer with a PDF that is made now, or with why there is none; its name needs no ending."""

    async def pdf(visit: Visit) -> Download:
        return Download(name=f'{name}.pdf', content=await make(visit), media_type='application/pdf', is_shown=True)

    return await hand_out(request, pdf, page=page)


def _name(size: Paper) -> str:
    return {Paper.A4: _('A4'), Paper.LETTER: _('Letter'), Paper.A3: _('A3')}[size]
