"""`/content/{checkpoint_id}/pages/{number}`: one page of a PDF as a picture."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from services.access import Actor
from services.content import pdf_access, pdf_pages
from services.content.pdf_access import Paper
from services.core import database, server_log
from services.core.errors import DomainError, NotFound
from ui.content.files import refused
from ui.shell.request import visit_of
from web.files import has_not_changed

router = APIRouter()

KEPT = 'private, max-age=86400'
"""The address contains the id of the file, so that a replaced file has other pictures."""


@router.get('/content/{checkpoint_id:id}/pages/{number:id}')
async def picture(request: Request, checkpoint_id: int, number: int) -> Response:
    """Return the picture of a page to a person who may read the document."""
    return await answer(request, lambda actor: database.read(pdf_access.paper, actor, checkpoint_id), number)


async def answer(request: Request, paper_for: Callable[[Actor | None], Awaitable[Paper]], number: int) -> Response:
    """Return the picture of a page of the PDF that `paper_for` returns to a person who may read it."""
    server_log.begin_request()
    visit = None
    try:
        width = _width(request.query_params.get('width', ''))
        visit = await visit_of(request)
        paper = await paper_for(visit.actor)
        index = paper.index(number)
        headers = {'etag': f'"{paper.path.name}-{index}-{width}"', 'cache-control': KEPT}
        if has_not_changed(request, headers['etag']):
            return Response(status_code=304, headers=headers)
        drawn = await pdf_pages.picture(paper.path, index, width)
        return FileResponse(drawn, headers=headers, media_type='image/webp')
    except DomainError as refusal:
        return refused(visit, refusal)


def _width(asked: str) -> int:
    width = next((width for width in pdf_pages.WIDTHS if asked in {'', str(width)}), None)
    if width is None:
        raise NotFound('There is no picture of this width.')
    return width
