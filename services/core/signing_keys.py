"""Keys with which this server signs, each made on first use and kept in a file of the data folder.

RS256, because that is what every reader has to understand.
"""

import base64
import hashlib
import os
import re
import secrets
import stat
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from services.core.errors import NotSaved

BITS = 3072
_GENERATE = f"""
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
key = generate_private_key(public_exponent=65537, key_size={BITS})
print(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
"""
_ANYTHING = b'Waymark'
_PEM = re.compile(rb'-----BEGIN [^-]+-----.+?-----END [^-]+-----', re.DOTALL)


@cache
def key_in(path: Path) -> RSAPrivateKey:
    """Return the key in a file, which is made if it is not there."""
    if not path.exists():
        _make(path)
    key = _read(path.read_bytes())
    signed = key.sign(_ANYTHING, PKCS1v15(), SHA256())
    key.public_key().verify(signed, _ANYTHING, PKCS1v15(), SHA256())
    return key


def load(*paths: Path) -> None:
    """Read the keys that are there, as a server does when it starts: a damaged one is noticed before it signs."""
    for path in paths:
        if path.exists():
            key_in(path)


def public_half(path: Path) -> dict[str, object]:
    """Return the public half as JSON Web Key, named by its thumbprint (RFC 7638)."""
    return _published(key_in(path))


@cache
def public_halves_before(path: Path) -> tuple[dict[str, object], ...]:
    """Return the public halves of keys that sign nothing more, which lie one after the other in a file, if at all."""
    if not path.exists():
        return ()
    return tuple(_published(_read(each)) for each in _PEM.findall(path.read_bytes()))


def _read(written: bytes) -> RSAPrivateKey:
    """Read a key of our own, without the proof that its numbers are prime.

    That takes a tenth of a second in which nothing else runs in this process; what a key signs shows as well whether
    its file is whole.
    """
    key = load_pem_private_key(written, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


def _published(key: RSAPrivateKey) -> dict[str, object]:
    published: dict[str, object] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    needed = {name: published[name] for name in ('e', 'kty', 'n')}
    name = base64.urlsafe_b64encode(hashlib.sha256(orjson.dumps(needed)).digest()).decode().rstrip('=')
    return {**needed, 'kid': name, 'alg': 'RS256', 'use': 'sig'}


def _make(path: Path) -> None:
    """Make the key, readable by the owner only; where two processes do so at once, the first one counts.

    It is made in a process of its own, for it takes half a second in which this one would do nothing else. Raises
    `NotSaved` where it cannot be kept: what a key that nobody keeps has signed could never be checked.
    """
    made = subprocess.run([sys.executable, '-I', '-c', _GENERATE], capture_output=True, check=True, env={})  # noqa: S603
    part = path.with_suffix(f'.{secrets.token_hex(4)}.part')
    try:
        _keep(made.stdout, part, path)
    except OSError as error:
        raise NotSaved(
            'The server cannot keep the key with which it signs: its disk is full, or it may not write there. '
            'Tell your school.'
        ) from error


def _keep(key: bytes, part: Path, path: Path) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, 'wb') as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
