"""Launches as other people's validators and systems write them: the right ones are read, the wrong ones are refused."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.core.errors import Refused
from services.grades.book import Cell, Mark
from services.lms import key_sets, messages, roster, standing, tokens
from services.lms import services as lms_services
from services.lms.connection import Answer
from services.lms.platforms import Platform
from services.lms.roles import Part, part_of
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('R3')

FOLDER = 'samples/lti13'
NOT_OURS = {'Asset_Processor_Settings_Launch', 'Eula_Launch'}
"""messages of other services, which we do not offer"""
_KEY = generate_private_key(public_exponent=65537, key_size=2048)


def a_platform(claims: dict[str, Any]) -> Platform:
    return Platform(
        platform_id=1,
        name='A platform',
        issuer=claims['iss'],
        client_id=claims['aud'],
        deployments=('testdeploy', '6:8865aa05b4b79b64a91a86042e43af5ea8ae79eb'),
        auth_login_url='https://example.org/auth',
        auth_token_url='https://example.org/token',
        key_set_url='https://example.org/keys',
        makes_instructors=True,
        is_on=True,
    )


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared(f'{FOLDER}/{name}'))
    return found


def test_the_valid_ones_are_read() -> None:
    names = [name for name in shared_names(FOLDER) if name.startswith('valid/')]
    read = 0
    for name in names:
        claims = payload(name)
        if any(other in name for other in NOT_OURS):
            with pytest.raises(Refused, match='not known'):
                messages.read(a_platform(claims), claims)
            continue
        claims[f'{messages.CLAIM}deployment_id'] = 'testdeploy'
        launch = messages.read(a_platform(claims), claims)
        assert launch.subject == claims['sub']
        assert messages.recalled(json.loads(json.dumps(launch.stored))) == launch
        is_teacher = 'Instructor' in str(claims[f'{messages.CLAIM}roles'])
        assert (part_of(launch.roles) is Part.TEACHES) == is_teacher, name
        read += 1
    assert read >= 10


async def test_the_invalid_ones_are_refused() -> None:
    """What is wrong is in the payload, or in the header that says which key has signed."""
    names = [name for name in shared_names(FOLDER) if name.startswith('invalid/') and 'payload' in name]
    for name in names:
        claims = payload(name)
        header = name.replace('payload', 'header')
        if header in shared_names(FOLDER):
            signed = jwt.encode(claims, _KEY, algorithm='RS256', headers=payload(header))
            key_sets._known['https://example.org/keys'] = key_sets._KeySet(read_at=float('inf'))
            with pytest.raises(Refused):
                await messages.verified(a_platform(claims), signed, nonce_hash='')
        else:
            with pytest.raises(Refused):
                messages.read(a_platform(claims), claims)
    key_sets.forget()
    assert len(names) == 8


async def test_a_signed_launch_with_a_key_of_512_bits_is_refused() -> None:
    signed = shared(f'{FOLDER}/signed/canvas_resource_link.id_token.jwt').decode().strip()
    keys = payload('signed/canvas_resource_link.jwks.json')['keys']
    claims = jwt.decode(signed, options={'verify_signature': False})
    known = {each['kid']: each for each in keys}
    key_sets._known['https://example.org/keys'] = key_sets._KeySet(keys=known, read_at=float('inf'))
    with pytest.raises(Refused, match='too short'):
        await messages.verified(a_platform(claims), signed, nonce_hash='')
    key_sets.forget()

    launch = messages.read(a_platform(claims), claims)
    assert launch.line_items.endswith('/line_items')
    assert part_of(launch.roles) is Part.TEACHES, 'an administrator of the school who opens a course'


def test_the_class_list_of_canvas_is_read() -> None:
    (member,) = payload('nrps/membership_canvas.json')['members']
    listed = roster._listed(member)
    assert listed is not None
    assert (listed.subject, listed.part, listed.name) == (member['user_id'], Part.LEARNS, '')


async def test_columns_as_canvas_has_them_are_told_apart_by_their_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of its columns belongs to our link, so one of our own is made, and found the next time."""
    columns = json.loads(shared(f'{FOLDER}/ags/lineitems.json'))

    async def ask(_client: object, _platform: object, method: str, _address: str, *_: object, **more: Any) -> Answer:
        if method == 'POST':
            columns.append(more['said'] | {'id': 'https://example.org/columns/3'})
            return Answer(content=json.dumps(columns[-1]).encode())
        return Answer(content=json.dumps(columns).encode())

    async def token(*_: object) -> str:
        return 'a token'

    monkeypatch.setattr(lms_services, '_ask', ask)
    monkeypatch.setattr(tokens, 'token', token)
    for _ in range(2):
        found = await lms_services.find_or_make_column(
            None,  # type: ignore[arg-type]
            a_platform({'iss': 'https://example.org', 'aud': '1'}),
            columns='https://example.org/columns',
            wanted=lms_services.Column(resource_link_id='link-1', label='Soil'),
        )
        assert found == 'https://example.org/columns/3'
    assert len(columns) == 3


def test_what_we_send_has_what_a_score_needs_and_nothing_that_makes_one_wrong() -> None:
    """The samples of invalid scores differ from the valid one in what ours must never have, or must have."""
    valid = payload('ags/score.json')
    ours = {**standing._graded(Cell(83, Mark.GRADED), 'This is exceptional work.'), 'userId': '5323497'}
    ours |= {'scoreMaximum': standing.MAXIMUM, 'timestamp': '2017-04-16T18:54:36.736+00:00'}
    assert ours == valid
    negative, without = payload('ags/invalid_score_negative.json'), payload('ags/invalid_score_no_timestamp.json')
    assert {name for name in valid if valid[name] != negative[name]} == {'scoreGiven'}
    assert set(valid) - set(without) == {'timestamp'}
