"""What Moodle, Canvas, Blackboard, Brightspace, Schoology and Sakai say, each in its own way: all of it is read.

The payloads are made up after what each of them documents; none was taken from an installation.
"""

from typing import Any

import orjson
import pytest

from services.core import database
from services.core.errors import Refused
from services.core.secrets import token_hash
from services.lms import configurations, key_sets, messages, platforms, registrations, roster, services, tokens
from services.lms.configurations import TOOL
from services.lms.connection import Answer
from services.lms.roles import Part, part_of
from services.lms.services import Column
from tests.factories.people import an_admin
from tests.support.lti_platform import CLAIM, CLIENT_ID, FakePlatform, a_platform
from tests.support.lti_platform import MEMBERSHIP as COURSE

pytestmark = [pytest.mark.req('R3')]

PERSON = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#'
SYSTEM = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#'

DIALECTS: dict[str, dict[str, Any]] = {
    'moodle': {
        'aud': 'Xy1aB2cD3eF4gH5',
        'sub': '17',
        f'{CLAIM}deployment_id': '3',
        f'{CLAIM}context': {'id': '2', 'label': 'ALG', 'title': 'Algebra', 'type': ['CourseSection']},
        f'{CLAIM}resource_link': {'id': '5', 'title': 'Soil', 'description': ''},
        f'{CLAIM}roles': [f'{PERSON}Administrator', f'{COURSE}Instructor', f'{SYSTEM}Administrator'],
        f'{CLAIM}custom': {'waymark': 'key', 'context_memberships_url': 'https://moodle.example.org/members'},
        f'{CLAIM}ext': {'user_username': 'tess', 'lms': 'moodle-2'},
    },
    'canvas': {
        'aud': '10000000000042',
        'azp': '10000000000042',
        'sub': 'a445ca99-1a64-4697-9bfa-508a118245ea',
        f'{CLAIM}deployment_id': '37:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
        f'{CLAIM}context': {'id': '4dde05e8ca1973bcca9bffc13e1548820eee93a3', 'title': 'Algebra'},
        f'{CLAIM}resource_link': {'id': '4dde05e8ca1973bcca9bffc13e1548820eee93a3', 'description': None, 'title': None},
        f'{CLAIM}roles': [f'{PERSON}Instructor', f'{COURSE}Instructor', f'{SYSTEM}User'],
        f'{CLAIM}custom': {'waymark': 'key', 'canvas_course_id': 17, 'section': '$Canvas.course.sectionIds'},
        'https://www.instructure.com/placement': 'course_navigation',
        'errors': {'errors': {}},
        'name': None,
    },
    'blackboard': {
        'aud': ['a1b2c3d4-0000-1111-2222-333344445555'],
        'sub': 'fe4b9f2c2a5b4b0f8c1d7c0e1a2b3c4d',
        f'{CLAIM}deployment_id': '8d2f8a2e-1111-2222-3333-444455556666',
        f'{CLAIM}context': {'id': '6fba82f4e5cd4e7a8d6c', 'label': 'ALG', 'title': 'Algebra'},
        f'{CLAIM}resource_link': {'id': '_5_1', 'title': 'Soil'},
        f'{CLAIM}roles': [f'{COURSE}ContentDeveloper', f'{COURSE}Instructor', f'{PERSON}Faculty'],
        f'{CLAIM}custom': {'waymark': 'key'},
        'locale': 'en_US',
        'given_name': 'Tess',
        'family_name': 'Teacher',
    },
    'brightspace': {
        'aud': 'b8d3e1a4-5555-6666-7777-888899990000',
        'sub': 'b8d3e1a4-5555-6666-7777-888899990000_17',
        f'{CLAIM}deployment_id': 'c0ffee00-5555-6666-7777-888899990000',
        f'{CLAIM}context': {
            'id': '6606',
            'title': 'Algebra',
            'type': ['http://purl.imsglobal.org/vocab/lis/v2/course'],
        },
        f'{CLAIM}resource_link': {'id': '8e4f0000-1'},
        f'{CLAIM}roles': [f'{PERSON}Instructor', f'{COURSE}Instructor', 'http://d2l.example.org/roles#Super'],
        f'{CLAIM}custom': {'waymark': 'key'},
        'http://www.brightspace.com': {'tenant_id': 'c0ffee', 'org_defined_id': '', 'user_id': 17},
    },
    'schoology': {
        'aud': 1234567890,
        'sub': 17,
        f'{CLAIM}deployment_id': 99,
        f'{CLAIM}context': {'id': 4242, 'title': 'Algebra'},
        f'{CLAIM}resource_link': {'id': 777, 'title': 'Soil'},
        f'{CLAIM}roles': ['urn:lti:role:ims/lis/Instructor'],
        f'{CLAIM}custom': {'waymark': 'key'},
    },
    'sakai': {
        'aud': 'saLTI-1',
        'sub': 'https://sakai.example.org/users/17',
        f'{CLAIM}deployment_id': '1',
        f'{CLAIM}context': {'id': 'mercury', 'label': 'mercury site', 'title': 'Algebra'},
        f'{CLAIM}resource_link': {'id': 'content:4'},
        f'{CLAIM}roles': ['https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'],
        f'{CLAIM}custom': {'waymark': 'key'},
        'https://www.sakailms.org/spec/lti/claim/extension': {'sakai_launch_presentation_css_url_list': ''},
    },
}


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize('name', DIALECTS)
async def test_a_launch_in_each_dialect_is_read(name: str) -> None:
    key_sets.forget()
    said = DIALECTS[name]
    client_id = str(said['aud'][0] if isinstance(said['aud'], list) else said['aud'])
    async with a_platform() as campus:
        deployment = str(said[f'{CLAIM}deployment_id'])
        await campus.register(await an_admin(), client_id=client_id, deployments=deployment)
        platform = await database.read(lambda tx: platforms.find(tx, issuer=campus.address, client_id=client_id))
        claims = {**campus.claims(), **said, 'nonce': 'n', 'aud': said['aud'] if name != 'schoology' else client_id}
        launch = await messages.verified(platform, campus.sign_as_it_is(claims), nonce_hash=token_hash('n'))

        not_added = {**claims, f'{CLAIM}deployment_id': 'another'}
        with pytest.raises(Refused, match='a deployment that is not registered'):
            await messages.verified(platform, campus.sign_as_it_is(not_added), nonce_hash=token_hash('n'))

    assert (launch.subject, launch.deployment_id) == (str(said['sub']), deployment)
    assert (launch.context_id, launch.context_title) == (str(said[f'{CLAIM}context']['id']), 'Algebra')
    assert launch.resource_link_id == str(said[f'{CLAIM}resource_link']['id'])
    assert launch.place == 'key'
    assert part_of(launch.roles) is Part.TEACHES


def test_an_id_is_text_or_a_number_and_nothing_else() -> None:
    assert [messages.as_id(each) for each in ('a', 7, ' ', '', True, 1.5, None, [], 'a\n', 'x' * 300)] == [
        *('a', '7'), *[''] * 8
    ]  # fmt: skip


def test_people_and_grades_with_numbers_for_ids_are_read() -> None:
    member = {'user_id': 17, 'roles': ['Learner'], 'status': 'Active', 'name': 'Lena'}
    grade = {'id': 'https://lms.example.org/r/1', 'userId': 17, 'resultScore': 4, 'resultMaximum': 5}
    listed = roster._listed(member)
    assert listed is not None
    assert (listed.subject, listed.part) == ('17', Part.LEARNS)
    ((subject, result),) = services._results_of(Answer(content=orjson.dumps([grade]))).items()
    assert result is not None
    assert (subject, result.score) == ('17', 80)
    assert Column(resource_link_id='5').is_in({'id': 'x', 'resourceLinkId': 5})


@pytest.mark.parametrize(
    ('roles', 'part'),
    [
        (['urn:lti:role:ims/lis/TeachingAssistant'], Part.TEACHES),
        (['urn:lti:role:ims/lis/Learner', 'urn:lti:instrole:ims/lis/Instructor'], Part.LEARNS),
        (['urn:lti:role:ims/lis/Mentor'], Part.LOOKS_ON),
        (['https://purl.imsglobal.org/vocab/lis/v2/membership#Learner', f'{PERSON}Instructor'], Part.LEARNS),
        ([f'{PERSON}Student'], Part.LEARNS),
        ([], Part.LEARNS),
    ],
)
def test_roles_are_named_in_several_ways(roles: list[str], part: Part) -> None:
    assert part_of(roles) is part


@pytest.mark.usefixtures('db')
async def test_brightspace_says_for_whom_a_token_is_and_a_number_for_the_client() -> None:
    async with a_platform() as campus:
        admin = await an_admin()
        campus.registers_as = {'client_id': 4711, TOOL: {'deployment_id': 12}}
        campus.configuration = {'authorization_server': 'https://api.brightspace.com/auth/token'}
        token = await database.write(registrations.invite, admin, address=campus.address)
        where = f'{campus.address}/configuration'
        await registrations.answer(token, configuration=where, registration_token='', base='https://here.example')
        ((waiting),) = await database.read(registrations.of_school, admin)
        new = await database.read(registrations.found, admin, waiting.registration_id)
        await database.write(registrations.save, admin, new, registration_id=waiting.registration_id)
        ((platform),) = await database.read(platforms.of_school, admin)

    assert (platform.client_id, platform.deployments) == ('4711', ('12',))
    assertion = messages.jwt.decode(tokens._assertion(platform), options={'verify_signature': False})
    assert assertion['aud'] == 'https://api.brightspace.com/auth/token'


CANVAS = {
    'authorization_server': 'canvas.instructure.com',
    configurations.PLATFORM: {
        'product_family_code': 'canvas',
        'messages_supported': [
            {'type': 'LtiResourceLinkRequest', 'placements': ['course_navigation', 'assignment_selection']},
            {
                'type': 'LtiDeepLinkingRequest',
                'placements': ['ContentArea', 'https://canvas.instructure.com/lti/assignment_selection', 'homework'],
            },
        ],
    },
}
MOODLE = {
    configurations.PLATFORM: {
        'product_family_code': 'moodle',
        'messages_supported': ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'],
    },
}


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    ('said', 'places'),
    [
        (CANVAS, ['ContentArea', 'https://canvas.instructure.com/lti/assignment_selection']),
        (MOODLE, ['ContentArea']),
    ],
)
async def test_canvas_and_moodle_register_with_a_place_for_the_choice(said: dict[str, Any], places: list[str]) -> None:
    """Canvas tells its configuration only to those who show the token; the host that it names is nobody for a token."""
    async with a_platform() as campus:
        admin = await an_admin()
        campus.configuration, campus.wants_token = said, True
        token = await database.write(registrations.invite, admin, address=campus.address)
        where = f'{campus.address}/configuration?registration_token=door'
        await registrations.answer(token, configuration=where, registration_token='door', base='https://here.example')
        ((waiting),) = await database.read(registrations.of_school, admin)
        new = await database.read(registrations.found, admin, waiting.registration_id)

    ((told),) = campus.registered
    by_place = {}  # as Canvas makes its places: a message without one has the one in courses, and the first one stays
    for message in told[TOOL]['messages']:
        for place in message.get('placements', ['ContentArea']):
            by_place.setdefault(place, message['type'])
    assert by_place == dict.fromkeys(places, 'LtiDeepLinkingRequest')
    assert told['client_name'], 'without a name, neither registers anybody'
    assert new.token_audience == ''


@pytest.mark.usefixtures('db')
async def test_no_system_lets_us_sign_for_the_door_of_another_one() -> None:
    admin = await an_admin()
    await FakePlatform(address='https://first.example').register(admin)
    with pytest.raises(Refused, match='another system gives tokens'):
        await FakePlatform(address='https://second.example').register(
            admin, client_id=CLIENT_ID, token_audience='https://first.example/token'
        )
