"""The key with which the school signs what it issues; every reader of Open Badges has to understand RS256."""

from pathlib import Path

import jwt

from services.core import signing_keys
from settings import settings


def sign(payload: dict[str, object], *, key_address: str) -> str:
    """Return a payload as a signed token; those who check it find the public key under `key_address` and its name."""
    headers = {'kid': f'{key_address}/{public_key()["kid"]}'}
    return jwt.encode(payload, signing_keys.key_in(path()), algorithm='RS256', headers=headers)


def public_key() -> dict[str, object]:
    """Return the public half as JSON Web Key, named by its thumbprint (RFC 7638)."""
    return signing_keys.public_half(path())


def public_keys() -> list[dict[str, object]]:
    """Return the public half of the key, and of those that the school signed with before."""
    before = settings().data_dir / 'certificates_keys_before.pem'
    return [public_key(), *signing_keys.public_halves_before(before)]


def path() -> Path:
    """Return the file with the key."""
    return settings().data_dir / 'certificates_key.pem'
