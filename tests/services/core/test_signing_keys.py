"""The keys with which the school signs: made beside everything else, private, and the same for all who ask."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InternalError, InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.core import signing_keys
from services.core.errors import NotSaved

pytestmark = pytest.mark.req('S10', 'R3')


async def test_a_key_is_made_by_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python makes a key of 3072 bits in half a second, and does nothing else meanwhile, in no thread."""
    monkeypatch.setattr(rsa, 'generate_private_key', _would_stop_everything)

    assert signing_keys.key_in(tmp_path / 'key.pem').key_size == signing_keys.BITS


def _would_stop_everything(**_: object) -> None:
    pytest.fail('the key is made in this process')


def test_two_who_need_a_key_first_have_the_same(tmp_path: Path) -> None:
    path = tmp_path / 'key.pem'
    signing_keys.key_in.cache_clear()
    with ThreadPoolExecutor() as threads:
        first, second = threads.map(signing_keys.public_half, [path, path])

    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.req('Q2')
def test_on_a_full_disk_nothing_is_signed_and_later_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'key.pem'

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(os, 'fsync', full)
        with pytest.raises(NotSaved, match='cannot keep the key'):
            signing_keys.key_in(path)
    assert not list(tmp_path.iterdir()), 'nothing is half left'
    assert signing_keys.key_in(path).key_size == signing_keys.BITS


def test_a_server_that_starts_reads_what_is_there_and_makes_nothing(tmp_path: Path) -> None:
    there, missing = tmp_path / 'there.pem', tmp_path / 'missing.pem'
    signing_keys.key_in(there)
    signing_keys.key_in.cache_clear()

    signing_keys.load(there, missing)

    assert signing_keys.key_in.cache_info().currsize == 1
    assert not missing.exists()


def test_a_damaged_key_signs_nothing(tmp_path: Path) -> None:
    """Each part of the key in turn is another number: whoever reads it is told, and no wrong signature leaves."""
    path = tmp_path / 'key.pem'
    key = signing_keys.key_in(path)
    numbers = key.private_numbers()
    for name in ('d', 'p', 'q', 'dmp1', 'dmq1', 'iqmp'):
        parts = {each: getattr(numbers, each) for each in ('p', 'q', 'd', 'dmp1', 'dmq1', 'iqmp')}
        parts[name] ^= 1 << 100
        damaged = rsa.RSAPrivateNumbers(**parts, public_numbers=numbers.public_numbers)
        try:
            wrong = damaged.private_key(unsafe_skip_rsa_key_validation=True)
        except ValueError:
            continue
        path.write_bytes(wrong.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        signing_keys.key_in.cache_clear()
        try:
            read = signing_keys.key_in(path)
        except (ValueError, InvalidSignature, InternalError):
            continue
        assert read.sign(b'one', PKCS1v15(), SHA256()) == key.sign(b'one', PKCS1v15(), SHA256()), name
