"""The one shape of everything that is refused."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from services.core import server_log
from services.core.errors import Busy, DomainError, TooManyAttempts
from web.status import status_of


class Problem(BaseModel):
    """Why a request was refused."""

    error: str = Field(examples=['NotEnrolled'], description='the kind of error, for programs')
    detail: str = Field(examples=['Not enrolled in this course'], description='a sentence for people')
    request_id: str = Field(examples=['9f3c2a1b5d7e4f60'], description='what the log of the server knows it by')


_ERRORS: dict[int, tuple[str, str]] = {
    400: ('BadRequest', 'What was sent cannot be read.'),
    401: ('NotSignedIn', 'There is no token, or it is too old or revoked.'),
    403: ('Forbidden', 'The person may see it, but not do it.'),
    404: ('NotFound', 'It is not there, or it is not yours: the two look the same.'),
    405: ('MethodNotAllowed', 'This address does not know the method.'),
    409: ('Refused', 'It does not fit the state that things are in now.'),
    410: ('Gone', 'It was there, and has ended or been removed.'),
    413: ('TooLarge', 'It is too large.'),
    422: ('Invalid', 'A value cannot be taken as it is.'),
    429: ('TooManyAttempts', 'Too many requests: wait as many seconds as `Retry-After` says.'),
    503: ('NotSaved', 'Not saved: the database cannot write at the moment, or the server is busy.'),
}


def _described(error: str, meaning: str) -> dict[str, Any]:
    """Describe a refusal without its model, of which FastAPI would make a validator for each address."""
    example = {'error': error, 'detail': meaning, 'request_id': '9f3c2a1b5d7e4f60'}
    shape = {'schema': {'$ref': f'#/components/schemas/{Problem.__name__}'}, 'example': example}
    return {'description': meaning, 'content': {'application/json': shape}}


def _header(description: str, kind: str) -> dict[str, Any]:
    return {'description': description, 'required': True, 'schema': {'type': kind}}


RESPONSES: dict[int | str, dict[str, Any]] = {status: _described(*told) for status, told in _ERRORS.items()}
"""What every address may answer besides what it is there for."""
RESPONSES[401]['headers'] = {'WWW-Authenticate': _header('always `Bearer`', 'string')}
for _status in 429, 503:
    RESPONSES[_status]['headers'] = {'Retry-After': _header('seconds to wait', 'integer')}


def refuse(status: int, error: str, detail: str, **headers: str) -> JSONResponse:
    """Return the one shape."""
    return JSONResponse(_shape(error, detail), status, headers=headers)


def problem(error: DomainError) -> dict[str, str | int]:
    """Return the one shape where there are no headers: in an acknowledgement or an event."""
    waiting = {'retry_after': error.seconds} if isinstance(error, TooManyAttempts | Busy) else {}
    name = 'InternalError' if type(error) is DomainError else type(error).__name__
    return {**_shape(name, str(error)), **waiting}


def _shape(error: str, detail: str) -> dict[str, str]:
    return {'error': error, 'detail': detail, 'request_id': server_log.request_id.get()}


def refusal(error: DomainError) -> JSONResponse:
    """Return what a client is told of an error."""
    status = status_of(error)
    headers = {'retry-after': str(error.seconds)} if isinstance(error, TooManyAttempts | Busy) else {}
    if status == 401:
        headers['www-authenticate'] = 'Bearer'
    if status == 503:
        headers.setdefault('retry-after', '5')
    return refuse(status, type(error).__name__, str(error), **headers)


def install(app: FastAPI) -> None:
    """Let every error of an application take the one shape."""

    @app.exception_handler(DomainError)
    async def domain_error(_: Request, error: DomainError) -> JSONResponse:
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def not_valid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first['type'] == 'json_invalid':
            return refuse(422, 'Invalid', 'The body is not JSON.')
        place = '.'.join(str(part) for part in first['loc'][1:])[:80] or str(first['loc'][0])
        return refuse(422, 'Invalid', f'{place}: {first["msg"]}')

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        name, sentence = _ERRORS.get(error.status_code, ('HttpError', str(error.detail)))
        return refuse(error.status_code, name, sentence, **(error.headers or {}))
