"""A second factor that is being set up: its secret travels sealed with the form, and nothing is stored until a code
has proved that the app has it."""

import json
from dataclasses import dataclass
from datetime import timedelta

from services.accounts import second_factor
from services.core import clock, sealed
from services.core.errors import Gone

LIFETIME = timedelta(hours=1)
PURPOSE = 'second factor set-up'


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What an app is given."""

    secret: str
    """to be typed where the picture cannot be read"""
    address: str
    """for the picture"""
    packed: str
    """the secret as it travels with the form"""


def draft(user_id: int, account: str, packed: str = '') -> SetUp:
    """Return a new secret for the app of a person, or the one that was packed for them lately."""
    try:
        return _of(read(packed, user_id).secret, account, packed)
    except Gone:
        secret = second_factor.new_secret()
        said = json.dumps([user_id, secret, clock.now().timestamp()])
        return _of(secret, account, sealed.seal(said, purpose=PURPOSE))


def read(packed: str, user_id: int) -> SetUp:
    """Return what was packed for a person; raises `Gone` if it is too old, or was packed for somebody else."""
    try:
        whose, secret, at = json.loads(sealed.unseal(packed, purpose=PURPOSE) or '[]')
    except ValueError:
        raise Gone('This page was open for too long. Load it again.') from None
    if whose != user_id or not 0 <= clock.now().timestamp() - at <= LIFETIME.total_seconds():
        raise Gone('This page was open for too long. Load it again.')
    return _of(secret, '', packed)


def _of(secret: str, account: str, packed: str) -> SetUp:
    return SetUp(secret=secret, address=second_factor.address_for_app(secret, account), packed=packed)
