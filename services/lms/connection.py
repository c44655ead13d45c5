"""Asking platforms over the network: everything has an end, and nothing leads to where no admin has pointed.

The addresses of gradebooks and class lists come with a launch. They are on a host that an admin has registered, or on
the public internet; so no platform makes this server ask for an address inside the network of the school.
"""

import asyncio
import ipaddress
import re
import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin, urlsplit

import anyio
import httpx
import orjson

from services.core import clock, threads
from services.core.errors import Refused
from services.core.phrases import Phrase, phrase

DEADLINE = 10.0
"""seconds for one question, from the look-up of the name to the last byte"""
MOST_BYTES = 2 * 1024 * 1024
LONGEST_WAIT = timedelta(days=1)
FOR_NOW = frozenset({401, 408, 409, 423, 425, 429})
"""answers below 500 that may be another one the next time"""


class NotReached(Refused):
    """A platform did not answer, or not with what was asked for."""

    def __init__(self, said: Phrase, *, is_final: bool = False, wait: timedelta | None = None, status: int = 0):
        super().__init__(said)
        self.is_final = is_final
        """whether trying again is of no use"""
        self.wait = wait
        """for how long the platform asks to be left alone"""
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a platform has answered."""

    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> object:
        """What it says; raises `NotReached` where that is no JSON."""
        try:
            return orjson.loads(self.content)
        except ValueError:
            raise NotReached(phrase('The platform does not answer with JSON.')) from None


async def new_client() -> httpx.AsyncClient:
    """Return a client; reading the certificates that it trusts takes a while, and so does what it loads first."""
    return await threads.shared.go_on(_client)


def _client() -> httpx.AsyncClient:
    _load()
    return httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - each question has its deadline


@cache
def _load() -> None:
    """Let the libraries below load what they would with the first question, when everybody would wait for it."""
    anyio.run(anyio.sleep, 0)


async def ask(
    client: httpx.AsyncClient,
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    most: int = MOST_BYTES,
    deadline: float = DEADLINE,
) -> Answer:
    """Ask for something; redirects are not followed, and longer answers than `most` bytes are refused."""
    host = urlsplit(address).hostname or ''
    try:
        async with asyncio.timeout(deadline):
            told = {'accept-encoding': 'gzip', **(headers or {})}
            request = client.build_request(method, address, headers=told, content=content)
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                body = await _body(answer, host, most)
            finally:
                await answer.aclose()
    except TimeoutError:
        raise NotReached(phrase('{host} does not answer in time.', host=host)) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        kind = type(error).__name__
        raise NotReached(phrase('There is no connection to {host} ({error}).', host=host, error=kind)) from error
    if not answer.is_success:
        raise _refused(host, answer, body)
    return Answer(content=body, headers=answer.headers)


def next_page(address: str, answer: Answer) -> str:
    """Return the address of the page after that at an address, as the header `Link` says it; empty after the last."""
    for target, parameters in _LINK.findall(answer.headers.get('link', '')):
        named = _REL.search(parameters)
        if named and 'next' in named[1].lower().split():
            return str(urljoin(address, target.strip()))
    return ''


async def check_address(known: frozenset[str], address: str) -> None:
    """Raise `NotReached` unless an address is on a host that an admin has named, or on the public internet."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or '', parts.port or 443
    except ValueError:  # brackets or a port that are none
        raise NotReached(phrase('The platform gives no address that can be asked.'), is_final=True) from None
    if parts.scheme not in {'http', 'https'} or not host:
        raise NotReached(phrase('The platform gives no address that can be asked.'), is_final=True)
    if host in known:
        return
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached(phrase('There is no connection to {host} ({error}).', host=host, error='DNS')) from None
    if not all(ipaddress.ip_address(str(each[4][0]).partition('%')[0]).is_global for each in found):
        raise NotReached(
            phrase('{host} is in a private network, and no admin has registered it.', host=host), is_final=True
        )


async def _body(answer: httpx.Response, host: str, most: int) -> bytes:
    """Return what is answered, unpacked here: a client unpacks all that has arrived, and a few bytes become many."""
    body = bytearray()
    packed = zlib.decompressobj(_GZIP) if answer.headers.get('content-encoding', '').lower() in _PACKED else None
    async for part in answer.aiter_raw():
        try:
            body += packed.decompress(part, most + 1 - len(body)) if packed else part
        except zlib.error:
            raise NotReached(phrase('{host} answers with what cannot be unpacked.', host=host)) from None
        if len(body) > most:
            raise NotReached(phrase('{host} answers with more than anybody needs.', host=host))
    return bytes(body)


def _refused(host: str, answer: httpx.Response, body: bytes) -> NotReached:
    status = answer.status_code
    if answer.is_redirect:
        said = phrase('{host} leads elsewhere ({status}), which is not followed.', host=host, status=status)
        return NotReached(said, is_final=True, status=status)
    is_final = answer.is_client_error and status not in FOR_NOW
    wait = None if is_final else _wait(answer.headers.get('retry-after', ''))
    said = phrase('{host} answers with {status}.', host=host, status=status)
    if why := _error_of(body):
        said = phrase('{host} answers with {status} ({error}).', host=host, status=status, error=why)
    return NotReached(said, is_final=is_final, wait=wait, status=status)


def _error_of(body: bytes) -> str:
    """Return the word by which OAuth says what is wrong, such as `invalid_client`, for an admin to look up."""
    try:
        said = orjson.loads(body)
    except ValueError:
        return ''
    word = said.get('error') if isinstance(said, dict) else None
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ''


def _wait(said: str) -> timedelta | None:
    """Return what `Retry-After` says: seconds, or a moment; None where it makes no sense."""
    try:
        if said.strip().isdecimal():
            wait = timedelta(seconds=min(int(said.strip()[:9]), int(LONGEST_WAIT.total_seconds())))
        else:
            moment = parsedate_to_datetime(said)
            wait = _aware(moment) - clock.now()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


_PACKED = frozenset({'gzip', 'x-gzip'})
_GZIP = 16 + zlib.MAX_WBITS
"""how zlib is told to read it"""
_WORD = re.compile('[a-z_]{1,40}')
_LINK = re.compile(r'<([^<>]*)>([^<]*)')
"""an address, which may have commas in it, and what is said of it"""
_REL = re.compile(r';\s*rel\s*=\s*["“]?([^"”;,]*)', re.IGNORECASE)
"""Moodle has the quotes of a book around it in some of its lists"""


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
