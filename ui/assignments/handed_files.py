"""`/assignments/{checkpoint_id}/files` and `/assignments/files/{file_id}`: what learners hand in, in and out.

A file is always given as a download: what other people made is never shown as a page of ours.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from services.content.uploads import handed_in
from services.core import database, server_log
from services.core.errors import DomainError, Forbidden
from ui.content.files import CSRF_HEADER, refused, remember_refusal
from ui.kit.language import reading, say
from ui.shell.request import csrf_matches, visit_of
from web import files
from web.multipart import SentFile, read_rest
from web.status import status_of

router = APIRouter()

HANDED = 'handed'
"""what uploads of learners are called among the refusals that pages ask for"""


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


@router.post('/assignments/{checkpoint_id:id}/files')
async def take_in(request: Request, checkpoint_id: int) -> Response:
    """Store a file of a learner, the one file of a form; without permission it is refused before it is read."""
    server_log.begin_request()
    visit = await visit_of(request)
    try:
        if not csrf_matches(request, request.headers.get(CSRF_HEADER, '')):
            raise Forbidden('This page was open for too long. Load it again, then choose the file once more.')
        await database.write(handed_in.may_add, visit.actor, checkpoint_id)
        file = SentFile(request)
        await file.open()
        await handed_in.take(visit.actor, checkpoint_id, aiter(file), name=file.name, size=file.size)
    except DomainError as refusal:
        with reading(visit.language):
            said = say(refusal)
        remember_refusal(visit.actor, checkpoint_id, HANDED, said)
        await read_rest(request)
        return JSONResponse({'said': said}, status_of(refusal), {'connection': 'close'})
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({'said': 'Saved'})
