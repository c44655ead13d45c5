"""Other systems and a Waymark below a path: the school's sign-in, a learning management system, calendars, links."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import icalendar
import pytest

from models import User
from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.deadlines import feeds
from settings import settings
from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, an_admin
from tests.factories.quizzes import a_quiz
from tests.support.edx_platform import EdxPlatform, an_edx_platform, follow, form_to
from tests.support.eventually import PATIENCE
from tests.support.front import a_front
from tests.support.mail_box import MailBox
from tests.support.running import Server, free_port
from tests.support.visitor import Visitor, hidden_fields, words
from tests.web.test_lti_edx import launch_added, register
from tests.web.test_school_sign_in import issuer
from tests.web.test_sub_path import PATH, Installation

pytestmark = [pytest.mark.req('O1', 'A8', 'R3', 'M2')]
__all__ = ['issuer']


@pytest.fixture
async def below(
    tmp_path: Path, data_dir: Path, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    """A school whose people also sign in with an account of their own provider."""
    port = free_port()
    front = f'http://127.0.0.1:{port}'
    one = {'name': 'school', 'label': 'Hill School', 'issuer': issuer, 'client_id': 'waymark', 'client_secret': 'x'}
    server = Server(tmp_path / 'school', PUBLIC_URL=f'{front}{PATH}', OIDC_PROVIDERS=json.dumps([one]))
    server.start()
    monkeypatch.setenv('DATA_DIR', str(server.data_dir))  # this process signs with the key of the server
    settings.cache_clear()
    try:
        with a_front('nginx', server.port, free_port(), port=port, below=PATH):
            async with server.at_hand():
                yield Installation(server=server, front=front, box=MailBox())
    finally:
        server.stop()


async def test_other_systems_find_a_school_below_a_path_and_lead_back_to_it(
    below: Installation, issuer: str, tmp_path: Path
) -> None:
    """One server for all of it, as each takes seconds to start."""
    await somebody_signs_in_and_out_with_the_schools_account(below, issuer)
    await a_calendar_leads_to_what_is_due(below)
    await a_learning_system_adds_a_quiz_and_opens_it(below, tmp_path)


async def somebody_signs_in_and_out_with_the_schools_account(below: Installation, issuer: str) -> None:
    async with below.visitor() as amina:
        start = await amina.http.get(f'{PATH}/oidc/school/start?next=/account')
        asked = parse_qs(urlsplit(start.headers['location']).query)
        assert asked['redirect_uri'] == [f'{below.address}/oidc/school/callback']

        async with httpx.AsyncClient(timeout=PATIENCE) as there:
            back = await there.post(start.headers['location'], data={'sub': 'amina'})
        answer = await amina.http.get(back.headers['location'])
        assert answer.headers['location'] == f'{PATH}/account'
        assert 'Amina Diallo' in words((await amina.opens(f'{PATH}/account')).text)

        answer = await amina.sends(f'{PATH}/sign-out', form=f'{PATH}/account')
        leads = urlsplit(answer.headers['refresh'].removeprefix('0; url='))
        assert f'{leads.scheme}://{leads.netloc}' == issuer
        assert parse_qs(leads.query)['post_logout_redirect_uri'] == [f'{below.address}/']


async def a_calendar_leads_to_what_is_due(below: Installation) -> None:
    klass = await a_class(checkpoints=1)
    soil = Details(title='Soil', due_at=clock.now())
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], details=soil)
    token = await database.write(feeds.make, klass.learner)

    async with httpx.AsyncClient(timeout=PATIENCE) as program:
        answer = await program.get(f'{below.address}/calendar/{token}.ics')

    [event] = icalendar.Calendar.from_ical(answer.content).events
    assert event['url'].startswith(f'{below.address}/courses/{klass.course_id}')


async def a_learning_system_adds_a_quiz_and_opens_it(below: Installation, tmp_path: Path) -> None:
    quiz = await a_quiz(title='Soil quiz')
    course = quiz.klass.course_id
    email = await database.read(lambda tx: tx.session.get_one(User, quiz.teacher.user_id).email)
    async with an_edx_platform(f'{below.address}/lti', tmp_path / 'edx', ags='programmatic') as edx:
        await register(await an_admin(), edx)
        async with below.visitor() as teacher, below.visitor() as frame:
            window, chosen = await a_frame_offers_a_window(below, edx, frame)
            assert 'Nothing was chosen yet' in (await frame.opens(chosen)).text
            page = await follow(teacher.http, f'{below.front}{window}')
            assert page.url.path == f'{PATH}/lti/welcome', page.text
            form = hidden_fields(page.text, f'{PATH}/lti/welcome')
            fields = {**form, 'email': email or '', 'password': PASSWORD}
            page = await teacher.http.post(f'{PATH}/lti/welcome', data=fields, follow_redirects=True)
            assert page.url.path == f'{PATH}/lti/choose', page.text
            asked = {'ticket': page.url.params['link'], 'course': course, 'step': quiz.checkpoint_id}
            page = await teacher.opens(f'{PATH}/lti/add?{urlencode(asked)}')
            assert 'is ready' in page.text
            page = await frame.opens(chosen)
            address, fields = form_to(page.text, edx.origin)
            await teacher.http.post(address, data=fields, follow_redirects=True)
        assert f'{below.address}/lti/launch' in str((await edx.knows())['dl'])

        async with below.visitor() as learner:
            page = await launch_added(learner, edx, 'student1')
        assert page.url.path == f'{PATH}/courses/{course}/learn/{quiz.checkpoint_id}', page.text


async def a_frame_offers_a_window(below: Installation, edx: EdxPlatform, frame: Visitor) -> tuple[str, str]:
    """Open the picker in a frame of the platform; returns where its two links lead."""
    asked = {'sec-fetch-dest': 'iframe'}
    begun = await frame.http.get(f'{edx.origin}/start/teacher1?dl=1', headers=asked, follow_redirects=True)
    found = [html.unescape(each) for each in re.findall(r'href="(/[^"]+)"', begun.text)]
    assert [each for each in found if not each.startswith(f'{PATH}/')] == []
    (window,) = [each for each in found if each.startswith(f'{PATH}/lti/login?')]
    (chosen,) = [each for each in found if each.startswith(f'{PATH}/lti/chosen?')]
    return window, chosen
