"""`Idempotency-Key`: a POST that makes something can be sent again, and makes nothing new."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Request

from services.accounts import tokens
from services.core import database, idempotency
from services.core.idempotency import ANYBODY, Keyed
from services.core.secrets import new_id
from services.core.server_address import network_of
from services.core.transaction import Transaction

P = ParamSpec('P')
T = TypeVar('T')

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=16,
        max_length=64,
        pattern='^[A-Za-z0-9_-]+$',
        description='a random text of your own, such as a UUID; the same request with the same key within a day '
        'makes nothing new and is answered as the first one was',
    ),
]


@dataclass(frozen=True, slots=True)
class Writer:
    """Performs verbs, each request once."""

    request: Keyed | None

    async def write(
        self, returns: type[T], verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `database.write`; a request that was sent before gets what the verb returned then."""
        return await database.write(idempotency.once, self.request, returns, lambda tx: verb(tx, *args, **kwargs))

    async def earlier(self, returns: type[T]) -> T | None:
        """Return what this request was answered when it came before; None for a new one."""
        return await database.write(idempotency.answered, self.request, returns) if self.request else None

    async def write_in_steps(self, returns: type[T], work: Callable[[], Awaitable[T]]) -> T:
        """Do work of several transactions, which does no harm a second time; remember its answer at the end.

        Whether it may be done is asked in the work: a request that was answered before is not asked again.
        """
        first = await self.earlier(returns)
        if first is not None:
            return first
        answer = await work()
        return await database.write(idempotency.once, self.request, returns, lambda _: answer)


async def _writer(request: Request, idempotency_key: IdempotencyKey = None) -> Writer:
    if idempotency_key is None:
        return Writer(None)
    return await _keyed(request, idempotency_key, await request.body())


async def _file_writer(request: Request, idempotency_key: IdempotencyKey = None) -> Writer:
    """Tell a file from others by its length, because it is too large to be read for that."""
    if idempotency_key is None:
        return Writer(None)
    return await _keyed(request, idempotency_key, request.headers.get('content-length', '').encode())


async def _keyed(request: Request, key: str, body: bytes) -> Writer:
    claim = request.state.claim
    owner = str((await database.read(tokens.holder, claim)).actor.user_id) if claim else _stranger(request)
    asked = f'{request.method} {request.url.path}\n'.encode() + body
    return Writer(idempotency.keyed(owner, key, asked))


def _stranger(request: Request) -> str:
    """Return whose key it is before anybody is signed in: another client with the same key gets no answer of this."""
    network = network_of(request.client.host if request.client else '')
    told = f'{network} {request.headers.get("user-agent", "")}'
    return f'{ANYBODY} {hashlib.sha256(told.encode()).hexdigest()[:24]}'


def tap_id(key: str | None, *asked: object) -> str:
    """Return the tap id of a request: the same if it comes again with its key, and never that of another one."""
    return new_id() if key is None else hashlib.sha256(repr((key, *asked)).encode()).hexdigest()[:32]


Once = Annotated[Writer, Depends(_writer)]
"""What a POST that makes something writes with."""
OnceOfFile = Annotated[Writer, Depends(_file_writer)]
"""The same for a POST that sends a file."""
