"""`/content/{checkpoint_id}/film`, `/captions`, `/file`: the files of a step, handed out and taken in."""

from collections import OrderedDict
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.requests import ClientDisconnect

from services.access import Actor
from services.content import documents
from services.core import database, journal
from services.core.errors import DomainError, Forbidden, NotFound, NotSaved
from services.uploads import attaching
from services.uploads.parts import Part
from services.uploads.serving import Served, served
from services.uploads.taking import take
from ui import page as page  # what an id in an address is
from ui.visits import csrf_matches, status_of, visit_of
from web.multipart import SentFile

router = APIRouter()

ADDRESS = '/content/{checkpoint_id:id}/{part}'
CSRF_HEADER = 'x-csrf'
MOST_REFUSALS = 1000

_refusals: OrderedDict[tuple[int, int, Part], str] = OrderedDict()


@router.api_route(ADDRESS, methods=['GET', 'HEAD'])
async def hand_out(request: Request, checkpoint_id: int, part: str) -> Response:
    """Give a file of a step, or the range of it that was asked for."""
    journal.begin_request()
    try:
        visit = await visit_of(request)
        file = await database.read(served, visit.actor, checkpoint_id, _part(part))
    except DomainError as refusal:
        return PlainTextResponse(str(refusal), status_of(refusal), {'cache-control': 'no-store'})
    if request.headers.get('if-none-match') == file.etag:
        return Response(status_code=304, headers=_headers(file))
    if not file.path.is_file():
        journal.write_problem('file is missing', FileNotFoundError(file.path), upload=file.upload_id)
        return PlainTextResponse('This file is no longer there. Ask who teaches the course to upload it again.', 410)
    if part == Part.FILE and _is_whole(request):
        with suppress(NotSaved):  # it is the file that matters
            await database.write(documents.count_download, visit.actor, checkpoint_id)
    return FileResponse(
        file.path,
        headers=_headers(file),
        media_type=file.media_type,
        filename=file.name,
        content_disposition_type='attachment' if part == Part.FILE else 'inline',
    )


@router.post(ADDRESS)
async def take_in(request: Request, checkpoint_id: int, part: str) -> Response:
    """Take a file for a step, sent as the one file of a form; whoever may not is answered before it is read."""
    journal.begin_request()
    visit = await visit_of(request)
    try:
        if not csrf_matches(request, request.headers.get(CSRF_HEADER, '')):
            raise Forbidden('This page was open for too long. Load it again, then choose the file once more.')
        await database.read(attaching.may_give, visit.actor, checkpoint_id, _part(part))
        file = SentFile(request)
        await file.open()
        await take(visit.actor, checkpoint_id, _part(part), aiter(file), name=file.name, size=file.size)
    except DomainError as refusal:
        _remember(visit.actor, checkpoint_id, part, str(refusal))
        # whoever still sends would otherwise wait for somebody to read it
        return JSONResponse({'said': str(refusal)}, status_of(refusal), {'connection': 'close'})
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({'said': 'Saved'})


def why_refused(actor: Actor, checkpoint_id: int, part: Part) -> str:
    """Return why the last file was not taken, once: the browser hides what it was answered from the page."""
    broken_off = 'The upload broke off. Look at your connection, and try it once more.'
    return _refusals.pop((actor.sign_in_id, checkpoint_id, part), broken_off)


def _remember(actor: Actor | None, checkpoint_id: int, part: str, sentence: str) -> None:
    if actor and part in set(Part):
        _refusals[actor.sign_in_id, checkpoint_id, Part(part)] = sentence
        while len(_refusals) > MOST_REFUSALS:
            _refusals.popitem(last=False)


def _is_whole(request: Request) -> bool:
    """Tell whether somebody begins to save a file, not only looks at it or goes on with the rest of it."""
    return request.method == 'GET' and request.headers.get('range', 'bytes=0-').startswith('bytes=0-')


def _part(word: str) -> Part:
    if word not in set(Part):
        raise NotFound('There is nothing here.')
    return Part(word)


def _headers(file: Served) -> dict[str, str]:
    return {'etag': file.etag, 'cache-control': 'private, no-cache'}
