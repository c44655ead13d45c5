"""Launches as other people's validators and systems write them: the right ones are read, the wrong ones are refused."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.core.errors import Refused
from services.lms import key_sets, messages
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
