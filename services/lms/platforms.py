"""Platforms: the learning management systems that an admin has registered, and the keys that Waymark shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import col

from models import LtiPlatform
from services import access
from services.access import Actor
from services.core import signing_keys
from services.core.errors import Invalid, NotFound, Refused
from services.core.phrases import Phrase, phrase, recalled
from services.core.text import check_is_text, line
from services.core.transaction import Transaction
from settings import settings

LONGEST_NAME = 80
LONGEST_ID = 255
LONGEST_ADDRESS = 1000
MOST_DEPLOYMENTS = 100
NOT_KNOWN = phrase('This learning management system is not registered here, or is switched off. Ask your school.')


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlatform:
    """What an admin types to register a platform, as the platform shows it."""

    name: str
    issuer: str
    client_id: str
    deployments: str
    """ids, separated by commas, blanks or lines"""
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    makes_instructors: bool = True
    token_audience: str = ''
    """for whom we say that we ask for a token, where that is not its address; Brightspace has one for all schools"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A platform that is registered."""

    platform_id: int
    name: str
    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    makes_instructors: bool
    is_on: bool
    token_audience: str = ''
    key_set_read_at: datetime | None = None
    key_set_problem: Phrase | str = ''
    """why its keys cannot be read now"""
    key_set_failed_since: datetime | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that the admin has named: they may be in the network of the school."""
        known = self.issuer, self.auth_login_url, self.auth_token_url, self.key_set_url
        return frozenset(host for each in known if (host := urlsplit(each).hostname))

    @property
    def is_canvas(self) -> bool:
        """Whether this is Canvas, which takes each score for one more of the attempts that a learner has there."""
        return urlsplit(self.auth_login_url).path == '/api/lti/authorize_redirect'


def is_installed() -> bool:
    """Tell whether the extra is installed that reads messages of platforms."""
    return find_spec('pylti1p3') is not None


def register(tx: Transaction, actor: Actor | None, new: NewPlatform) -> int:
    """Register a platform, or change the one with this issuer and client id; returns its id."""
    actor = access.admin(tx, actor)
    issuer, client_id = _id(new.issuer, 'issuer'), _id(new.client_id, 'client_id')
    key_set_url = address(new.key_set_url, 'key_set_url')
    _check_keys(tx, issuer, key_set_url, client_id)
    token_audience = _audience(tx, issuer, new.token_audience)
    wanted: dict[str, Any] = {
        'name': _name(new.name) or (urlsplit(issuer).hostname or issuer)[:LONGEST_NAME],
        'deployments': list(_deployments(new.deployments)),
        'auth_login_url': address(new.auth_login_url, 'auth_login_url'),
        'auth_token_url': address(new.auth_token_url, 'auth_token_url'),
        'token_audience': token_audience,
        'key_set_url': key_set_url,
        'makes_instructors': new.makes_instructors,
        'is_on': True,
    }
    same = col(LtiPlatform.issuer) == issuer, col(LtiPlatform.client_id) == client_id
    row: LtiPlatform | None = tx.session.scalars(select(LtiPlatform).where(*same)).one_or_none()
    if row is None:
        row = LtiPlatform(**wanted, issuer=issuer, client_id=client_id, created_at=tx.now)
    if row.key_set_url != key_set_url:  # the keys of one address are no keys of another
        wanted |= {'key_set': None, 'key_set_read_at': None, 'key_set_problem': '', 'key_set_failed_since': None}
    for field, value in wanted.items():
        setattr(row, field, value)
    tx.session.add(row)
    tx.session.flush()
    tx.note('platform registered', platform=row.id, by=actor.user_id)
    return row.id


def check_new(tx: Transaction, new: NewPlatform) -> None:
    """Raise an error with a sentence where a platform that says this of itself could not be registered."""
    issuer, client_id = _id(new.issuer, 'issuer'), _id(new.client_id, 'client_id')
    for field in ('auth_login_url', 'auth_token_url', 'key_set_url'):
        address(getattr(new, field), field)
    _audience(tx, issuer, new.token_audience)
    same = col(LtiPlatform.issuer) == issuer, col(LtiPlatform.client_id) == client_id
    if tx.session.scalars(select(LtiPlatform).where(*same)).one_or_none():
        raise Refused('This learning management system is registered here already, with the same client id.')
    _check_keys(tx, issuer, new.key_set_url, client_id)


def switch(tx: Transaction, actor: Actor | None, platform_id: int, *, is_on: bool) -> None:
    """Take launches from a platform and send it grades, or stop; what was made of it stays."""
    actor = access.admin(tx, actor)
    row = tx.session.get(LtiPlatform, platform_id)
    if row is None:
        raise NotFound('This learning management system is not registered here.')
    row.is_on = is_on
    tx.session.add(row)
    tx.note('platform switched', platform=platform_id, on=is_on, by=actor.user_id)


def of_school(tx: Transaction, actor: Actor | None) -> tuple[Platform, ...]:
    """Return every platform that is registered, by name."""
    access.admin(tx, actor)
    rows = tx.session.scalars(select(LtiPlatform).order_by(col(LtiPlatform.name), col(LtiPlatform.id)))
    return tuple(read(row) for row in rows)


def get(tx: Transaction, platform_id: int) -> Platform:
    """Return a platform from which launches are taken, or raise `NotFound`."""
    row = tx.session.get(LtiPlatform, platform_id)
    if row is None or not row.is_on:
        raise NotFound(NOT_KNOWN)
    return read(row)


def find(tx: Transaction, *, issuer: str, client_id: str) -> Platform:
    """Return the platform that begins a launch; it may leave its client id out where it has only one here."""
    ours = col(LtiPlatform.issuer) == issuer, col(LtiPlatform.is_on)
    wanted = select(LtiPlatform).where(*ours)
    if client_id:
        wanted = wanted.where(col(LtiPlatform.client_id) == client_id)
    rows: Sequence[LtiPlatform] = tx.session.scalars(wanted.limit(2)).all()
    if len(rows) != 1:
        raise NotFound(NOT_KNOWN)
    return read(rows[0])


def read(row: LtiPlatform) -> Platform:
    """Return a platform as it is stored."""
    return Platform(
        platform_id=row.id,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        deployments=tuple(row.deployments),
        auth_login_url=row.auth_login_url,
        auth_token_url=row.auth_token_url,
        key_set_url=row.key_set_url,
        makes_instructors=row.makes_instructors,
        is_on=row.is_on,
        token_audience=row.token_audience,
        key_set_read_at=row.key_set_read_at,
        key_set_problem=recalled(row.key_set_problem),
        key_set_failed_since=row.key_set_failed_since,
    )


def key_path() -> Path:
    """Return the file with the key with which Waymark proves to platforms who it is."""
    return settings().data_dir / 'lti_key.pem'


def public_keys() -> dict[str, object]:
    """Return the key set that platforms read."""
    return {'keys': [signing_keys.public_half(key_path())]}


def address(typed: str, field: str) -> str:
    """Return an address that somebody has typed, or a platform has said; raises `Invalid` where it is none."""
    check_is_text(typed)
    found = typed.strip()
    try:
        parts = urlsplit(found)
        is_right = parts.scheme in {'http', 'https'} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_right = False
    if not is_right or '@' in parts.netloc or parts.fragment or len(found) > LONGEST_ADDRESS or ' ' in found:
        raise Invalid('Give an address such as https://lms.example.org/…, as the platform shows it.', field=field)
    return found


def _audience(tx: Transaction, issuer: str, typed: str) -> str:
    """Return for whom a token is asked; not for another platform, which would take what we have signed for this one."""
    check_is_text(typed)
    found = typed.strip()
    if len(found) > LONGEST_ADDRESS or not found.isprintable():
        raise Invalid(_MISSING, field='token_audience')
    others = col(LtiPlatform.issuer) != issuer, col(LtiPlatform.auth_token_url) == found
    if tx.session.scalars(select(col(LtiPlatform.id)).where(*others).limit(1)).first():
        raise Refused('This is where another system gives tokens.', field='token_audience')
    return found


def _check_keys(tx: Transaction, issuer: str, key_set_url: str, client_id: str) -> None:
    """Refuse a second registration of an issuer with other keys: it could vouch for people of the first one."""
    others = col(LtiPlatform.issuer) == issuer, col(LtiPlatform.client_id) != client_id
    keys = tx.session.scalars(select(col(LtiPlatform.key_set_url)).where(*others)).all()
    if any(each != key_set_url for each in keys):
        raise Refused(
            'This issuer is registered with another key set already, and people are known by their issuer. '
            'Give the same key set, or let the platform have an issuer of its own.',
            field='key_set_url',
        )


def _name(typed: str) -> str:
    check_is_text(typed)
    return line(typed)[:LONGEST_NAME]


def _id(typed: str, field: str) -> str:
    check_is_text(typed)
    found = typed.strip()
    if not found or len(found) > LONGEST_ID or not found.isprintable():
        raise Invalid(_MISSING, field=field)
    return found


def _deployments(typed: str) -> tuple[str, ...]:
    check_is_text(typed)
    found = tuple(dict.fromkeys(typed.replace(',', ' ').split()))
    if not found or len(found) > MOST_DEPLOYMENTS or any(len(each) > LONGEST_ID for each in found):
        raise Invalid('Give the deployment id that the platform shows; several are separated by commas.', field=_DEPLOY)
    return found


_DEPLOY = 'deployments'
_MISSING: Phrase = phrase('Copy this from the platform; it is not there, or too long.')
