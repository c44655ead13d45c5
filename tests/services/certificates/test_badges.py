"""Open Badges: checked by a library that had no part in making them."""

import json
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from services.access import Actor
from services.certificates import badges, keys, lookup, reissuing
from services.core import clock, database, signing_keys
from services.people import joining
from settings import settings
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest, a_student
from tests.support.certificates import the_certificate_of

pytestmark = [pytest.mark.usefixtures('db', 'at_its_address'), pytest.mark.req('S10', 'V1')]

ADDRESS = 'https://waymark.example.org'


@pytest.fixture
def at_its_address(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PUBLIC_URL', ADDRESS)
    monkeypatch.setenv('SCHOOL_NAME', 'School of Soil')
    settings.cache_clear()


@pytest.mark.both_databases
async def test_an_independent_library_finds_it_true() -> None:
    _course_id, _teacher, lena = await somebody_with_a_certificate(name='Lena #1 "Ø" 王')
    token = await badge_of(lena)

    credential = a_verifier().verify(token, check_status=True, download=await the_school())

    assert credential.id == f'{ADDRESS}/certificates/{(await the_certificate_of(lena)).serial}'
    assert (credential.issuer.id, credential.issuer.name) == (f'{ADDRESS}/certificates/issuer', 'School of Soil')
    assert credential.achievement.name == 'Soil'
    assert [(each.identity_hash, each.hashed) for each in credential.identifiers] == [('Lena #1 "Ø" 王', False)]


async def test_what_was_changed_or_signed_by_somebody_else_is_found_out() -> None:
    *_rest, lena = await somebody_with_a_certificate()
    head, body, signature = (await badge_of(lena)).split('.')
    other = jwt.utils.base64url_encode(jwt.utils.base64url_decode(body).replace(b'Lena', b'Otto')).decode()

    for forged in (f'{head}.{other}.{signature}', f'{head}.{body}.{signature[:-8]}AAAAAAAA', f'{head}.{body}.'):
        with pytest.raises(OB3VerificationError):
            a_verifier().verify(forged)


async def test_the_address_of_an_account_is_only_there_as_a_salted_hash() -> None:
    *_rest, sami = await somebody_with_a_certificate(account=True)
    shown = await lookup.look_up((await the_certificate_of(sami)).serial, address='here')
    assert shown.email
    payload = claims(await badge_of(sami))

    assert '@' not in json.dumps(payload).replace('"@context"', '')
    (_name, hashed) = payload['credentialSubject']['identifier']
    assert hashed['identityHash'] == 'sha256$' + sha256(f'{shown.email}{hashed["salt"]}'.encode()).hexdigest()
    assert shown.email not in json.dumps(payload)


async def test_a_badge_that_was_handed_on_stops_to_hold_with_its_certificate() -> None:
    course_id, teacher, lena = await somebody_with_a_certificate()
    token = await badge_of(lena)

    await database.write(reissuing.revoke, teacher, course_id, user_id=lena.user_id)

    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        a_verifier().verify(token, check_status=True, download=await the_school())


async def test_the_key_is_made_once_and_only_its_owner_can_read_it() -> None:
    *_rest, lena = await somebody_with_a_certificate()
    token = await badge_of(lena)

    path = settings().data_dir / 'certificates_key.pem'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    signing_keys.key_in.cache_clear()
    assert await badge_of(lena) == token
    assert made_in(path.parent) == [path.name], 'nothing is left over'
    assert set(keys.public_key()) == {'kty', 'n', 'e', 'kid', 'alg', 'use'}, 'nothing that is private'
    assert jwt.get_unverified_header(token)['kid'] == f'{ADDRESS}/certificates/keys/{keys.public_key()["kid"]}'


async def somebody_with_a_certificate(*, name: str = 'Lena Learner', account: bool = False) -> tuple[int, Actor, Actor]:
    course = await a_course(checkpoints=1)
    learner = await a_student(name=name) if account else await a_guest(code=course.code, name=name)
    if account:
        await database.write(joining.join, learner, code=course.code)
    await mark(course.checkpoints[0], by=learner)
    return course.course_id, course.teacher, learner


def made_in(folder: Path) -> list[str]:
    return [each.name for each in folder.glob('certificates_key*')]


async def badge_of(person: Actor) -> str:
    certificate = await the_certificate_of(person)
    return badges.signed(await lookup.look_up(certificate.serial, address='here'))


def a_verifier() -> OB3Verifier:
    """Somebody who got the published key, and nothing else."""
    return OB3Verifier(jwt.PyJWK(badges.key_set()['keys'][0]).key)


async def the_school() -> Callable[[str], bytes]:
    """What the addresses in a badge answer."""
    places = await database.read(badges.not_valid, 0)

    def download(address: str) -> bytes:
        assert address == f'{ADDRESS}/certificates/status/0'
        return badges.signed_list(0, places, clock.now()).encode()

    return download


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={'verify_signature': False}))
