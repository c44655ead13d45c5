"""Passwords: one form however a keyboard composes it, what counts as long, and what everybody tries first."""

import unicodedata

import bcrypt
import pytest

from services.accounts import common_passwords, passwords
from services.core.errors import Invalid

pytestmark = pytest.mark.req('A1')

COMPOSED = unicodedata.normalize('NFC', 'Schöne Grüße 7')
DECOMPOSED = unicodedata.normalize('NFD', COMPOSED)


@pytest.mark.parametrize('set_as', [COMPOSED, DECOMPOSED, COMPOSED.replace(' ', '\u00a0')])
@pytest.mark.parametrize('typed', [COMPOSED, DECOMPOSED, DECOMPOSED.replace(' ', '\u00a0')])
async def test_a_password_is_right_however_a_keyboard_composes_it(set_as: str, typed: str) -> None:
    assert await passwords.belongs(typed, await passwords.hash_of(set_as))


@pytest.mark.parametrize('old', [COMPOSED, DECOMPOSED, 'x\u00a0y plain words'])
async def test_a_hash_made_before_there_was_one_form_still_works(old: str) -> None:
    kept = bcrypt.hashpw(old.encode(), bcrypt.gensalt(4)).decode()

    assert await passwords.belongs(old, kept)
    assert await passwords.belongs(unicodedata.normalize('NFC', old), kept)
    assert not await passwords.belongs(old + 'x', kept)


async def test_what_looks_different_is_different() -> None:
    kept = await passwords.hash_of('Schöne Grüße 7')
    for other in 'Schone Gruße 7', 'schöne grüße 7', 'Schöne Grüsse 7', 'Schöne Grüße ７', '', '\ud800':
        assert not await passwords.belongs(other, kept)
    assert not await passwords.belongs('Schöne Grüße 7', None)


@pytest.mark.parametrize('password', ['äöüß', 'a\u0308o\u0308u\u0308ß', '水水水水水水水', 'seven 7', '😀😀😀😀😀😀😀'])
def test_a_password_is_as_long_as_its_characters(password: str) -> None:
    with pytest.raises(Invalid, match='at least 8 characters'):
        passwords.check_acceptable(password)


@pytest.mark.parametrize(('password', 'size'), [('x' * 73, 73), ('ü' * 37, 74), ('水' * 25, 75), ('😀' * 19, 76)])
def test_a_password_that_takes_too_many_bytes_is_told_how_many(password: str, size: int) -> None:
    with pytest.raises(Invalid, match=f'takes {size} bytes; use at most 72'):
        passwords.check_acceptable(password)


@pytest.mark.parametrize('password', ['ü' * 36, unicodedata.normalize('NFD', 'ü' * 36), '水' * 24, 'x' * 72])
async def test_a_password_at_the_edge_is_taken_and_works(password: str) -> None:
    passwords.check_acceptable(password)
    assert await passwords.belongs(password, await passwords.hash_of(password))


def test_half_a_character_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid, match='half a character'):
        passwords.check_acceptable('long enough \ud83d')


@pytest.mark.parametrize(
    'password',
    ['password', 'iloveyou1', 'Football1', 'PASSWORD123', 'ｐａｓｓｗｏｒｄ', 'qwertyuiop', '1234567890', 'trustno1'],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match='common'):
        passwords.check_acceptable(password)


def test_the_list_is_long_and_small_and_takes_hardly_any_other_for_one_of_its_own() -> None:
    listed = common_passwords._list()
    assert len(listed) > 38_000
    assert list(listed) == sorted(listed)
    assert sum(common_passwords.is_common(f'soil sample {number}') for number in range(5_000)) <= 2


def test_the_file_is_made_from_a_list() -> None:
    assert common_passwords.written(['Short', 'PassWord', 'password', 'another one']) == b''.join(
        sorted(
            fingerprint.to_bytes(4, 'big')
            for fingerprint in map(common_passwords._fingerprint, ('password', 'another one'))
        )
    )
