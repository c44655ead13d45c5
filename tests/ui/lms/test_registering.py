"""A system registers itself in a frame of its own page; the admin here looks at it and saves it."""

import re

import pytest

from services.core import database
from services.lms import platforms
from tests.factories.people import an_admin
from tests.support.lti_platform import a_platform
from tests.support.visitor import hidden_fields
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]


async def test_from_a_one_time_address_to_a_platform(enter: Enter, data_dir: object) -> None:
    async with a_platform() as campus:
        actor = await an_admin()
        admin = await enter(actor)
        await admin.open('/school/lms')
        admin.find('Address of the system').type(campus.address)
        admin.find('Make an address').click()
        await admin.should_see('It works once, for 7 days')
        await admin.should_see('open until')
        shown = [str(each.text) for each in admin.find(content='/lti/register/').elements]
        (link,) = (found[0] for each in shown if (found := re.search('/lti/register/[^ ]+', each)))

        stranger = await enter(None)
        where = {'openid_configuration': f'{campus.address}/configuration', 'registration_token': 'door'}
        page = await stranger.http_client.get(link, params=where)
        assert 'You can close this window' in page.text
        assert 'frame-ancestors *' in page.headers['content-security-policy']
        again = await stranger.http_client.get(link, params=where)
        assert again.status_code == 410
        assert 'was used already' in again.text
        assert 'frame-ancestors *' in again.headers['content-security-policy']

        await admin.open('/school/lms')
        await admin.should_see('It has registered itself, and waits for you.')
        page = await admin.http_client.get('/school/lms', params={'link': '1'})
        fields = hidden_fields(page.text, '/school/lms')
        assert fields['link'] == '1'
        found = await database.read(platforms.of_school, actor)
        assert found == ()
        typed = {
            'name': 'Campus',
            'issuer': campus.address,
            'client_id': 'waymark-1',
            'auth_login_url': f'{campus.address}/auth',
            'auth_token_url': f'{campus.address}/token',
            'key_set_url': f'{campus.address}/keys',
        }
        for deployments, where_to in (('', 'link=1'), ('dep-1', '/school/lms')):
            answer = await admin.http_client.post('/school/lms', data={**fields, **typed, 'deployments': deployments})
            assert where_to in answer.headers['location']
        ((platform),) = await database.read(platforms.of_school, actor)
        assert platform.deployments == ('dep-1',)
