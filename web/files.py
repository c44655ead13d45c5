"""Hands out the files of checkpoints, whole or the range that was asked for."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from services.content.uploads.serving import Served
from services.core import server_log
from services.core.errors import Gone


def hand_out(
    request: Request, file: Served, *, as_attachment: bool, answer: type[FileResponse] = FileResponse
) -> Response:
    """Return a file, or that it has not changed; raises `Gone` if it is missing on the disk."""
    headers = {'etag': file.etag, 'cache-control': 'private, no-cache'}
    if has_not_changed(request, file.etag):
        return Response(status_code=304, headers=headers)
    if not file.path.is_file():
        server_log.write_problem('file is missing', FileNotFoundError(file.path), upload=file.upload_id)
        raise Gone('This file is gone. Ask the person who teaches the course to upload it again.')
    return answer(
        file.path,
        headers=headers,
        media_type=file.media_type,
        filename=file.name,
        content_disposition_type='attachment' if as_attachment else 'inline',
    )


def has_not_changed(request: Request, etag: str) -> bool:
    """Tell whether the client has the file already."""
    return request.headers.get('if-none-match') == etag


def is_whole(request: Request) -> bool:
    """Tell whether a client begins to save a file, and does not go on with the rest of it."""
    return request.method == 'GET' and request.headers.get('range', 'bytes=0-').startswith('bytes=0-')
