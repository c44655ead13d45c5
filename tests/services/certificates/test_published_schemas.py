"""What is issued, against the schemas of Open Badges 3.0 as they are published."""

import json
from copy import deepcopy
from typing import Any

import pytest

from services.access import Actor
from services.certificates import badges, lookup, reissuing
from services.core import database
from services.courses import catalog
from tests.services.certificates.test_badge_rules import FOLDER, a_new_key
from tests.services.certificates.test_badges import at_its_address, badge_of, claims, somebody_with_a_certificate
from tests.support.published_schemas import judge
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('S10', 'V1')
__all__ = ['at_its_address']

OF_ANOTHER_KIND = {'valid/endorsement-valid.json'}
NOT_SEEN_IN_A_SCHEMA = {'simple-err-expired.json', 'simple-err-proof-method.json', 'simple-err-proof-value.json'}
"""when it ends, and who signed, is what test_badge_rules.py looks at"""


def test_the_schema_judges_the_samples_of_others() -> None:
    faults = judge('achievementcredential')
    for name in {each for each in shared_names(FOLDER) if each.endswith('.json')} - OF_ANOTHER_KIND:
        found = faults(json.loads(shared(f'{FOLDER}/{name}')))
        wrong = name.startswith('invalid/') and name.rpartition('/')[2] not in NOT_SEEN_IN_A_SCHEMA
        assert bool(found) == wrong, (name, found)


@pytest.mark.usefixtures('db', 'at_its_address')
@pytest.mark.parametrize('account', [True, False], ids=['account', 'guest'])
async def test_every_badge_keeps_the_schema_also_with_another_key_name_and_title(account: bool) -> None:
    faults = judge('achievementcredential')
    course_id, teacher, lena = await somebody_with_a_certificate(name='Lena "Ø" #1 <b> 王', account=account)
    assert faults(claims(await badge_of(lena))) == []

    await database.write(catalog.edit, teacher, course_id, title='Erde "Ø" \u202e & 土', description='', subject='')
    a_new_key()
    again = await issued_again(teacher, course_id, lena)
    assert faults(again) == []
    assert again['credentialSubject']['achievement']['name'].startswith('Erde')


@pytest.mark.usefixtures('db', 'at_its_address')
async def test_the_schema_sees_what_a_badge_would_lack() -> None:
    faults = judge('achievementcredential')
    *_rest, lena = await somebody_with_a_certificate(account=True)
    whole = claims(await badge_of(lena))

    for path in (
        'id', 'issuer', 'issuer/id', 'issuer/type', 'validFrom', 'credentialSubject/type',
        'credentialSubject/achievement', 'credentialSubject/achievement/criteria',
        'credentialSubject/achievement/description',
        'credentialSubject/identifier/0/identityType', 'credentialStatus/type',
    ):  # fmt: skip
        less = deepcopy(whole)
        *way, last = path.split('/')
        part = less
        for step in way:
            part = part[int(step) if step.isdecimal() else step]
        del part[last]
        assert faults(less), path


@pytest.mark.usefixtures('db', 'at_its_address')
async def test_the_issuer_keeps_the_schema_of_a_profile() -> None:
    faults = judge('profile')
    assert faults(json.loads(json.dumps(badges.issuer()))) == []
    assert faults({**badges.issuer(), 'type': ['School']})


async def issued_again(teacher: Actor, course_id: int, learner: Actor) -> dict[str, Any]:
    serial = await database.write(reissuing.issue_again, teacher, course_id, user_id=learner.user_id, name='Lëna"Ø"')
    return claims(badges.signed(await lookup.look_up(serial, address='here')))
