"""Files that clients send, as the one file of a form; who may not is refused before any of it is read."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from api.errors import refusal, refuse
from api.idempotency import Writer
from api.types import Made
from services.core.errors import DomainError
from web.multipart import SentFile

_FORM = {
    'type': 'object',
    'properties': {'file': {'type': 'string', 'format': 'binary'}},
    'required': ['file'],
    'additionalProperties': False,
}
FORM = {'requestBody': {'required': True, 'content': {'multipart/form-data': {'schema': _FORM}}}}
"""what the document says of such a request"""


async def taken(
    request: Request,
    once: Writer,
    may: Callable[[], Awaitable[object]],
    take: Callable[[SentFile], Awaitable[int]],
) -> Made | Response:
    """Take the file of a request if its sender may give one; returns its id, or why it was refused."""

    async def store() -> Made:
        await may()
        file = SentFile(request)
        await file.open()
        return Made(id=await take(file))

    try:
        return await once.write_in_steps(Made, store)
    except DomainError as error:
        answer = refusal(error)
        answer.headers['connection'] = 'close'  # a client that still sends would wait for somebody to read it
        return answer
    except ClientDisconnect:
        return refuse(400, 'BadRequest', 'The upload broke off.')
