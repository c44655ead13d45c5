"""What is issued keeps the rules of Open Badges 3.0, which judge the samples of others first."""

import json

import jwt
import pytest
from openbadgeslib.ob3 import decode_encoded_list

from services.access import Actor
from services.certificates import badges, reissuing
from services.core import clock, database, signing_keys
from services.courses import catalog
from settings import settings
from tests.services.certificates.test_badges import ADDRESS, at_its_address, badge_of, somebody_with_a_certificate
from tests.support.open_badges import Credential, checked, faults
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('S10', 'V1')
__all__ = ['at_its_address']

FOLDER = 'samples/openbadges3'
NOT_JUDGED = {'invalid/simple-err-proof-value.json'}
"""a wrong signature inside of the JSON; ours are around it, and test_badges.py forges those"""


def test_the_rules_judge_the_samples_of_others() -> None:
    now = clock.now()
    for name in {each for each in shared_names(FOLDER) if each.endswith('.json')} - NOT_JUDGED:
        found = faults(json.loads(shared(f'{FOLDER}/{name}')), now)
        assert bool(found) == name.startswith('invalid/'), (name, found)


@pytest.mark.usefixtures('db', 'at_its_address')
async def test_what_was_handed_out_stays_true_when_its_course_is_renamed_and_the_key_changes() -> None:
    course_id, teacher, lena = await somebody_with_a_certificate(name='Lena "Ø" 王')
    before = await badge_of(lena)
    said = checked(before, published_key)
    assert faults(said, clock.now()) == []
    assert said['credentialSubject']['achievement']['name'] == 'Soil'

    await rename(teacher, course_id)
    assert await badge_of(lena) == before, 'it goes on saying what was completed'
    for number in 2, 3:
        a_new_key()
        assert len(badges.key_set()['keys']) == number
    assert all(set(each) == {'kty', 'n', 'e', 'kid', 'alg', 'use'} for each in badges.key_set()['keys'])

    after = await badge_of(lena)
    assert checked(before, published_key) == checked(after, published_key) == said
    assert key_name(before) != key_name(after)
    with pytest.raises(AssertionError, match='is published'):
        checked(before, lambda _: None)


@pytest.mark.usefixtures('db', 'at_its_address')
async def test_revoked_it_says_so_also_with_another_key() -> None:
    course_id, teacher, lena = await somebody_with_a_certificate()
    status = checked(await badge_of(lena), published_key)['credentialStatus']
    a_new_key()
    assert not await is_revoked(status)

    await database.write(reissuing.revoke, teacher, course_id, user_id=lena.user_id)

    assert await is_revoked(status)


async def rename(teacher: Actor, course_id: int) -> None:
    await database.write(catalog.edit, teacher, course_id, title='Earth', description='', subject='')


def a_new_key() -> None:
    """Do what docs/operations.md says, and start anew."""
    now, before = (settings().data_dir / f'certificates_{name}.pem' for name in ('key', 'keys_before'))
    with before.open('ab') as file:
        file.write(now.read_bytes())
    now.unlink()
    signing_keys.key_in.cache_clear()
    signing_keys.public_halves_before.cache_clear()


def published_key(address: str) -> Credential | None:
    """What the address answers that a token names as its key."""
    return next(
        (each for each in badges.key_set()['keys'] if address == f'{ADDRESS}/certificates/keys/{each["kid"]}'), None
    )


def key_name(token: str) -> str:
    return str(jwt.get_unverified_header(token)['kid'])


async def is_revoked(status: Credential) -> bool:
    """Look at the place in the signed list that a badge names."""
    number = int(status['statusListCredential'].rpartition('/')[2])
    token = badges.signed_list(number, await database.read(badges.not_valid, number), clock.now())
    key = jwt.PyJWK(dict(published_key(key_name(token)) or {})).key
    listed = jwt.decode(token, key, algorithms=['RS256'])['credentialSubject']
    place = int(status['statusListIndex'])
    return bool(decode_encoded_list(listed['encodedList'])[place // 8] & 0x80 >> place % 8)
