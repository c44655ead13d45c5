"""`/content/{checkpoint_id}/film`, `/captions`, `/file`: downloads and uploads of the files of a checkpoint."""

from collections import OrderedDict
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.requests import ClientDisconnect

from services.access import Actor
from services.content import documents
from services.content.uploads import attaching
from services.content.uploads.receiving import take
from services.content.uploads.serving import served
from services.content.uploads.slots import Part
from services.core import database, server_log
from services.core.errors import DomainError, Forbidden, NotFound, NotSaved
from ui.kit.file_picker import broken_off
from ui.kit.language import reading, say
from ui.shell.request import Visit, csrf_matches, visit_of
from web import files
from web.multipart import SentFile, read_rest
from web.status import status_of

router = APIRouter()

ADDRESS = '/content/{checkpoint_id:id}/{part}'
CSRF_HEADER = 'x-csrf'
MOST_REFUSALS = 1000

_refusals: OrderedDict[tuple[int, int, str], str] = OrderedDict()


@router.api_route(ADDRESS, methods=['GET', 'HEAD'])
async def hand_out(request: Request, checkpoint_id: int, part: str) -> Response:
    """Return a file of a checkpoint, or the range of it that the browser asks for."""
    server_log.begin_request()
    visit = None
    try:
        visit = await visit_of(request)
        file = await database.read(served, visit.actor, checkpoint_id, _part(part))
        answer = files.hand_out(request, file, as_attachment=part == Part.FILE)
    except DomainError as refusal:
        return refused(visit, refusal)
    if part == Part.FILE and answer.status_code == 200 and files.is_whole(request):
        with suppress(NotSaved):  # it is the file that matters
            await database.write(documents.count_download, visit.actor, checkpoint_id)
    return answer


@router.post(ADDRESS)
async def take_in(request: Request, checkpoint_id: int, part: str) -> Response:
    """Store a file for a checkpoint, the one file of a form; without permission it is refused before it is read."""
    server_log.begin_request()
    visit = await visit_of(request)
    try:
        if not csrf_matches(request, request.headers.get(CSRF_HEADER, '')):
            raise Forbidden('This page was open for too long. Load it again, then choose the file again.')
        await database.read(attaching.may_give, visit.actor, checkpoint_id, _part(part))
        file = SentFile(request)
        await file.open()
        await take(visit.actor, checkpoint_id, _part(part), aiter(file), name=file.name, size=file.size)
    except DomainError as refusal:
        with reading(visit.language):
            said = say(refusal)
        if part in set(Part):
            remember_refusal(visit.actor, checkpoint_id, part, said)
        await read_rest(request)
        # a browser that is still sending would otherwise wait for the server to read on
        return JSONResponse({'said': said}, status_of(refusal), {'connection': 'close'})
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({'said': 'Saved'})


def refused(visit: Visit | None, refusal: DomainError) -> Response:
    """Return the sentence of a refusal as plain text, in the language of the visitor where that is known."""
    with reading(visit.language if visit else ''):
        return PlainTextResponse(say(refusal), status_of(refusal), {'cache-control': 'no-store'})


def why_refused(actor: Actor, checkpoint_id: int, part: str) -> str:
    """Return why the last upload was refused, once; the page cannot see the answer that its browser got."""
    return _refusals.pop((actor.sign_in_id, checkpoint_id, part), '') or broken_off()


def remember_refusal(actor: Actor | None, checkpoint_id: int, part: str, sentence: str) -> None:
    """Keep the sentence of a refused upload for the page that sent it."""
    if actor:
        _refusals[actor.sign_in_id, checkpoint_id, part] = sentence
        while len(_refusals) > MOST_REFUSALS:
            _refusals.popitem(last=False)


def _part(word: str) -> Part:
    if word not in set(Part):
        raise NotFound('There is nothing here.')
    return Part(word)
