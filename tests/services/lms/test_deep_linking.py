"""What goes back to a platform with a choice: what it takes, and a window of its own where it has one."""

from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest

from services.core import clock, database
from services.lms import deep_linking, key_sets, links, platforms
from services.lms.links import Target
from tests.factories.classes import a_course
from tests.factories.people import an_admin
from tests.services.lms.test_launching import a_teacher
from tests.support.lti_platform import CLIENT_ID, DEPLOYMENT, FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]

CLAIM = 'https://purl.imsglobal.org/spec/lti-dl/claim/'
MOODLE = {
    'accept_types': ['ltiResourceLink'],
    'accept_presentation_document_targets': ['frame', 'iframe', 'window'],
    'accept_copy_advice': False,
    'accept_multiple': True,
    'accept_unsigned': False,
    'auto_create': False,
    'can_confirm': False,
    'title': 'Waymark',
    'text': '',
}
"""as Moodle asks: it wants nothing back, and says nothing of columns"""
FRAMES_ONLY = {
    'accept_types': ['link', 'file', 'html', 'ltiResourceLink', 'image'],
    'accept_presentation_document_targets': ['embed', 'iframe'],
    'accept_lineitem': False,
    'accept_media_types': 'image/*,text/html',
    'auto_create': True,
    'data': 'a token of theirs',
}


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    key_sets.forget()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def answer(campus: FakePlatform, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what goes back when a teacher has chosen the first step of a course."""
    settings = {**asked, 'deep_link_return_url': f'{campus.address}/return?course=2&id=3&sesskey=x'}
    claims = campus.deep_linking(**{f'{CLAIM}deep_linking_settings': settings})
    arrived, ticket = await a_teacher(campus, claims)
    assert arrived.entered is not None
    course = await a_course(by=arrived.entered.actor)
    target = Target(course_id=course.course_id, checkpoint_id=course.checkpoints[0])
    login, offer = await database.write(links.offer, arrived.entered.actor, ticket, target)
    reply = deep_linking.reply(login, offer, launch_address='https://here.example/lti/launch')
    assert reply.address == settings['deep_link_return_url']
    (key,) = jwt.PyJWKSet.from_dict(platforms.public_keys()).keys
    said: dict[str, Any] = jwt.decode(reply.signed, key, algorithms=['RS256'], audience=campus.address)
    assert jwt.get_unverified_header(reply.signed)['kid'] == key.key_id
    assert said['iss'] == CLIENT_ID
    assert 10 < clock.now().timestamp() - said['iat'] < 300, 'Canvas takes none of the future, and none of long ago'
    assert said['https://purl.imsglobal.org/spec/lti/claim/deployment_id'] == DEPLOYMENT
    return said


async def test_moodle_opens_what_was_chosen_in_its_own_window_and_has_a_column_for_it(campus: FakePlatform) -> None:
    said = await answer(campus, MOODLE)
    (item,) = said[f'{CLAIM}content_items']
    assert item['window'] == {'targetName': '_blank'}
    assert item['type'] == 'ltiResourceLink'
    assert item['url'] == 'https://here.example/lti/launch'
    assert item['lineItem']['scoreMaximum'] == 100
    assert item['lineItem']['resourceId'] == item['custom']['waymark']
    assert f'{CLAIM}data' not in said, 'nothing was to come back'


async def test_a_system_that_has_frames_only_and_takes_no_columns_gets_neither(campus: FakePlatform) -> None:
    said = await answer(campus, FRAMES_ONLY)
    (item,) = said[f'{CLAIM}content_items']
    assert {'window', 'lineItem'} & set(item) == set()
    assert said[f'{CLAIM}data'] == 'a token of theirs'
