"""Large answers: made into JSON in the thread where they were read, so that they hold up nobody."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from fastapi.responses import Response
from pydantic import TypeAdapter

from services.core import database
from services.core.transaction import Transaction

P = ParamSpec('P')
T = TypeVar('T')


async def encoded(
    form: TypeAdapter[T], query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
) -> Response:
    """Answer with what a query returns."""
    body = await database.read(lambda tx: form.dump_json(query(tx, *args, **kwargs)))
    return Response(body, media_type='application/json')
