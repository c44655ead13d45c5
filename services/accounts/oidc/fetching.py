"""What is asked of a provider over the network: its own description, its keys, and tokens for a code.

All of it has an end after `DEADLINE`, however slowly a provider answers, and a size. No redirect is followed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
import orjson

from services.core import server_log, threads
from services.core.errors import Refused
from settings import OidcProvider

DEADLINE = 10.0
"""seconds for one question, from the look-up of the name to the end of the answer"""
LARGEST_ANSWER = 256 * 1024
"""bytes"""
FRESH_FOR = 3600.0
"""seconds for which a description and keys are not asked for again"""
KEYS_AGAIN_AFTER = 30.0
"""seconds before keys are asked for again because a token names one that is not known"""
LOOPBACK = frozenset({'localhost', '127.0.0.1', '::1'})


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a provider says of itself (OpenID Connect Discovery)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    by_post: bool
    """whether the client's secret goes into the body, and not into a header"""


class _Limited(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > LARGEST_ANSWER:
                raise httpx.ReadError('the answer is too long')
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


class Bounded(httpx.AsyncHTTPTransport):
    """Refuses answers that are too long, or packed, behind which any length may hide."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        request.headers['accept-encoding'] = 'identity'
        answer = await super().handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        if answer.headers.get('content-encoding', 'identity') != 'identity':
            await answer.aclose()
            raise httpx.DecodingError('the answer is packed')
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=_Limited(answer.stream), extensions=answer.extensions
        )


async def described(provider: OidcProvider) -> Described:
    """Return what a provider says of itself; raises `Refused`."""
    if (kept := _descriptions.get(provider.issuer)) and time.monotonic() - kept[0] < FRESH_FOR:
        return kept[1]
    said = await _ask(provider, 'GET', f'{provider.issuer.rstrip("/")}/.well-known/openid-configuration')
    if said.get('issuer') != provider.issuer:
        raise _wrong(provider, 'it calls itself by another name than the settings do')
    endpoints = ('authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'end_session_endpoint')
    found = {name: _address(provider, said.get(name)) for name in endpoints}
    if not all(found[name] for name in endpoints[:3]):
        raise _wrong(provider, 'its description lacks an address')
    ways = said.get('token_endpoint_auth_methods_supported') or ['client_secret_basic']
    fresh = Described(**found, by_post='client_secret_basic' not in ways and 'client_secret_post' in ways)
    _descriptions[provider.issuer] = time.monotonic(), fresh
    return fresh


async def keys(provider: OidcProvider, *, again: bool = False) -> Mapping[str, Any]:
    """Return the keys of a provider as it publishes them; `again` if a token names one that is not among them."""
    kept = _keys.get(provider.issuer)
    if kept and time.monotonic() - kept[0] < (KEYS_AGAIN_AFTER if again else FRESH_FOR):
        return kept[1]
    fresh = await _ask(provider, 'GET', (await described(provider)).jwks_uri)
    _keys[provider.issuer] = time.monotonic(), fresh
    return fresh


async def tokens(provider: OidcProvider, *, code: str, verifier: str, redirect: str) -> Mapping[str, Any]:
    """Return the tokens for a code; raises `Refused`."""
    about = await described(provider)
    sent = {
        'grant_type': 'authorization_code',
        'code': code,
        'redirect_uri': redirect,
        'code_verifier': verifier,
        'client_id': provider.client_id,
    }
    if provider.client_secret and about.by_post:
        sent['client_secret'] = provider.client_secret
    in_header = bool(provider.client_secret) and not about.by_post
    # RFC 6749, 2.3.1: both are encoded as in a form before they are put together
    name, secret = quote_plus(provider.client_id), quote_plus(provider.client_secret)
    auth = httpx.BasicAuth(name, secret) if in_header else None
    return await _ask(provider, 'POST', about.token_endpoint, data=sent, auth=auth)


async def userinfo(provider: OidcProvider, access_token: str) -> Mapping[str, Any]:
    """Return what a provider says of the person of a token; empty where it has no address for that."""
    if not (address := (await described(provider)).userinfo_endpoint) or not access_token:
        return {}
    return await _ask(provider, 'GET', address, headers={'authorization': f'Bearer {access_token}'})


def forget() -> None:
    """Forget what providers have said."""
    _descriptions.clear()
    _keys.clear()


async def _ask(provider: OidcProvider, method: str, address: str, **more: Any) -> dict[str, Any]:
    """Return the object that a provider answers with; raises `Refused`."""
    try:
        async with asyncio.timeout(DEADLINE), httpx.AsyncClient(**await _options()) as client:
            answer = await client.request(method, address, **more)
        found = orjson.loads(answer.content) if answer.status_code == httpx.codes.OK else None
    except _TROUBLE as error:
        raise _unreachable(provider, error) from error
    if not isinstance(found, dict):
        raise _wrong(provider, f'it answers with {answer.status_code}')
    return found


async def _options() -> dict[str, Any]:
    """Return how every connection is made; certificates are read once, and not on the event loop."""
    trusted = await threads.shared.run(_trusted)
    return {'transport': Bounded(verify=trusted), 'timeout': DEADLINE, 'follow_redirects': False}


@cache
def _trusted() -> Any:
    return httpx.create_ssl_context()


def _address(provider: OidcProvider, said: object) -> str:
    """Return an address that a provider names: encrypted, unless the provider itself is on this machine."""
    if not isinstance(said, str) or not said:
        return ''
    parts = urlsplit(said)
    is_local = urlsplit(provider.issuer).hostname in LOOPBACK
    if not said.isprintable() or ' ' in said:
        raise _wrong(provider, 'it names an address that is none')
    if parts.scheme != 'https' and not (is_local and parts.scheme == 'http' and parts.hostname in LOOPBACK):
        raise _wrong(provider, 'it names an address that is not encrypted')
    return said


def _wrong(provider: OidcProvider, reason: str) -> Refused:
    server_log.write('sign-in provider failed', provider=provider.name, reason=reason)
    return Refused('{provider} has answered with what cannot be used. Tell your school.', provider=provider.label)


def _unreachable(provider: OidcProvider, error: Exception) -> Refused:
    server_log.write('sign-in provider failed', provider=provider.name, reason=type(error).__name__)
    return Refused('{provider} does not answer. Try again in a moment.', provider=provider.label)


_TROUBLE = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, TimeoutError)
_descriptions: dict[str, tuple[float, Described]] = {}
_keys: dict[str, tuple[float, Mapping[str, Any]]] = {}
