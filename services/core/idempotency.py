"""A request that makes something can be sent again: it makes nothing new, and is answered as the first one was.

The answer is kept in the transaction that makes the thing, so that there is never one without the other.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from models import IdempotentRequest
from services.core.errors import KeyTaken
from services.core.transaction import Transaction
from settings import settings

T = TypeVar('T')

KEPT = timedelta(days=1)
ANYBODY = 'anybody'
"""the owner of the keys of those who are not signed in yet"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A request with an idempotency key."""

    owner: str
    key: str
    fingerprint: str


def keyed(owner: str, key: str, asked: bytes) -> Keyed:
    """Return a request; of what was `asked`, which may hold a password, only a keyed hash is kept."""
    fingerprint = hmac.new(settings().secret_key.encode(), asked, 'sha256').hexdigest()
    return Keyed(owner=owner, key=key, fingerprint=fingerprint)


def once(tx: Transaction, request: Keyed | None, returns: type[T], verb: Callable[[Transaction], T]) -> T:
    """Perform a verb, or return what it returned when this request came before.

    Raises `KeyTaken` if the key came with another request.
    """
    if request is None:
        return verb(tx)
    if first := _first(tx, request):
        tx.note('request repeated', key=request.key)
        return _answer(first, returns)
    answer = verb(tx)
    tx.session.add(
        IdempotentRequest(
            owner=request.owner,
            key=request.key,
            fingerprint=request.fingerprint,
            answer=TypeAdapter(returns).dump_json(answer).decode(),
            created_at=tx.now,
        )
    )
    try:
        tx.session.flush()
    except IntegrityError as error:  # another process was faster
        raise KeyTaken('This request is being worked on already. Send it again in a moment.') from error
    return answer


def answered(tx: Transaction, request: Keyed | None, returns: type[T]) -> T | None:
    """Return what this request was answered when it came before; raises `KeyTaken` if the key came with another."""
    first = _first(tx, request) if request else None
    return _answer(first, returns) if first else None


def forget_old(tx: Transaction) -> None:
    """Forget requests that are too old to be repeated."""
    tx.execute(delete(IdempotentRequest).where(col(IdempotentRequest.created_at) < tx.now - KEPT))


def _answer(first: IdempotentRequest, returns: type[T]) -> T:
    try:
        return TypeAdapter(returns).validate_json(first.answer)
    except ValidationError as error:  # an earlier version has kept it in another form
        raise KeyTaken(
            'This request was done before Waymark was updated. Look at what it has made before you send it again with '
            'a new key.'
        ) from error


def _first(tx: Transaction, request: Keyed) -> IdempotentRequest | None:
    same = col(IdempotentRequest.owner) == request.owner, col(IdempotentRequest.key) == request.key
    first: IdempotentRequest | None = tx.execute(select(IdempotentRequest).where(*same)).scalar_one_or_none()
    if first and first.created_at < tx.now - KEPT:
        tx.session.delete(first)
        tx.session.flush()
        return None
    if first and not hmac.compare_digest(first.fingerprint, request.fingerprint):
        raise KeyTaken('This Idempotency-Key was used for another request. Make a new one for each request.')
    return first
