"""Files handed out, whole or the range that was asked for; what cannot be handed out is told in the one shape."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from api.errors import Problem, refuse
from services.content.uploads.serving import Served
from web import files

_UNREADABLE = {
    400: 'The `Range` cannot be read.',
    416: 'This range lies outside of the file.',
}


def answers(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return what an address that hands out files may answer, for the document."""
    content = {media_type: {'schema': {'type': 'string', 'format': 'binary'}} for media_type in media_types}
    return {
        200: {'content': content, 'description': 'The file.'},
        206: {
            'content': {**content, 'multipart/byteranges': {'schema': {'type': 'string', 'format': 'binary'}}},
            'description': 'The ranges that were asked for.',
        },
        304: {'description': 'It is still what `If-None-Match` says.'},
        416: {'model': Problem, 'description': _UNREADABLE[416]},
    }


def hand_out(request: Request, file: Served, *, as_attachment: bool) -> Response:
    """Return a file, or that it has not changed; raises `Gone` if it is not on the disk."""
    return files.hand_out(request, file, as_attachment=as_attachment, answer=Ranged)


class Ranged(FileResponse):
    """A file, or a range of it; a range that is none is refused in the one shape."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        is_refused = False

        async def answer(message: Message) -> None:
            nonlocal is_refused
            if message['type'] == 'http.response.start' and message['status'] in _UNREADABLE:
                is_refused = True
                await _refusal(message)(scope, receive, send)
            elif not is_refused:
                await send(message)

        await super().__call__(scope, receive, answer)


def _refusal(message: Message) -> Response:
    status = message['status']
    name = HTTPStatus(status).name.title().replace('_', '')
    size = Headers(raw=message['headers']).get('content-range')
    return refuse(status, name, _UNREADABLE[status], **({'content-range': size} if size else {}))
