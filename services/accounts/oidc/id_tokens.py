"""Whether a token is what it says: signed by the provider, for us, for this sign-in, and now."""

import hmac
from collections.abc import Mapping
from typing import Any

from services.accounts.oidc import fetching
from services.core import clock
from services.core.errors import Refused
from settings import OidcProvider

LEEWAY = 300
"""seconds by which the clock of a provider may be wrong"""
LONGEST = 32 * 1024
LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'

Claims = Mapping[str, Any]


async def of_sign_in(provider: OidcProvider, token: object, *, nonce: str) -> Claims:
    """Return what an ID token says of a person; raises `Refused`."""
    claims = await _signed(provider, token)
    said = claims.get('nonce')
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise _refused(provider, 'nonce')
    subject = claims.get('sub')
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise _refused(provider, 'sub')
    return claims


async def of_sign_out(provider: OidcProvider, token: object) -> Claims:
    """Return what a logout token says: whose session at the provider has ended; raises `Refused`."""
    claims = await _signed(provider, token)
    events = claims.get('events')
    if not isinstance(events, dict) or LOGOUT not in events or 'nonce' in claims:
        raise _refused(provider, 'events')
    if not any(isinstance(claims.get(name), str) and claims[name] for name in ('sub', 'sid')):
        raise _refused(provider, 'sub')
    return claims


async def _signed(provider: OidcProvider, token: object) -> Claims:
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST:
        raise _refused(provider, 'token')
    from services.accounts.oidc import signatures  # its package is there only where a provider is

    try:
        claims = signatures.claims_of(token, await fetching.keys(provider))
    except signatures.NotSigned:
        try:  # the key may have been changed
            claims = signatures.claims_of(token, await fetching.keys(provider, again=True))
        except signatures.NotSigned as error:
            raise _refused(provider, 'signature') from error
    _check(provider, claims)
    return claims


def _check(provider: OidcProvider, claims: Claims) -> None:
    now, audience = clock.now().timestamp(), claims.get('aud')
    for_whom = audience if isinstance(audience, list) else [audience]
    party = claims.get('azp', provider.client_id if len(for_whom) == 1 else None)
    if claims.get('iss') != provider.issuer:
        raise _refused(provider, 'iss')
    if provider.client_id not in for_whom or party != provider.client_id:
        raise _refused(provider, 'aud')
    if not _number(claims.get('exp')) or claims['exp'] < now - LEEWAY:
        raise _refused(provider, 'exp')
    if not _number(claims.get('iat')) or claims['iat'] > now + LEEWAY:
        raise _refused(provider, 'iat')
    if _number(claims.get('nbf')) and claims['nbf'] > now + LEEWAY:
        raise _refused(provider, 'nbf')


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(provider: OidcProvider, what: str) -> Refused:
    return Refused(
        'What {provider} says of you cannot be trusted ({what}). Sign in again; if it stays so, tell your school.',
        provider=provider.label,
        what=what,
    )
