"""`/api/content`: the video of a checkpoint with its captions, or its document, as instructors give them."""

from fastapi import Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from api.auth import Person
from api.errors import refusal, refuse
from api.subject import Subject
from api.types import Id
from services.content import checkpoint_views
from services.content.checkpoint_views import CheckpointShown
from services.content.uploads import attaching
from services.content.uploads.receiving import take
from services.content.uploads.slots import Part
from services.core import database
from services.core.errors import DomainError
from web.multipart import SentFile

router = Subject(prefix='/content/{checkpoint_id}/{part}', tags=['uploads'])

_FORM = {
    'type': 'object',
    'properties': {'file': {'type': 'string', 'format': 'binary'}},
    'required': ['file'],
    'additionalProperties': False,
}
_SENT = {'requestBody': {'required': True, 'content': {'multipart/form-data': {'schema': _FORM}}}}


@router.put('', openapi_extra=_SENT, response_model=CheckpointShown)
async def give(checkpoint_id: Id, part: Part, actor: Person, request: Request) -> CheckpointShown | Response:
    """Give a checkpoint a video (MP4, WebM), its captions (WebVTT) or a document (PDF), in place of the one before.

    It is sent as the one file of a form. A video makes the checkpoint a video, a PDF makes it a document; what learners
    did there is kept.
    """
    try:
        await database.read(attaching.may_give, actor, checkpoint_id, part)  # before any of it is read
        file = SentFile(request)
        await file.open()
        await take(actor, checkpoint_id, part, aiter(file), name=file.name, size=file.size)
    except DomainError as error:
        answer = refusal(error)
        answer.headers['connection'] = 'close'  # a client that still sends would otherwise wait for somebody to read it
        return answer
    except ClientDisconnect:
        return refuse(400, 'BadRequest', 'The upload broke off.')
    return await database.read(checkpoint_views.in_full, actor, checkpoint_id)


@router.delete('', status_code=204)
async def take_away(checkpoint_id: Id, part: Part, actor: Person) -> None:
    """Take a file away from a checkpoint; captions go with their video."""
    await database.write(attaching.detach, actor, checkpoint_id, part)
