"""Sign-ins: the devices on which a person is signed in, each with a token, until they end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, select, update
from sqlmodel import col

from models import (
    DeviceKind,
    FederatedIdentity,
    FederatedSignIn,
    Scope,
    SecondFactor,
    SignIn,
    User,
    Verb,
    table,
)
from services import access
from services.access import Actor
from services.accounts import second_factor
from services.accounts.oidc import providers
from services.activity import recording
from services.activity.log import Entry
from services.core import database
from services.core.errors import Forbidden, NotFound
from services.core.secrets import new_token, token_hash
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

LIFETIME = timedelta(days=30)
TOUCH_AFTER = timedelta(days=1)

Follower = Callable[[Transaction, Sequence[int]], None]
"""Called with the ids of the sign-ins that end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody is in: the token goes into a cookie on their device and nowhere else."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device on which a person is signed in."""

    sign_in_id: int
    name: str
    since: datetime
    seen_at: datetime
    is_this: bool
    kind: DeviceKind
    scope: Scope | None = None


def enter(tx: Transaction, user_id: int, device: str, replaces: str | None = None) -> Entered:
    """Give a person a new token for a device; the one it had before, if any, ends."""
    if replaces:
        _end(tx, col(SignIn.token_hash) == token_hash(replaces))
    token = new_token()
    add(tx, user_id, device, hash_=token_hash(token))
    holder = resolve(tx, token)
    assert holder is not None
    tx.note('signed in', user=user_id, role=holder[0].role)
    return Entered(token=token, actor=holder[0])


def add(
    tx: Transaction,
    user_id: int,
    device: str,
    *,
    hash_: str,
    kind: DeviceKind = DeviceKind.BROWSER,
    scope: Scope | None = None,
    lifetime: timedelta = LIFETIME,
) -> int:
    """Add a device on which a person is signed in; returns its id. Raises `Forbidden` for a disabled account."""
    refuse_disabled(tx, user_id)
    ((sign_in_id, zone),) = _ENTER.rows(
        tx.connection,
        user_id=user_id,
        whose=user_id,
        token_hash=hash_,
        device=device[:80],
        kind=kind,
        scope=scope,
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + lifetime,
    )
    if kind is not DeviceKind.SERVICE:
        recording.record(tx, [_entry(Verb.SIGNED_IN, user_id, sign_in_id, zone)])
    return int(sign_in_id)


def refuse_disabled(tx: Transaction, user_id: int) -> None:
    """Raise `Forbidden` for an account that is switched off."""
    if _DISABLED.rows(tx.connection, user=user_id):
        raise Forbidden('This account is switched off. Ask your school to switch it on again.')


def _entry(verb: Verb, user_id: int, sign_in_id: int, zone: str) -> Entry:
    return Entry(
        user_id=user_id,
        tap_id=f'{verb}:{sign_in_id}',
        verb=verb,
        course_id=None,
        details={'sign_in': sign_in_id},
        zone=zone,
    )


def renew(tx: Transaction, actor: Actor) -> Entered:
    """Give this device a new token for the sign-in it has, so that its open pages go on; all others of theirs end."""
    end_all(tx, actor.user_id, but=actor.sign_in_id)
    token = new_token()
    tx.execute(update(SignIn).where(col(SignIn.id) == actor.sign_in_id).values(token_hash=token_hash(token)))
    holder = resolve(tx, token)
    assert holder is not None
    return Entered(token=token, actor=holder[0])


def end_without_factor(tx: Transaction) -> int:
    """End the sign-ins of staff who have no second factor, as when the school begins to insist on one.

    Those stay that came from a provider which is trusted to ask for one: this is done at each start of a server.
    """
    trusted = [each.issuer for each in providers.everyone() if each.trusts_second_factor]
    from_there = (
        select(col(FederatedSignIn.sign_in_id))
        .join(FederatedIdentity, col(FederatedIdentity.id) == col(FederatedSignIn.identity_id))
        .where(col(FederatedIdentity.issuer).in_(trusted))
    )
    has_one = exists().where(col(SecondFactor.user_id) == col(SignIn.user_id))
    staff = select(col(User.id)).where(col(User.role).in_(second_factor.STAFF))
    people = col(SignIn.kind) != DeviceKind.SERVICE, col(SignIn.user_id).in_(staff)
    return _end(tx, *people, ~has_one, col(SignIn.id).not_in(from_there))


def end_all(tx: Transaction, user_id: int, *, but: int | None = None) -> int:
    """End the sign-ins of a person on all devices, or all `but` one; returns how many."""
    return _end(tx, col(SignIn.user_id) == user_id, col(SignIn.id) != (but or 0))


@database.quick
def resolve(tx: Transaction, token: str) -> tuple[Actor, bool] | None:
    """Return who holds a token and whether it should be touched, or None if nobody does."""
    for row in _HOLDER.rows(tx.connection, hash=token_hash(token), now=tx.now):
        sign_in_id, user_id, seen_at, role, name, password_hash, time_zone, language = row
        actor = Actor(
            user_id=user_id,
            sign_in_id=sign_in_id,
            role=role,
            name=name,
            is_guest=password_hash is None,
            time_zone=time_zone,
            language=language,
        )
        return actor, tx.now - seen_at > TOUCH_AFTER
    return None


@database.quick
def touch(tx: Transaction, actor: Actor) -> None:
    """Let a sign-in that is in use last longer."""
    if sign_in_row := tx.session.get(SignIn, actor.sign_in_id):
        sign_in_row.seen_at = tx.now
        sign_in_row.expires_at = tx.now + LIFETIME
        tx.session.add(sign_in_row)


def sign_out(tx: Transaction, actor: Actor | None, sign_in_id: int | None = None) -> None:
    """Sign this device out, or another device of the same person."""
    actor = access.signed_in(tx, actor)
    wanted = sign_in_id or actor.sign_in_id
    if not _end(tx, col(SignIn.id) == wanted, col(SignIn.user_id) == actor.user_id):
        raise NotFound('This device is signed out already.')
    tx.note('signed out', user=actor.user_id)


def sign_out_everywhere(tx: Transaction, actor: Actor | None) -> None:
    """Sign out on all devices."""
    actor = access.signed_in(tx, actor)
    end_all(tx, actor.user_id)
    tx.note('signed out everywhere', user=actor.user_id)


def devices(tx: Transaction, actor: Actor | None) -> list[Device]:
    """Return the devices on which the actor is signed in, the one used last first."""
    actor = access.signed_in(tx, actor)
    mine = select(SignIn).where(col(SignIn.user_id) == actor.user_id, col(SignIn.expires_at) > tx.now)
    return [
        Device(
            sign_in_id=row.id,
            name=row.device,
            since=row.created_at,
            seen_at=row.seen_at,
            is_this=row.id == actor.sign_in_id,
            kind=row.kind,
            scope=row.scope,
        )
        for row in tx.execute(mine.order_by(col(SignIn.seen_at).desc())).scalars()
    ]


def end(tx: Transaction, sign_in_id: int) -> None:
    """End one sign-in; the caller has checked that it may."""
    _end(tx, col(SignIn.id) == sign_in_id)


def before_end(follow: Follower) -> Follower:
    """Call a function with the ids of sign-ins that are about to end, in the transaction that ends them."""
    _FOLLOWERS.append(follow)
    return follow


def _end(tx: Transaction, *which: ColumnElement[bool]) -> int:
    """End sign-ins, and with them what goes on on those devices; returns how many."""
    columns = col(SignIn.id), col(SignIn.user_id), col(SignIn.kind), col(User.time_zone)
    ending = tx.execute(select(*columns).join(User, col(User.id) == col(SignIn.user_id)).where(*which)).all()
    ids = [sign_in_id for sign_in_id, *_ in ending]
    if not ids:
        return 0
    for follow in _FOLLOWERS:
        follow(tx, ids)
    people = [(user_id, id_, zone) for id_, user_id, kind, zone in ending if kind is not DeviceKind.SERVICE]
    recording.record(tx, [_entry(Verb.SIGNED_OUT, *each) for each in people])
    return tx.change(delete(SignIn).where(col(SignIn.id).in_(ids)))


_FOLLOWERS: list[Follower] = []
_sign_ins, _users = table(SignIn), table(User)
_HOLDER = Prepared(
    select(
        _sign_ins.c.id,
        _sign_ins.c.user_id,
        _sign_ins.c.seen_at,
        _users.c.role,
        _users.c.name,
        _users.c.password_hash,
        _users.c.time_zone,
        _users.c.language,
    )
    .join(_users, _users.c.id == _sign_ins.c.user_id)
    .where(
        _sign_ins.c.token_hash == bindparam('hash'),
        _sign_ins.c.expires_at > bindparam('now'),
        _sign_ins.c.kind == DeviceKind.BROWSER,  # what a client holds is no cookie
    )
)
_DISABLED = Prepared(select(_users.c.id).where(_users.c.id == bindparam('user'), _users.c.disabled_at.is_not(None)))
_ENTER = Prepared(
    insert(_sign_ins).returning(
        _sign_ins.c.id,
        select(_users.c.time_zone).where(_users.c.id == bindparam('whose')).scalar_subquery(),
    ),
    columns=('user_id', 'token_hash', 'device', 'kind', 'scope', 'created_at', 'seen_at', 'expires_at'),
)
