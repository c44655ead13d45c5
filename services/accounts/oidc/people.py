"""Whose account it is that a provider vouches for: found by issuer and subject, joined, or made."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models import FederatedIdentity, FederatedSignIn, Role, User
from services import access
from services.access import Actor
from services.accounts import administration, half_way, passwords, second_factor, sign_ins
from services.accounts.half_way import HalfWay, Via
from services.accounts.registration import check_email
from services.accounts.sign_ins import Entered
from services.core.errors import Forbidden, Invalid, Refused
from services.core.text import plain_name, read_name
from services.core.transaction import Transaction
from settings import OidcProvider

Claims = Mapping[str, Any]
STRENGTH: tuple[Role, ...] = (Role.ADMIN, Role.INSTRUCTOR, Role.STUDENT)
SECOND_FACTORS = frozenset({'mfa', 'otp', 'hwk', 'fpt', 'face'})
"""what providers say in `amr` (RFC 8176) when more than a password was asked for"""


def arrive(
    tx: Transaction, provider: OidcProvider, claims: Claims, device: str, replaces: str | None
) -> Entered | HalfWay:
    """Sign the person in whom a provider vouches for, with an account that is made if it may be."""
    identity = _known(tx, provider.issuer, claims['sub']) or _make(tx, provider, claims)
    user = tx.session.get_one(User, identity.user_id)
    if identity.made_account:
        _follow_role(tx, provider, claims, user)
    session = claims.get('sid')
    via = Via(identity_id=identity.id, session=session[:255] if isinstance(session, str) else '')
    missing = second_factor.missing(tx, user.id)
    if missing and not _had_second_factor(provider, claims):
        sign_ins.refuse_disabled(tx, user.id)
        return half_way.HalfWay.of(user, missing, via)
    entered = sign_ins.enter(tx, user.id, device, replaces)
    remember(tx, entered, via)
    tx.note('signed in elsewhere', user=user.id, provider=provider.name)
    return entered


def remember(tx: Transaction, entered: Entered, via: Via) -> None:
    """Store from which provider a sign-in came."""
    tx.session.add(
        FederatedSignIn(sign_in_id=entered.actor.sign_in_id, identity_id=via.identity_id, session=via.session)
    )
    tx.session.flush()


def join(tx: Transaction, actor: Actor | None, provider: OidcProvider, claims: Claims) -> None:
    """Let the actor sign in with a provider from now on; they have proved with the password that they are."""
    actor = access.signed_in(tx, actor)
    if found := _known(tx, provider.issuer, claims['sub']):
        if found.user_id == actor.user_id:
            return
        raise Refused('Somebody else signs in here with this account of {provider}.', provider=provider.label)
    _add(tx, provider, claims, actor.user_id, made_account=False)
    tx.note('account joined', user=actor.user_id, provider=provider.name)


def end_sessions(tx: Transaction, provider: OidcProvider, claims: Claims) -> int:
    """End the sign-ins of a session that ended at its provider, or all of a person there; returns how many."""
    which = [col(FederatedIdentity.issuer) == provider.issuer]
    if isinstance(claims.get('sub'), str):
        which.append(col(FederatedIdentity.subject) == claims['sub'])
    if isinstance(claims.get('sid'), str):
        which.append(col(FederatedSignIn.session) == claims['sid'])
    theirs = select(col(FederatedSignIn.sign_in_id)).join(
        FederatedIdentity, col(FederatedIdentity.id) == col(FederatedSignIn.identity_id)
    )
    ids = list(tx.execute(theirs.where(*which)).scalars())
    for id_ in ids:
        sign_ins.end(tx, id_)
    tx.note('signed out elsewhere', provider=provider.name, signed_out=len(ids))
    return len(ids)


def came_from(tx: Transaction, actor: Actor | None) -> str:
    """Return the issuer from which the actor's sign-in came; empty if they signed in here."""
    if actor is None:
        return ''
    mine = (
        select(col(FederatedIdentity.issuer))
        .join(FederatedSignIn, col(FederatedSignIn.identity_id) == col(FederatedIdentity.id))
        .where(col(FederatedSignIn.sign_in_id) == actor.sign_in_id)
    )
    return str(tx.execute(mine).scalar_one_or_none() or '')


def _known(tx: Transaction, issuer: str, subject: str) -> FederatedIdentity | None:
    this = col(FederatedIdentity.issuer) == issuer, col(FederatedIdentity.subject) == subject
    found: FederatedIdentity | None = tx.execute(select(FederatedIdentity).where(*this)).scalar_one_or_none()
    return found


def _make(tx: Transaction, provider: OidcProvider, claims: Claims) -> FederatedIdentity:
    """Make an account, if this provider may; an account with the same address is never taken for the same person."""
    email = confirmed_email(claims)
    if email and tx.execute(select(col(User.id)).where(col(User.email) == email)).scalar():
        raise Refused(
            'There is an account with the address {email} here already. Sign in with its password, and join the two on '
            'your account page.',
            email=email,
        )
    if not provider.creates:
        raise Forbidden('You have no account here yet. Ask your school for one.')
    if provider.domains and email.partition('@')[2] not in provider.domains:
        raise Forbidden('Accounts are made here only for confirmed addresses of your school. Ask your school for one.')
    name = _name(claims, email)
    user = User(
        name=name,
        plain_name=plain_name(name),
        email=email or None,
        email_confirmed_at=tx.now if email else None,
        password_hash=passwords.nobodys_hash(),
        role=_role(provider, claims) or Role.STUDENT,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(user)
    tx.session.flush()
    tx.note('registered', user=user.id, role=user.role, provider=provider.name)
    return _add(tx, provider, claims, user.id, made_account=True)


def _add(
    tx: Transaction, provider: OidcProvider, claims: Claims, user_id: int, *, made_account: bool
) -> FederatedIdentity:
    identity = FederatedIdentity(
        user_id=user_id,
        issuer=provider.issuer,
        subject=claims['sub'],
        made_account=made_account,
        created_at=tx.now,
    )
    tx.session.add(identity)
    tx.session.flush()
    return identity


def _follow_role(tx: Transaction, provider: OidcProvider, claims: Claims, user: User) -> None:
    """Give an account that was made by a provider the role that it has there now; the last admin stays one."""
    role = _role(provider, claims)
    if role is None or role is user.role or user.role is Role.PARENT:
        return
    if user.role is Role.ADMIN:
        try:
            administration.keep_an_admin(tx, user)
        except Refused:
            return
    administration.give_role(tx, user, role, by=None)


def _role(provider: OidcProvider, claims: Claims) -> Role | None:
    """Return the highest role to which a claim leads; None where the settings or the token say nothing of roles.

    Providers leave the claim out where somebody has no role there: then they are a student. Where it is too long for
    a token, they say instead where it is to be asked for (OpenID Connect Core 5.6.2), which is not done here.
    """
    parts = provider.roles_claim.split('.')
    elsewhere = claims.get('_claim_names')
    if not provider.roles_claim or (isinstance(elsewhere, Mapping) and parts[0] in elsewhere):
        return None
    said: Any = claims
    for part in parts:
        said = said.get(part) if isinstance(said, Mapping) else None
    values = {str(value) for value in (said if isinstance(said, list) else [said]) if value is not None}
    roles = {Role(role) for value, role in provider.roles.items() if value in values}
    return next((role for role in STRENGTH if role in roles), Role.STUDENT)


def confirmed_email(claims: Claims) -> str:
    """Return the address of a person, if the provider says that it has confirmed it."""
    if claims.get('email_verified') not in (True, 'true') or not isinstance(claims.get('email'), str):
        return ''
    try:
        return check_email(claims['email'][:254])
    except Invalid:
        return ''


def _name(claims: Claims, email: str) -> str:
    whole = ' '.join(str(claims[part]) for part in ('given_name', 'family_name') if claims.get(part))
    for said in claims.get('name'), whole, claims.get('preferred_username'), email.partition('@')[0], claims['sub']:
        try:
            if isinstance(said, str) and said:
                return read_name(said[:80])
        except Invalid:
            continue
    return 'Somebody'


def _had_second_factor(provider: OidcProvider, claims: Claims) -> bool:
    ways = claims.get('amr')
    return provider.trusts_second_factor or (isinstance(ways, list) and not SECOND_FACTORS.isdisjoint(map(str, ways)))
