"""Bearer tokens of clients: a short access token, a refresh token that is good once, and tokens of services.

All tokens of one client on one device are a family, and the family is a sign-in. Its row knows the refresh token
that is good now; when an older one comes, somebody has stolen it, and the family ends for both of them.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import jwt
from jwt.types import Options
from sqlalchemy import bindparam, select, update
from sqlmodel import col

from models import DeviceKind, Role, Scope, SignIn, User, table
from services import access
from services.access import Actor
from services.accounts import first_step, second_factor, sign_ins
from services.accounts.second_factor import Missing
from services.core import clock, database
from services.core.errors import DomainError, Forbidden, Invalid, NotFound, NotSignedIn
from services.core.phrases import phrase
from services.core.secrets import new_token, token_hash
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared, Row
from services.core.transaction import Transaction
from settings import settings

ACCESS_LIFETIME = timedelta(minutes=15)
SERVICE_LIFETIME = timedelta(days=365)
SERVICE_PREFIX = 'waymark-service-'
_ALGORITHM = 'HS256'
_ACCESS, _REFRESH = 'waymark access', 'waymark refresh'
SET_UP_FIRST = phrase(
    'Your school asks for a second factor. Sign in with a browser and set one up there; then send its code as well.'
)
ENDED = phrase('This token has been revoked. Sign in again; everything saved is still there.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a client is given. The refresh token is good once, and ends when it is not used for thirty days."""

    access_token: str
    refresh_token: str
    expires_in: int
    """seconds for which the access token is good"""
    user_id: int
    role: Role
    token_type: str = 'Bearer'  # noqa: S105 - what RFC 6750 calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """Who sends a token, and with what right."""

    actor: Actor
    kind: DeviceKind
    scope: Scope | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToken:
    """What a service is given: the token is shown once."""

    sign_in_id: int
    name: str
    scope: Scope
    token: str


async def sign_in(*, email: str, password: str, device: str, address: str = '', code: str = '') -> Tokens:
    """Sign a client in with an account; raises `WrongPassword`, `TooManyAttempts` or `Busy`.

    With a second factor the password comes with a code; without one, and with a wrong one, raises `Invalid`.
    """
    proved = await first_step.check(email=email, password=password, address=address)

    def enter_with_password(tx: Transaction) -> Tokens | DomainError:
        first_step.succeeded(tx, proved)
        first_step.refuse_local(tx, proved.user_id)
        match second_factor.missing(tx, proved.user_id):
            case Missing.SET_UP:
                return Forbidden(SET_UP_FIRST)
            case Missing.CODE if not code:
                return Invalid('Send a code of your authenticator app as well, or a recovery code.', field='code')
            case Missing.CODE:
                if refusal := second_factor.check(tx, proved.user_id, code, address=address):
                    return refusal
        return enter(tx, proved.user_id, device)

    return arrived(await database.write(enter_with_password))


def register(tx: Transaction, user_id: int, device: str) -> Tokens | DomainError:
    """Sign a client in as a person who has just registered; returns the refusal of one who needs a second factor."""
    first_step.refuse_local(tx, user_id)
    return Forbidden(SET_UP_FIRST) if second_factor.missing(tx, user_id) else enter(tx, user_id, device)


def arrived(outcome: Tokens | DomainError) -> Tokens:
    """Return tokens, or raise the refusal that came instead; what was counted or made before it is kept."""
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def enter(tx: Transaction, user_id: int, device: str) -> Tokens:
    """Sign a client in as a person whose right to it has been checked."""
    jti = new_token()
    id_ = sign_ins.add(tx, user_id, device, hash_=token_hash(jti), kind=DeviceKind.PROGRAM)
    tx.note('signed in', user=user_id, kind=DeviceKind.PROGRAM)
    return _pair(tx, user_id, id_, jti)


def rotate(tx: Transaction, refresh_token: str) -> Tokens | DomainError:
    """Return new tokens for a refresh token. One that was used before ends its family.

    The refusal comes back as a value and not as an exception, so that the end of the family is kept.
    """
    claims = _claims(refresh_token, _REFRESH)
    row = tx.execute(select(SignIn).where(col(SignIn.id) == claims['sid']).with_for_update()).scalar_one_or_none()
    if row is None or row.expires_at <= tx.now:
        raise NotSignedIn(ENDED)
    if not hmac.compare_digest(row.token_hash, token_hash(claims['jti'])):
        sign_ins.end(tx, row.id)
        tx.note('refresh token reused', user=row.user_id, device=row.device)
        return NotSignedIn(
            'This refresh token was used before, so all tokens of this device have been revoked. Sign in again.'
        )
    jti = new_token()
    fresh = {'token_hash': token_hash(jti), 'seen_at': tx.now, 'expires_at': tx.now + sign_ins.LIFETIME}
    tx.execute(update(SignIn).where(col(SignIn.id) == row.id).values(**fresh))
    return _pair(tx, row.user_id, row.id, jti)


def renew(tx: Transaction, actor: Actor) -> Tokens:
    """Return new tokens for the family of a client, which goes on."""
    jti = new_token()
    tx.execute(update(SignIn).where(col(SignIn.id) == actor.sign_in_id).values(token_hash=token_hash(jti)))
    return _pair(tx, actor.user_id, actor.sign_in_id, jti)


def add_service(tx: Transaction, actor: Actor | None, *, name: str, scope: Scope) -> ServiceToken:
    """Let a service of the school do one thing for others; an admin answers for it, and can sign it out."""
    actor = access.admin(tx, actor)
    name = ' '.join(name.split())
    if not name or len(name) > 80 or not name.isprintable():
        raise Invalid('Give the service a name of 80 characters at most, so that it is known later.', field='name')
    token = SERVICE_PREFIX + new_token()
    id_ = sign_ins.add(
        tx,
        actor.user_id,
        name,
        hash_=token_hash(token),
        kind=DeviceKind.SERVICE,
        scope=scope,
        lifetime=SERVICE_LIFETIME,
    )
    tx.note('service token made', by=actor.user_id, service=name, scope=scope)
    return ServiceToken(sign_in_id=id_, name=name, scope=scope, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a token says of itself, its signature checked: the sign-in it belongs to, or the hash of a service's."""

    sign_in_id: int = 0
    service_hash: str = ''
    expires_at: datetime | None = field(default=None, compare=False)
    """until when the token is good; the one of a service is for as long as its sign-in"""


def read(token: str) -> Claim:
    """Return what a bearer token says; raises `NotSignedIn` if it is not ours, or too old."""
    if token.startswith(SERVICE_PREFIX):
        return Claim(service_hash=token_hash(token))
    claims = _claims(token, _ACCESS)
    return Claim(sign_in_id=claims['sid'], expires_at=datetime.fromtimestamp(claims['exp'], UTC))


@database.quick
def holder(tx: Transaction, claim: Claim) -> TokenHolder:
    """Return who sends a token; raises `NotSignedIn` if it has been revoked."""
    found = holders(tx, [claim])
    if claim not in found:
        raise NotSignedIn(ENDED)
    return found[claim]


def holders(tx: Transaction, claims: Collection[Claim]) -> dict[Claim, TokenHolder]:
    """Return who sends tokens; those that have been revoked are not there."""
    clients = [claim.sign_in_id for claim in claims if not claim.service_hash]
    rows = _CLIENTS.rows(tx.connection, ids=clients, now=tx.now) if clients else []
    found = {Claim(sign_in_id=row[0]): _held(row) for row in rows}
    for claim in {claim for claim in claims if claim.service_hash}:
        for row in _SERVICE.rows(tx.connection, hash=claim.service_hash, now=tx.now):
            found[claim] = _held(row)
    return found


def acting_for(tx: Transaction, service: TokenHolder, user_id: int, scope: Scope) -> Actor:
    """Return a learner for whom a service acts within its scope."""
    access.signed_in(tx, service.actor)
    if service.kind is not DeviceKind.SERVICE or service.scope is not scope:
        raise Forbidden('Only the learner themselves, or a service that an admin allowed to, can do this.')
    if service.actor.role is not Role.ADMIN:
        raise Forbidden(
            'The person who allowed this service to act is not an admin now. Ask an admin to allow it again.'
        )
    for name, password_hash, time_zone, language in _LEARNER.rows(tx.connection, id=user_id):
        return Actor(
            user_id=user_id,
            sign_in_id=service.actor.sign_in_id,
            role=Role.STUDENT,
            name=name,
            is_guest=password_hash is None,
            time_zone=time_zone,
            language=language,
        )
    raise NotFound('There is no such learner.')


def _held(row: Row) -> TokenHolder:
    id_, user_id, kind, scope, role, name, password_hash, time_zone, language = row
    actor = Actor(
        user_id=user_id,
        sign_in_id=id_,
        role=role,
        name=name,
        is_guest=password_hash is None,
        time_zone=time_zone,
        language=language,
    )
    return TokenHolder(actor=actor, kind=kind, scope=scope)


def _pair(tx: Transaction, user_id: int, sign_in_id: int, jti: str) -> Tokens:
    return Tokens(
        access_token=_sign(_ACCESS, sign_in_id, ACCESS_LIFETIME),
        refresh_token=_sign(_REFRESH, sign_in_id, sign_ins.LIFETIME, jti=jti),
        expires_in=int(ACCESS_LIFETIME.total_seconds()),
        user_id=user_id,
        role=tx.session.get_one(User, user_id).role,
    )


def _sign(audience: str, sign_in_id: int, lifetime: timedelta, **more: str) -> str:
    now = clock.now()
    claims = {'aud': audience, 'sid': sign_in_id, 'iat': now, 'exp': now + lifetime, **more}
    return jwt.encode(claims, _key(), algorithm=_ALGORITHM)


def _claims(token: str, audience: str) -> Mapping[str, Any]:
    try:
        claims = _signed_claims(token, audience, _key())
    except jwt.InvalidTokenError as error:
        raise NotSignedIn('This token is not one of ours. Sign in to get one.') from error
    if claims['exp'] <= clock.now().timestamp():
        raise NotSignedIn('This token is too old. Refresh it, or sign in again.')
    return claims


@lru_cache(maxsize=4096)  # whether it is too old or revoked is asked each time, the signature of a text stays good
def _signed_claims(token: str, audience: str, key: bytes) -> Mapping[str, Any]:
    needed = ['aud', 'sid', 'exp', *(['jti'] if audience == _REFRESH else [])]
    # the clock of the product decides, also where a test turns it
    options: Options = {'require': needed, 'verify_exp': False, 'verify_iat': False}
    return jwt.decode(token, key, algorithms=[_ALGORITHM], audience=audience, options=options)


def _key() -> bytes:
    """Return the key of tokens, which is not the one of anything else that is signed here."""
    return _derived(settings().secret_key)


@cache
def _derived(secret_key: str) -> bytes:
    return hmac.digest(secret_key.encode(), b'bearer tokens', 'sha256')


_sign_ins, _users = table(SignIn), table(User)
_HOLDERS = (
    select(
        _sign_ins.c.id,
        _sign_ins.c.user_id,
        _sign_ins.c.kind,
        _sign_ins.c.scope,
        _users.c.role,
        _users.c.name,
        _users.c.password_hash,
        _users.c.time_zone,
        _users.c.language,
    )
    .join(_users, _users.c.id == _sign_ins.c.user_id)
    .where(_sign_ins.c.expires_at > bindparam('now'))
)
_CLIENTS = Prepared(_HOLDERS.where(among(_sign_ins.c.id, 'ids'), _sign_ins.c.kind == DeviceKind.PROGRAM))
_SERVICE = Prepared(_HOLDERS.where(_sign_ins.c.token_hash == bindparam('hash'), _sign_ins.c.kind == DeviceKind.SERVICE))
_LEARNER = Prepared(
    select(_users.c.name, _users.c.password_hash, _users.c.time_zone, _users.c.language).where(
        _users.c.id == bindparam('id'), _users.c.role == Role.STUDENT
    )
)
