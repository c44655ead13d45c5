"""The keys with which platforms sign: fetched once an hour, and at once where one of them is new."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidKeyError
from jwt.algorithms import RSAAlgorithm

from services.core.errors import Refused
from services.core.phrases import Phrase, phrase
from services.lms import connection
from services.lms.connection import NotReached

FRESH_FOR = 3600.0
"""seconds"""
NOT_AGAIN_FOR = 10.0
"""seconds in which an unknown key, or a failure, does not make this server ask again"""
DEADLINE = 5.0
MOST_BYTES = 256 * 1024
FEWEST_BITS, MOST_BITS = 2048, 8192


@dataclass(slots=True)
class _KeySet:
    """The keys of one address."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: Mapping[str, object] = field(default_factory=dict)
    read_at: float | None = None
    failed_at: float = float('-inf')
    why: Phrase | None = None
    """why it could not be read the last time"""


async def key_of(address: str, kid: str) -> RSAPublicKey:
    """Return the key of a platform by its id; raises `Refused` where there is none, or it is too short."""
    known = _known.setdefault(address, _KeySet())
    async with known.lock:
        age = float('inf') if known.read_at is None else time.monotonic() - known.read_at
        if age > FRESH_FOR or (kid not in known.keys and age > NOT_AGAIN_FOR):
            await _refresh(known, address)
    return _read(known.keys.get(kid))


async def _refresh(known: _KeySet, address: str) -> None:
    """Read a key set; a class that waits for one that cannot be read is refused at once for some seconds."""
    if known.why and time.monotonic() - known.failed_at <= NOT_AGAIN_FOR:
        raise NotReached(known.why)
    try:
        known.keys, known.read_at, known.why = await _fetch(address), time.monotonic(), None
    except NotReached as error:
        known.failed_at, known.why = time.monotonic(), error.sentence
        raise


def forget() -> None:
    """Forget every key set, so that the next launch reads them anew."""
    _known.clear()


async def _fetch(address: str) -> Mapping[str, object]:
    async with await connection.new_client() as client:
        answer = await connection.ask(client, 'GET', address, most=MOST_BYTES, deadline=DEADLINE)
    said = answer.json
    keys = said.get('keys') if isinstance(said, dict) else None
    if not isinstance(keys, list):
        raise NotReached(phrase('The key set of the platform has no keys.'))
    return {str(each['kid']): each for each in keys if isinstance(each, dict) and each.get('kid')}


def _read(key: object) -> RSAPublicKey:
    """Return a public RSA key that is long enough."""
    if not isinstance(key, dict):
        raise Refused('The platform has signed with a key that is not in its key set.')
    try:
        public = RSAAlgorithm.from_jwk({name: str(key.get(name, '')) for name in ('kty', 'n', 'e')})
    except (InvalidKeyError, ValueError, TypeError):
        raise Refused('The platform has signed with a key that is no RSA key.') from None
    if not isinstance(public, RSAPublicKey) or public.key_size < FEWEST_BITS:
        raise Refused('The key of the platform is too short; it needs {bits} bits or more.', bits=FEWEST_BITS)
    if public.key_size > MOST_BITS:
        raise Refused('The key of the platform is too long; it may have {bits} bits.', bits=MOST_BITS)
    return public


_known: dict[str, _KeySet] = {}
