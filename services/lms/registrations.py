"""Systems that register themselves (LTI Dynamic Registration): an admin here makes a one-time address for one system,
the admin there opens it, and the two tell each other who they are.

What a system says of itself is kept and trusted by nobody, until an admin has looked at it and saved it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from models import LtiRegistration
from services import access
from services.access import Actor
from services.core import database
from services.core.errors import DomainError, Gone, NotFound, Refused
from services.core.phrases import Phrase, phrase, recalled, stored
from services.core.secrets import new_token, token_hash
from services.core.text import clean, line
from services.core.transaction import Transaction
from services.lms import configurations, connection, platforms
from services.lms.configurations import TOOL, UNREADABLE
from services.lms.messages import as_id
from services.lms.platforms import NewPlatform

LIFETIME = timedelta(days=7)
KEPT_FOR = timedelta(days=30)
MOST_OPEN = 20
MOST_BYTES = 128 * 1024
DEADLINE = 10.0
LONGEST_PROBLEM = 280
LONGEST_TOKEN = 8000
"""characters of what a platform gives us for its own door"""
_ENDED = phrase('This address was used already, or has expired. Ask the school for a new one.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A one-time address, and what has come of it; the address itself is kept nowhere."""

    registration_id: int
    address: str
    """of the system for which it is"""
    expires_at: datetime
    used_at: datetime | None
    problem: Phrase | str
    is_found: bool
    """whether the system has registered itself, and waits for an admin"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    registration_id: int
    address: str


def invite(tx: Transaction, actor: Actor | None, *, address: str) -> str:
    """Make a one-time address for the system at an address such as https://lms.example.org; returns its token."""
    actor = access.admin(tx, actor)
    parts = urlsplit(platforms.address(address, 'address'))
    waiting = select(func.count()).select_from(LtiRegistration).where(col(LtiRegistration.used_at).is_(None))
    if tx.execute(waiting.where(col(LtiRegistration.expires_at) > tx.now)).scalar_one() >= MOST_OPEN:
        raise Refused('There are too many open addresses. Take back those that nobody needs.')
    token = new_token()
    row = LtiRegistration(
        token_hash=token_hash(token),
        address=f'{parts.scheme}://{parts.netloc.lower()}',
        made_by=actor.user_id,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.note('registration invited', registration=row.id, by=actor.user_id)
    return token


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Registration, ...]:
    """Return every one-time address that is open, or of which something has come; the newest first."""
    access.admin(tx, actor)
    is_shown = col(LtiRegistration.used_at).is_not(None) | (col(LtiRegistration.expires_at) > tx.now)
    rows = tx.session.scalars(select(LtiRegistration).where(is_shown).order_by(col(LtiRegistration.id).desc()))
    return tuple(
        Registration(
            registration_id=row.id,
            address=row.address,
            expires_at=row.expires_at,
            used_at=row.used_at,
            problem=recalled(row.problem),
            is_found=row.found is not None,
        )
        for row in rows
    )


def found(tx: Transaction, actor: Actor | None, registration_id: int) -> NewPlatform:
    """Return what a system has said of itself, for an admin to look at and to save."""
    access.admin(tx, actor)
    row = tx.session.get(LtiRegistration, registration_id)
    if row is None or row.found is None:
        raise NotFound('This registration is gone. Load the page again.')
    return NewPlatform(**row.found)


def save(tx: Transaction, actor: Actor | None, new: NewPlatform, *, registration_id: int) -> int:
    """Register a system that has registered itself, as an admin has looked it over; returns the id of the platform."""
    found(tx, actor, registration_id)
    platform_id = platforms.register(tx, actor, new)
    drop(tx, actor, registration_id)
    return platform_id


def drop(tx: Transaction, actor: Actor | None, registration_id: int) -> None:
    """Let a one-time address lead nowhere, or forget what has come of it."""
    actor = access.admin(tx, actor)
    if not tx.change(delete(LtiRegistration).where(col(LtiRegistration.id) == registration_id)):
        raise NotFound('This registration is gone. Load the page again.')
    tx.note('registration dropped', registration=registration_id, by=actor.user_id)


def forget_old(tx: Transaction) -> int:
    """Delete what is over for long; returns how many."""
    return tx.change(delete(LtiRegistration).where(col(LtiRegistration.created_at) < tx.now - KEPT_FOR))


async def answer(token: str, *, configuration: str, registration_token: str, base: str) -> str:
    """Register with the system that has opened a one-time address; `base` is our own address. Returns its host.

    The address is used up before anything is asked, so that it works once, whatever the system does.
    """
    asked = await database.write(_use, token)
    try:
        said = await _register(asked, configuration, registration_token, base)
        await database.write(_keep, asked, said)
    except DomainError as why:
        await database.write(_put_off, asked, why)
        raise
    return urlsplit(asked.address).hostname or ''


async def _register(asked: _Asked, configuration: str, registration_token: str, base: str) -> NewPlatform:
    if _origin(configuration) != asked.address:
        raise Refused('This address is for {address}, and another system has opened it.', address=asked.address)
    known = frozenset({urlsplit(asked.address).hostname or ''})
    door = {'authorization': f'Bearer {_token(registration_token)}'} if registration_token else {}
    async with await connection.new_client() as client:
        said = await _ask(client, known, 'GET', configuration, headers=door)  # Canvas tells nobody else
        new, endpoint = configurations.read(said, address=asked.address), said.get('registration_endpoint')
        for each in (new.auth_login_url, new.auth_token_url, new.key_set_url, endpoint):
            await _check(asked, known, each)
        await database.read(platforms.check_new, new)
        headers = {**door, 'content-type': 'application/json'}
        content = orjson.dumps(configurations.ours(said, base))
        ours = await _ask(client, known, 'POST', str(endpoint), headers=headers, content=content)
    deployments = as_id(configurations.object_in(ours, TOOL).get('deployment_id'))
    new = replace(
        new,
        client_id=configurations.text({'id': as_id(ours.get('client_id'))}, 'id'),
        deployments=line(clean(deployments)),
    )
    await database.read(platforms.check_new, new)
    return new


async def _ask(
    client: httpx.AsyncClient,
    known: frozenset[str],
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Mapping[str, Any]:
    await connection.check_address(known, address)
    headers = {'accept': 'application/json', **(headers or {})}
    said = await connection.ask(
        client, method, address, headers=headers, content=content, most=MOST_BYTES, deadline=DEADLINE
    )
    if not isinstance(said.json, dict):
        raise Refused(UNREADABLE)
    return said.json


async def _check(asked: _Asked, known: frozenset[str], address: object) -> None:
    """Refuse an address to which nobody may be sent: it is encrypted, unless it is where the admin has pointed."""
    if not isinstance(address, str):
        raise Refused(UNREADABLE)
    platforms.address(address, 'address')
    if urlsplit(address).scheme != 'https' and _origin(address) != asked.address:
        raise Refused('The system gives an address without encryption: {address}', address=address[:100])
    await connection.check_address(known, address)


def _use(tx: Transaction, token: str) -> _Asked:
    mine = col(LtiRegistration.token_hash) == token_hash(token)
    is_open = col(LtiRegistration.used_at).is_(None), col(LtiRegistration.expires_at) > tx.now
    if not tx.change(update(LtiRegistration).where(mine, *is_open).values(used_at=tx.now)):
        raise Gone(_ENDED)
    row = tx.session.scalars(select(LtiRegistration).where(mine)).one()
    return _Asked(registration_id=row.id, address=row.address)


def _keep(tx: Transaction, asked: _Asked, new: NewPlatform) -> None:
    mine = col(LtiRegistration.id) == asked.registration_id
    tx.execute(update(LtiRegistration).where(mine).values(found=asdict(new)))
    tx.note('registered by a platform', registration=asked.registration_id)


def _put_off(tx: Transaction, asked: _Asked, why: DomainError) -> None:
    mine = col(LtiRegistration.id) == asked.registration_id
    problem = stored(why.sentence, most=LONGEST_PROBLEM)
    tx.execute(update(LtiRegistration).where(mine).values(problem=problem))
    tx.note('platform did not register', registration=asked.registration_id, problem=str(why)[:LONGEST_PROBLEM])


def _token(said: str) -> str:
    if len(said) > LONGEST_TOKEN or not said.isascii() or not said.isprintable():
        raise Refused(UNREADABLE)
    return said


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ''
    return f'{parts.scheme}://{parts.netloc.lower()}'
