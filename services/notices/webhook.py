"""Handing one notice over to the service that brings notices to devices: a signed request (Standard Webhooks).

Everything has an end after `DEADLINE`, however slowly the service answers, and the event loop never waits. Nothing that
the service answers leads anywhere: a redirect is a failure, so no answer makes this server ask for an address of its
own network.
"""

import asyncio
import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from services.core import clock
from services.core.errors import Refused
from services.core.phrases import Phrase, phrase
from settings import settings

DEADLINE = 10.0
"""seconds for one notice, from the look-up of the name to the answer"""
LONGEST_WAIT = timedelta(days=1)
"""for which the service can ask to be left alone"""
FOR_NOW = frozenset({408, 425, 429})
"""answers below 500 that will not be the same the next time"""


class NotPushed(Refused):
    """A notice was not taken, or nobody knows whether it was."""

    def __init__(self, said: Phrase, *, is_final: bool = False, wait: timedelta | None = None):
        super().__init__(said)
        self.is_final = is_final
        """whether trying again is of no use"""
        self.wait = wait
        """for how long the service asks to be left alone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: the same `name` each time that it is tried, by which the service knows what it has already."""

    name: str
    body: bytes


def headers(message: Message, *, at: datetime) -> Mapping[str, str]:
    """Return the headers that say when a message was sent, and that it is ours."""
    sent_at = str(int(at.timestamp()))
    key = base64.b64decode(settings().notification_service_secret.removeprefix('whsec_'))
    signed = hmac.digest(key, b'.'.join((message.name.encode(), sent_at.encode(), message.body)), 'sha256')
    return {
        'content-type': 'application/json',
        'user-agent': 'Waymark',
        'webhook-id': message.name,
        'webhook-timestamp': sent_at,
        'webhook-signature': f'v1,{base64.b64encode(signed).decode()}',
    }


async def send(client: httpx.AsyncClient, message: Message) -> None:
    """Hand a message over; raises `NotPushed`."""
    address = settings().notification_service_url
    host = urlsplit(address).hostname or ''
    request = client.build_request('POST', address, content=message.body, headers=headers(message, at=clock.now()))
    try:
        async with asyncio.timeout(DEADLINE):
            answer = await client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()  # what it says is of no use, however long it is
    except TimeoutError:
        raise NotPushed(phrase('{host} does not answer in time.', host=host)) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        kind = type(error).__name__
        raise NotPushed(phrase('There is no connection to {host} ({error}).', host=host, error=kind)) from error
    if not answer.is_success:
        raise _refused(host, answer)


def _refused(host: str, answer: httpx.Response) -> NotPushed:
    facts = {'host': host, 'status': answer.status_code}
    if answer.has_redirect_location or answer.is_redirect:
        said = phrase('{host} leads elsewhere ({status}), which is not followed. Set the final address.', **facts)
        return NotPushed(said, is_final=True)
    is_final = answer.is_client_error and answer.status_code not in FOR_NOW
    wait = None if is_final else _wait(answer.headers.get('retry-after', ''))
    return NotPushed(phrase('{host} answers with {status}.', **facts), is_final=is_final, wait=wait)


def _wait(said: str) -> timedelta | None:
    """Return what `Retry-After` says: seconds, or a moment; None where it makes no sense."""
    try:
        if said.strip().isdecimal():
            wait = timedelta(seconds=min(int(said[:12]), int(LONGEST_WAIT.total_seconds())))
        else:
            moment = parsedate_to_datetime(said)
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock.now()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
