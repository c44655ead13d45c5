"""The key with which the school signs what it issues, made on first use and kept in the data folder.

RS256, because that is what every reader of Open Badges has to understand.
"""

import base64
import hashlib
import os
import secrets
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from settings import settings

BITS = 3072


def sign(payload: dict[str, object], *, key_address: str) -> str:
    """Return a payload as a signed token; whoever checks it finds the public key under `key_address` and its name."""
    key = _key(_path())
    headers = {'kid': f'{key_address}/{public_key()["kid"]}'}
    return jwt.encode(payload, key, algorithm='RS256', headers=headers)


def public_key() -> dict[str, object]:
    """Return the public half as JSON Web Key, named by its thumbprint (RFC 7638)."""
    published: dict[str, object] = RSAAlgorithm.to_jwk(_key(_path()).public_key(), as_dict=True)
    needed = {name: published[name] for name in ('e', 'kty', 'n')}
    name = base64.urlsafe_b64encode(hashlib.sha256(orjson.dumps(needed)).digest()).decode().rstrip('=')
    return {**needed, 'kid': name, 'alg': 'RS256', 'use': 'sig'}


def _path() -> Path:
    return settings().data_dir / 'certificates_key.pem'


@cache
def _key(path: Path) -> RSAPrivateKey:
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def _make(path: Path) -> None:
    """Make the key, readable by the owner only; where two processes do so at once, the first one counts."""
    made = generate_private_key(public_exponent=65537, key_size=BITS)
    part = path.with_suffix(f'.{secrets.token_hex(4)}.part')
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, 'wb') as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
