"""`/courses/{course_id}/file` and `/courses/import`: a course goes out as one file, and comes in from one."""

from collections import OrderedDict
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import ClientDisconnect

from services.access import Actor
from services.content.course_archive.bringing_in import bring_in
from services.content.course_archive.packing import pack
from services.core import database, server_log
from services.core.errors import DomainError, Forbidden
from services.courses import export_file
from ui.content.files import CSRF_HEADER, refused
from ui.kit.language import reading, say
from ui.shell.request import Visit, csrf_matches, visit_of
from web.multipart import SentFile, read_rest
from web.status import status_of

router = APIRouter()

IMPORT_ADDRESS = '/courses/import'
PAGE_HEADER = 'x-page'
"""which of the open pages sends a file"""
LONGEST_PAGE = 40
MOST_OUTCOMES = 1000

_outcomes: OrderedDict[tuple[int, str], int | str] = OrderedDict()


def address_of(course_id: int) -> str:
    """Return where the file of a course is downloaded."""
    return f'/courses/{course_id}/file'


@router.get('/courses/{course_id:id}/file')
async def hand_out(request: Request, course_id: int) -> Response:
    """Send a course as one ZIP, packed on the way."""
    server_log.begin_request()
    visit = None
    try:
        visit = await visit_of(request)
        packed = await database.read(pack, visit.actor, course_id)
    except DomainError as refusal:
        return refused(visit, refusal)
    headers = {'content-disposition': f"attachment; filename*=UTF-8''{quote(packed.name)}", 'cache-control': 'no-store'}
    return StreamingResponse(packed.pieces(), headers=headers, media_type='application/zip')


@router.post(IMPORT_ADDRESS)
async def take_in(request: Request) -> Response:
    """Make a course of a file, sent as the one file of a form; without permission it is refused before it is read."""
    server_log.begin_request()
    visit = await visit_of(request)
    try:
        course_id = await _bring_in(request, visit)
    except DomainError as refusal:
        with reading(visit.language):
            said = say(refusal)
        _remember(request, visit.actor, said)
        await read_rest(request)
        # a browser that is still sending would otherwise wait for the server to read on
        return JSONResponse({'said': said}, status_of(refusal), {'connection': 'close'})
    except ClientDisconnect:
        return Response(status_code=400)
    _remember(request, visit.actor, course_id)
    return JSONResponse({'course_id': course_id})


def outcome(actor: Actor, page: str) -> int | str | None:
    """Return the course that has come in from a page, or why none has, once; the page cannot see the answer."""
    return _outcomes.pop((actor.sign_in_id, page), None)


async def _bring_in(request: Request, visit: Visit) -> int:
    if not csrf_matches(request, request.headers.get(CSRF_HEADER, '')):
        raise Forbidden('This page was open for too long. Load it again, then choose the file again.')
    await database.read(export_file.may_import, visit.actor)
    file = SentFile(request)
    await file.open()
    return await bring_in(visit.actor, aiter(file), size=file.size)


def _remember(request: Request, actor: Actor | None, said: int | str) -> None:
    page = request.headers.get(PAGE_HEADER, '')
    if actor and 0 < len(page) <= LONGEST_PAGE:
        _outcomes[actor.sign_in_id, page] = said
        while len(_outcomes) > MOST_OUTCOMES:
            _outcomes.popitem(last=False)
