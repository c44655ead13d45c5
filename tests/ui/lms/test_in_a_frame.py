"""A teacher adds something in a system that shows Waymark in a frame, as Moodle and Canvas do for “Select content”."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from services.lms import key_sets
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_guest, an_admin, an_instructor
from tests.support.lti_platform import CLIENT_ID, FakePlatform, a_platform
from tests.support.visitor import hidden_fields, words
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]
FRAME = {'sec-fetch-dest': 'iframe'}
CHOSEN = 'Add what I have chosen'


async def chosen_in_a_window(campus: FakePlatform, window: httpx.AsyncClient, address: str, course: int) -> str:
    """Open the window that a frame offers, sign in there, and choose a course; returns what the window says then."""
    begun = await window.get(address)
    said = parse_qs(urlsplit(begun.headers['location']).query)
    signed = campus.sign({'nonce': said['nonce'][0], **campus.deep_linking()})
    posted = await window.post('/lti/launch', data={'id_token': signed, 'state': said['state'][0]})
    page = await window.get(posted.headers['location'], follow_redirects=True)
    typed = {**hidden_fields(page.text, '/lti/welcome'), 'email': 'ines@example.org', 'password': PASSWORD}
    page = await window.post('/lti/welcome', data=typed, follow_redirects=True)
    asked = {'ticket': page.url.params['link'], 'course': course}
    return words((await window.get('/lti/add', params=asked)).text)


def link_of(page: httpx.Response, text: str) -> str:
    (address,) = re.findall(rf'href="([^"]+)">{text}<', page.text)
    return html.unescape(address)


async def test_what_is_chosen_in_a_window_goes_back_through_the_frame(enter: Enter) -> None:
    key_sets.forget()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        course = await a_course(by=await an_instructor(email='ines@example.org'))
        window = (await enter(await a_guest(code=course.code))).http_client
        asked = {'iss': campus.address, 'client_id': CLIENT_ID, 'login_hint': '17'}
        frame = httpx.AsyncClient(transport=window._transport, base_url=window.base_url, headers=FRAME)
        offered = await frame.get('/lti/login', params=asked)
        too_early = await frame.get(link_of(offered, CHOSEN))

        said = await chosen_in_a_window(campus, window, link_of(offered, 'Open Waymark'), course.course_id)
        ready = await frame.get(link_of(too_early, CHOSEN))
        of_nobody = await frame.get('/lti/chosen', params={'frame': 'guessed'})

    assert 'Nothing was chosen yet' in words(too_early.text)
    assert f'press “{CHOSEN}” there' in said
    assert 'JWT' not in said
    assert f'action="{campus.address}/return"' in ready.text
    answer = jwt.decode(re.findall('name="JWT" value="([^"]+)"', ready.text)[0], options={'verify_signature': False})
    (item,) = answer['https://purl.imsglobal.org/spec/lti-dl/claim/content_items']
    assert item['custom']['waymark']
    for page in offered, too_early, ready:
        assert 'frame-ancestors *' in page.headers['content-security-policy']
    assert 'form-action https:' in ready.headers['content-security-policy']
    assert 'Nothing was chosen yet' in words(of_nobody.text)
