"""`/api/courses/{course_id}/file`: a course as one file, to keep, to hand on, and to bring in elsewhere."""

from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from starlette.requests import ClientDisconnect

from api.auth import Person
from api.errors import refusal, refuse
from api.idempotency import Once, OnceOfFile
from api.subject import Subject
from api.types import Body, Id
from services.access import Actor
from services.content.course_archive.bringing_in import bring_in
from services.content.course_archive.packing import pack
from services.core import database, threads
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.courses import export_file, import_file, views
from services.courses.draft import Draft
from services.courses.views import CourseShown
from web.multipart import SentFile

router = Subject(prefix='/courses', tags=['course_files'])


_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        'description': 'The file.',
        'content': {'application/zip': {'schema': {'type': 'string', 'format': 'binary'}}},
    }
}
_FORM = {
    'type': 'object',
    'properties': {'file': {'type': 'string', 'format': 'binary'}},
    'required': ['file'],
    'additionalProperties': False,
}
_SENT = {'requestBody': {'required': True, 'content': {'multipart/form-data': {'schema': _FORM}}}}


class ZipFile(StreamingResponse):
    """A course with its files, packed while it is sent."""

    media_type = 'application/zip'


class CourseFile(Body):
    """What describes a course, without its files."""

    file: str = Field(
        max_length=import_file.LONGEST_FILE,
        examples=['waymark: 1\ncourse:\n  title: Soil\nmodules:\n- title: Outside\n  steps:\n  - title: Wet it\n'],
    )


@router.get('/{course_id}/file', response_class=ZipFile, responses=_ZIP)
async def export(course_id: Id, actor: Person) -> ZipFile:
    """A course as one ZIP: `course.yaml` with everything but people and what they did, and beside it the videos,
    documents and captions that it names.
    """
    packed = await database.read(pack, actor, course_id)
    headers = {'content-disposition': f"attachment; filename*=UTF-8''{quote(packed.name)}"}
    return ZipFile(packed.pieces(), headers=headers)


@router.post('/import', status_code=201)
async def bring_in_text(sent: CourseFile, actor: Person, once: Once) -> CourseShown:
    """Make a course of what describes one (`course.yaml`), without videos and documents."""
    if first := await once.earlier(CourseShown):
        return first
    await database.read(export_file.may_import, actor)  # a large one takes a while to read
    draft = await threads.shared.run(import_file.read, sent.file.encode())
    return await once.write(CourseShown, _made, actor, draft)


def _made(tx: Transaction, actor: Actor, draft: Draft) -> CourseShown:
    return views.shown(tx, actor, export_file.import_course(tx, actor, draft))


@router.post('/import/file', status_code=201, openapi_extra=_SENT, response_model=CourseShown)
async def bring_in_archive(
    actor: Person, request: Request, once: OnceOfFile, response: Response
) -> CourseShown | Response:
    """Make a course of a course file, as it was exported, with everything in it; all of it, or nothing.

    It is sent as the one file of a form.
    """

    async def take_in() -> CourseShown:
        await database.read(export_file.may_import, actor)  # before any of it is read
        file = SentFile(request)
        await file.open()
        course_id = await bring_in(actor, aiter(file), size=file.size)
        return await database.read(views.shown, actor, course_id)

    try:
        shown = await once.write_in_steps(CourseShown, take_in)
    except DomainError as error:
        answer = refusal(error)
        answer.headers['connection'] = 'close'  # a client that still sends would wait for the server to read it
        return answer
    except ClientDisconnect:
        return refuse(400, 'BadRequest', 'The upload broke off.')
    response.headers['connection'] = 'close'  # a file that had come before was not read again
    return shown
