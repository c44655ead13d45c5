"""Between the password and the second factor: a ticket for the browser, which opens nothing but the second step.

Nobody is signed in with it. It is signed, good for ten minutes, and ends when the password changes.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from itsdangerous import BadData, URLSafeTimedSerializer

from models import User
from services.accounts.second_factor import Missing
from services.core.errors import Forbidden
from services.core.phrases import phrase
from settings import settings

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """From which provider somebody comes, and what it calls its session."""

    identity_id: int
    session: str


class HalfWay(Forbidden):
    """The password was right, and a second factor is missing: its code, or that it is set up."""

    def __init__(self, *, ticket: str, missing: Missing) -> None:
        super().__init__(phrase('Now the second step: a code of your authenticator app.'))
        self.ticket = ticket
        self.missing = missing

    @classmethod
    def of(cls, user: User, missing: Missing, via: Via | None = None) -> Self:
        """Return how far a person is whose password was right."""
        from_there = [via.identity_id, via.session] if via else None
        return cls(ticket=str(_serializer().dumps([user.id, _fingerprint(user), from_there])), missing=missing)


def holder_of(ticket: str) -> int | None:
    """Return whose ticket it is; None if it is forged or older than ten minutes."""
    try:
        user_id, _, _ = _serializer().loads(ticket, max_age=int(LIFETIME.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    return int(user_id)


def belongs(ticket: str, user: User) -> bool:
    """Tell whether the password of an account is the one that a ticket was given for."""
    _, fingerprint, _ = _serializer().loads(ticket)
    return hmac.compare_digest(str(fingerprint), _fingerprint(user))


def via_of(ticket: str) -> Via | None:
    """Return from which provider the holder of a ticket comes; None if they came with a password."""
    *_, via = _serializer().loads(ticket)
    return Via(identity_id=via[0], session=via[1]) if via else None


def _fingerprint(user: User) -> str:
    key = hmac.digest(settings().secret_key.encode(), b'second step', 'sha256')
    return hmac.new(key, (user.password_hash or '').encode(), 'sha256').hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt='second step')
