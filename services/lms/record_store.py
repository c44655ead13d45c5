"""Handing statements over to the record store that the settings name: in batches, each statement under one fixed id.

A store takes a batch as a whole or not at all, so one statement that it refuses is looked for by halves, and the others
arrive. A redirect is a failure, so no answer leads this server into the network of the school (`connection.ask`).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from services.core.phrases import Phrase, phrase
from services.lms import connection
from services.lms.connection import NotReached
from settings import settings

MOST = 50
"""statements in a batch"""
VERSION = '1.0.3'
CONFLICT = 409
OF_STATEMENTS = frozenset({400, CONFLICT, 413, 422})
"""answers that can be due to one statement; any other one is about the store, the key or the address"""
MOST_ABOUT = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One statement as JSON, and the activity that it is about."""

    activity_id: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A statement that the store will never take."""

    activity_id: int
    problem: Phrase


def is_on() -> bool:
    """Tell whether statements are sent to a store."""
    return bool(settings().lrs_url)


def host() -> str:
    """Return the host of the store, as people read it; empty where nothing is sent."""
    return urlsplit(settings().lrs_url).hostname or ''


async def hand_over(client: httpx.AsyncClient, messages: Sequence[Message]) -> Sequence[Refusal]:
    """Hand messages over; returns those that the store will never take.

    Raises `NotReached` where the store itself is the trouble; then all of them are handed over again, which does no
    harm. Statements are given up only if what refuses them is a store of statements, and not some other program.
    """
    refused = await _hand_over(client, messages)
    if refused:
        await check(client)
    return refused


async def check(client: httpx.AsyncClient) -> None:
    """Raise `NotReached` unless there is a store of statements at the address."""
    answer = await connection.ask(client, 'GET', f'{settings().lrs_url}/about', headers=_headers(), most=MOST_ABOUT)
    said = answer.json
    versions = said.get('version') if isinstance(said, dict) else None
    if not isinstance(versions, list) or not any(str(each).startswith('1.0') for each in versions):
        raise NotReached(phrase('{host} is no store of statements (xAPI 1.0). Set its address.', host=host()))


async def check_key(client: httpx.AsyncClient) -> None:
    """Raise `NotReached` where the store does not know the key; one that may only write is fine."""
    try:
        await connection.ask(client, 'GET', f'{settings().lrs_url}/statements?limit=1', headers=_headers())
    except NotReached as why:
        if why.status != 403:
            raise


async def _hand_over(client: httpx.AsyncClient, messages: Sequence[Message]) -> Sequence[Refusal]:
    try:
        await _post(client, messages)
    except NotReached as why:
        if why.status not in OF_STATEMENTS:
            raise
        if len(messages) > 1:
            half = len(messages) // 2
            return (*await _hand_over(client, messages[:half]), *await _hand_over(client, messages[half:]))
        if why.status == CONFLICT:
            return ()  # it has a statement with this id; its course has got another title since, for example
        return (Refusal(activity_id=messages[0].activity_id, problem=why.sentence),)
    return ()


async def _post(client: httpx.AsyncClient, messages: Sequence[Message]) -> None:
    content = b'[' + b','.join(each.body for each in messages) + b']'
    headers = {**_headers(), 'content-type': 'application/json'}
    await connection.ask(client, 'POST', f'{settings().lrs_url}/statements', headers=headers, content=content)


def _headers() -> dict[str, str]:
    pair = f'{settings().lrs_key}:{settings().lrs_secret}'
    return {
        'authorization': f'Basic {base64.b64encode(pair.encode()).decode()}',
        'user-agent': 'Waymark',
        'x-experience-api-version': VERSION,
    }
