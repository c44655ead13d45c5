"""`/assignments/{checkpoint_id}/files`, `/assignments/work/{submission_id}/files`, `/assignments/files/{file_id}`: what
learners hand in, and what comes back, in and out.

A file is always given as a download: what other people made is never shown as a page of ours.
"""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from services.access import Actor
from services.content.uploads import files_back, handed_in
from services.core import database, server_log
from services.core.errors import DomainError, Forbidden
from ui.content import page_pictures
from ui.content.files import CSRF_HEADER, refused, remember_refusal
from ui.kit.language import reading, say
from ui.shell.request import csrf_matches, visit_of
from web import files
from web.multipart import SentFile, read_rest
from web.status import status_of

router = APIRouter()

HANDED, BACK = 'handed', 'back'
"""what uploads of learners and of teachers are called among the refusals that pages ask for"""


@router.api_route('/assignments/files/{file_id:id}', methods=['GET', 'HEAD'])
async def hand_out(request: Request, file_id: int) -> Response:
    """Return a handed-in file to its learner or their teachers."""
    server_log.begin_request()
    visit = None
    try:
        visit = await visit_of(request)
        file = await database.read(handed_in.served, visit.actor, file_id)
        return files.hand_out(request, file, as_attachment=True)
    except DomainError as refusal:
        return refused(visit, refusal)


@router.get('/assignments/files/{file_id:id}/pages/{number:id}')
async def picture(request: Request, file_id: int, number: int) -> Response:
    """Return the picture of a page of a PDF to those who may have it."""
    return await page_pictures.answer(request, lambda actor: database.read(handed_in.paper, actor, file_id), number)


@router.post('/assignments/{checkpoint_id:id}/files')
async def take_in(request: Request, checkpoint_id: int) -> Response:
    """Store a file of a learner, the one file of a form; without permission it is refused before it is read."""

    async def take(actor: Actor | None) -> None:
        await database.write(handed_in.may_add, actor, checkpoint_id)
        file = SentFile(request)
        await file.open()
        await handed_in.take(actor, checkpoint_id, aiter(file), name=file.name, size=file.size)

    return await _stored(request, checkpoint_id, HANDED, take)


@router.post('/assignments/work/{submission_id:id}/files')
async def take_back(request: Request, submission_id: int) -> Response:
    """Store a file that comes back with a work; without permission it is refused before it is read."""

    async def take(actor: Actor | None) -> None:
        await database.read(files_back.may_add, actor, submission_id)
        file = SentFile(request)
        await file.open()
        await files_back.take(actor, submission_id, aiter(file), name=file.name, size=file.size)

    return await _stored(request, submission_id, BACK, take)


async def _stored(request: Request, about: int, word: str, take: Callable[[Actor | None], Awaitable[None]]) -> Response:
    """Let a file be taken, and keep why it was refused for the page that sent it."""
    server_log.begin_request()
    visit = await visit_of(request)
    try:
        if not csrf_matches(request, request.headers.get(CSRF_HEADER, '')):
            raise Forbidden('This page was open for too long. Load it again, then choose the file again.')
        await take(visit.actor)
    except DomainError as refusal:
        with reading(visit.language):
            said = say(refusal)
        remember_refusal(visit.actor, about, word, said)
        await read_rest(request)
        return JSONResponse({'said': said}, status_of(refusal), {'connection': 'close'})
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({'said': 'Saved'})
