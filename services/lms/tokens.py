"""Tokens with which platforms may be asked for something, for which we prove with our key who we are."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import jwt

from services.core import signing_keys, threads
from services.core.phrases import phrase
from services.lms import connection, platforms
from services.lms.connection import NotReached
from services.lms.platforms import Platform

AHEAD = 30
"""seconds by which our clock may be ahead: Canvas takes no proof from the future, and none of five minutes ago"""
EARLIER = 60
"""seconds before its end in which a token is not used any more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    good_until: float


async def token(client: httpx.AsyncClient, platform: Platform, scopes: Sequence[str]) -> str:
    """Return a token with which a platform may be asked for something; raises `NotReached`.

    That is never final: who is refused now is not refused once an admin there has switched it on.
    """
    name = platform.platform_id, platform.auth_token_url, platform.client_id, ' '.join(sorted(scopes))
    known = _tokens.get(name)
    if known and known.good_until > time.monotonic():
        return known.text
    asked = {
        'grant_type': 'client_credentials',
        'client_assertion_type': 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        'client_assertion': await threads.shared.go_on(_assertion, platform),
        'scope': name[3],
    }
    headers = {'content-type': 'application/x-www-form-urlencoded', 'accept': 'application/json'}
    content = urlencode(asked).encode()
    try:
        answer = await connection.ask(client, 'POST', platform.auth_token_url, headers=headers, content=content)
    except NotReached as why:
        raise NotReached(why.sentence, wait=why.wait) from None
    said = answer.json
    text = said.get('access_token') if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(text, str):
        raise NotReached(phrase('The platform gives no token.'))
    lasts = said.get('expires_in')
    seconds = float(lasts) if isinstance(lasts, int | float | str) and str(lasts).isdecimal() else 0.0
    _tokens[name] = _Token(text=text, good_until=time.monotonic() + seconds - EARLIER)
    return text


def forget(platform: Platform) -> None:
    """Forget the tokens of a platform, which it may have ended."""
    for name in [name for name in _tokens if name[0] == platform.platform_id]:
        del _tokens[name]


def _assertion(platform: Platform) -> str:
    """Return what proves to a platform that it is us who asks."""
    now = int(time.time())  # noqa: TID251 - read by other machines, whatever a test has made of our clock
    claims = {
        'iss': platform.client_id,
        'sub': platform.client_id,
        'aud': platform.token_audience or platform.auth_token_url,
        'iat': now - AHEAD,
        'exp': now + 300,
        'jti': secrets.token_urlsafe(16),
    }
    key = signing_keys.public_half(platforms.key_path())
    headers = {'kid': str(key['kid'])}
    return jwt.encode(claims, signing_keys.key_in(platforms.key_path()), algorithm='RS256', headers=headers)


_tokens: dict[tuple[int, str, str, str], _Token] = {}
