"""Whether a token is signed with one of the keys that a provider publishes."""

import base64
from collections.abc import Mapping
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import JoseError

ALGORITHMS = ('RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512')
"""with public keys only: with a shared one, or none, anybody could sign"""
KINDS = frozenset({'RSA', 'EC'})
SHORTEST_RSA = 2048
"""bits"""
MOST_KEYS = 50


class NotSigned(Exception):
    """A token is not signed with a key that is long enough and known."""


def claims_of(token: str, published: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a token claims, or raise `NotSigned`."""
    try:
        return jwt.decode(token, _usable(published), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSigned(str(error)) from error


def _usable(published: Mapping[str, Any]) -> jwk.KeySet:
    """Return the public keys for signatures that are long enough; one that cannot be read spoils no other."""
    found = []
    for key in published['keys'][:MOST_KEYS]:
        if key.get('kty') in KINDS and key.get('use', 'sig') == 'sig' and not _is_short(key):
            try:
                found.append(jwk.import_key(key))
            except (JoseError, ValueError, KeyError, TypeError):
                continue
    return jwk.KeySet(found)


def _is_short(key: Mapping[str, Any]) -> bool:
    """Tell whether a key is one of RSA, and shorter than is safe."""
    if key['kty'] != 'RSA':
        return False
    modulus = base64.urlsafe_b64decode(f'{key["n"]}==')
    return int.from_bytes(modulus).bit_length() < SHORTEST_RSA
