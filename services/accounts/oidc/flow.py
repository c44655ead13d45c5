"""Signing in elsewhere, and coming back: state, nonce and PKCE travel sealed in a cookie of the browser that began."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from sqlalchemy.exc import IntegrityError

from services.access import Actor
from services.accounts import first_step
from services.accounts.oidc import fetching, id_tokens, people, providers
from services.accounts.sign_ins import Entered
from services.core import clock, database, sealed
from services.core.buckets import Buckets
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.secrets import new_token
from services.core.server_address import network_of

LIFETIME = timedelta(minutes=10)
PURPOSE = 'oidc'
begun_from = Buckets(
    name='school sign-ins',
    per_second=2,
    at_once=300,
    sentence=phrase('Too many sign-ins from here at once. Wait a moment.'),
)
"""sign-ins that one address begins; a school has one for all"""
ended_from = Buckets(name='school sign-outs', per_second=20, at_once=1_000, sentence=begun_from.sentence)
"""tokens for signing out that come from one address; a wrong one can make this server ask its provider for keys"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where a browser goes, and what it keeps until it comes back."""

    address: str
    packed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """Somebody has come back: signed in, or with an account that they have joined."""

    entered: Entered | None
    target: str


async def begin(name: str, *, redirect: str, target: str, address: str = '', joins: Actor | None = None) -> Begun:
    """Return where the browser goes to sign in with a provider; `joins` is who joins their account with it."""
    provider = providers.named(name)
    begun_from.take(network_of(address))
    about = await fetching.described(provider)
    state, nonce, verifier = new_token(), new_token(), new_token() + new_token()
    asked = {
        'response_type': 'code',
        'client_id': provider.client_id,
        'redirect_uri': redirect,
        'scope': provider.scopes,
        'state': state,
        'nonce': nonce,
        'code_challenge': _challenge(verifier),
        'code_challenge_method': 'S256',
    } | ({'prompt': 'login'} if joins else {})
    kept = [name, state, nonce, verifier, redirect, target, joins.user_id if joins else 0, clock.now().timestamp()]
    joint = '&' if urlsplit(about.authorization_endpoint).query else '?'
    return Begun(
        address=f'{about.authorization_endpoint}{joint}{urlencode(asked)}',
        packed=sealed.seal(json.dumps(kept), purpose=PURPOSE),
    )


async def finish(
    name: str,
    parameters: Mapping[str, str],
    *,
    packed: str,
    device: str,
    replaces: str | None = None,
    actor: Actor | None = None,
) -> CameBack:
    """Sign in with what a provider sent along. Raises `Refused`, `Forbidden` or `HalfWay`."""
    provider = providers.named(name)
    whose, state, nonce, verifier, redirect, target, joiner, at = _opened(packed)
    is_ours = whose == name and hmac.compare_digest(state.encode(), parameters.get('state', '').encode())
    if not is_ours or not 0 <= clock.now().timestamp() - at <= LIFETIME.total_seconds():
        raise Refused(_NOT_OURS)
    if parameters.get('iss', provider.issuer) != provider.issuer:  # RFC 9207: an answer of another provider
        raise Refused(_NOT_OURS)
    if parameters.get('error') or not (code := parameters.get('code', '')[:4096]):
        said = parameters.get('error', '')[:40]
        raise Refused('{provider} has not signed you in ({error}).', provider=provider.label, error=said or 'no code')
    given = await fetching.tokens(provider, code=code, verifier=verifier, redirect=redirect)
    claims = await id_tokens.of_sign_in(provider, given.get('id_token'), nonce=nonce)
    if not {'email', provider.roles_claim.partition('.')[0] or 'email'} <= claims.keys():
        more = await fetching.userinfo(provider, str(given.get('access_token') or ''))
        claims = {**more, **claims} if more.get('sub') == claims['sub'] else claims
    if joiner:
        if actor is None or actor.user_id != joiner:
            raise Refused(_NOT_OURS)
        await database.write(people.join, actor, provider, claims)
        return CameBack(entered=None, target=target)
    try:
        outcome = await database.write(people.arrive, provider, claims, device, replaces)
    except IntegrityError:  # the same person came twice at once, and the account is there now
        outcome = await database.write(people.arrive, provider, claims, device, replaces)
    return CameBack(entered=first_step.arrived(outcome), target=target)


async def sign_out_address(actor: Actor | None, *, back: str) -> str:
    """Return where the browser goes to sign out at the provider as well; empty if it did not sign in there."""
    issuer = await database.read(people.came_from, actor)
    for provider in providers.everyone():
        if provider.issuer == issuer:
            try:
                address = (await fetching.described(provider)).end_session_endpoint
            except Refused:  # they are signed out here all the same
                return ''
            joint = '&' if urlsplit(address).query else '?'
            asked = urlencode({'client_id': provider.client_id, 'post_logout_redirect_uri': back})
            return f'{address}{joint}{asked}' if address else ''
    return ''


async def signed_out_there(name: str, token: str, *, address: str = '') -> int:
    """End what a provider says has ended there (Back-Channel Logout); returns how many sign-ins."""
    provider = providers.named(name)
    ended_from.take(network_of(address))
    claims = await id_tokens.of_sign_out(provider, token)
    return await database.write(people.end_sessions, provider, claims)


def target_of(packed: str) -> str:
    """Return where somebody wanted to go; empty if that is not known."""
    try:
        return str(_opened(packed)[5])
    except Refused:
        return ''


def _challenge(verifier: str) -> str:
    """Return what of a verifier may be seen before the code is exchanged (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b'=').decode()


def _opened(packed: str) -> tuple[str, str, str, str, str, str, int, float]:
    try:
        whose, state, nonce, verifier, redirect, target, joiner, at = json.loads(sealed.unseal(packed, purpose=PURPOSE))
    except ValueError:
        raise Refused(_NOT_OURS) from None
    return whose, state, nonce, verifier, redirect, target, joiner, at


_NOT_OURS = phrase('This sign-in was not begun in this browser, or took longer than ten minutes. Sign in again.')
