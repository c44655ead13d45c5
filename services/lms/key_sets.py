"""The keys with which platforms sign: fetched once an hour, and at once where one of them is new.

The keys that were read last are kept with the platform. Where its address does not answer, they are used for a day: a
school goes on while another server is restarted, and a key that the platform has withdrawn ends all the same.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidKeyError
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select, update
from sqlmodel import col

from models import LtiPlatform
from services.core import clock, database
from services.core.errors import Refused
from services.core.phrases import Phrase, phrase, stored
from services.core.transaction import Transaction
from services.lms import connection
from services.lms.connection import NotReached

FRESH_FOR = 3600.0
"""seconds"""
NOT_AGAIN_FOR = 10.0
"""seconds in which an unknown key, or a failure, does not make this server ask again"""
KEPT_NOT_AGAIN_FOR = 60.0
"""the same while kept keys are used: nobody has to wait for an address that does not answer"""
USED_FOR = timedelta(days=1)
"""after they were read, if they cannot be read again"""
LONGEST_PROBLEM = 280
DEADLINE = 5.0
MOST_BYTES = 256 * 1024
FEWEST_BITS, MOST_BITS = 2048, 8192


@dataclass(slots=True)
class _KeySet:
    """The keys of one address."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: Mapping[str, object] = field(default_factory=dict)
    read_at: float | None = None
    good_until: datetime | None = None
    """until when the keys are used although they cannot be read again"""
    failed_at: float = float('-inf')
    why: Phrase | None = None
    """why it could not be read the last time"""


async def key_of(address: str, kid: str) -> RSAPublicKey:
    """Return the key of a platform by its id; raises `Refused` where there is none, or it is too short."""
    known = _known.setdefault(address, _KeySet())
    async with known.lock:
        age = float('inf') if known.read_at is None else time.monotonic() - known.read_at
        if age > FRESH_FOR or (kid not in known.keys and age > NOT_AGAIN_FOR):
            await _refresh_or_keep(known, address, kid)
    return _read(known.keys.get(kid))


async def _refresh_or_keep(known: _KeySet, address: str, kid: str) -> None:
    """Read a key set; where that fails, go on with the one that was read last, if it has the key and is not too old."""
    is_first = known.why is None
    try:
        await _refresh(known, address)
    except NotReached as error:
        if is_first:
            await database.write(_note_failure, address, error)
        if known.good_until is None:
            known.keys, known.good_until = await database.read(_kept, address)
        if kid not in known.keys or known.good_until is None or known.good_until <= clock.now():
            raise


async def _refresh(known: _KeySet, address: str) -> None:
    """Read a key set; a class that waits for one that cannot be read is refused at once for some seconds."""
    wait = KEPT_NOT_AGAIN_FOR if known.good_until else NOT_AGAIN_FOR
    if known.why and time.monotonic() - known.failed_at <= wait:
        raise NotReached(known.why)
    try:
        keys = await _fetch(address)
    except NotReached as error:
        known.failed_at, known.why = time.monotonic(), error.sentence
        raise
    is_new = known.read_at is None or known.why is not None or keys != known.keys
    is_old = known.read_at is not None and time.monotonic() - known.read_at > FRESH_FOR
    known.keys, known.read_at, known.why = keys, time.monotonic(), None
    known.good_until = clock.now() + USED_FOR
    if is_new or is_old:
        await database.write(_keep, address, keys)


def _keep(tx: Transaction, address: str, keys: Mapping[str, object]) -> None:
    """Keep the keys of an address, which can be read."""
    values = {'key_set': dict(keys), 'key_set_read_at': tx.now, 'key_set_problem': '', 'key_set_failed_since': None}
    tx.execute(update(LtiPlatform).where(col(LtiPlatform.key_set_url) == address).values(**values))


def _note_failure(tx: Transaction, address: str, why: NotReached) -> None:
    """Keep why the keys of an address cannot be read, and since when, for the admin."""
    problem = stored(why.sentence, most=LONGEST_PROBLEM)
    ours = col(LtiPlatform.key_set_url) == address
    tx.execute(update(LtiPlatform).where(ours).values(key_set_problem=problem))
    fresh = ours, col(LtiPlatform.key_set_failed_since).is_(None)
    tx.execute(update(LtiPlatform).where(*fresh).values(key_set_failed_since=tx.now))
    tx.note('key set not read', problem=str(why)[:LONGEST_PROBLEM])


def _kept(tx: Transaction, address: str) -> tuple[Mapping[str, object], datetime | None]:
    """Return the keys of an address as they were read last, and until when they are used."""
    rows = select(LtiPlatform).where(
        col(LtiPlatform.key_set_url) == address, col(LtiPlatform.key_set_read_at).is_not(None)
    )
    row = tx.session.scalars(rows.order_by(col(LtiPlatform.key_set_read_at).desc()).limit(1)).first()
    if row is None or row.key_set_read_at is None:
        return {}, None
    return row.key_set or {}, row.key_set_read_at + USED_FOR


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
    return {str(each['kid']): _public(each) for each in keys if isinstance(each, dict) and each.get('kid')}


def _public(key: Mapping[str, object]) -> dict[str, str]:
    """Return what is used of a key."""
    return {name: str(key.get(name, '')) for name in ('kty', 'n', 'e')}


def _read(key: object) -> RSAPublicKey:
    """Return a public RSA key that is long enough."""
    if not isinstance(key, dict):
        raise Refused('The platform has signed with a key that is not in its key set.')
    try:
        public = RSAAlgorithm.from_jwk(_public(key))
    except (InvalidKeyError, ValueError, TypeError):
        raise Refused('The platform has signed with a key that is no RSA key.') from None
    if not isinstance(public, RSAPublicKey) or public.key_size < FEWEST_BITS:
        raise Refused('The key of the platform is too short; it needs {bits} bits or more.', bits=FEWEST_BITS)
    if public.key_size > MOST_BITS:
        raise Refused('The key of the platform is too long; it may have {bits} bits.', bits=MOST_BITS)
    return public


_known: dict[str, _KeySet] = {}
