"""Open edX opens Waymark: a teacher adds a quiz with the picker, learners take it, and their grades arrive there.

What a teacher changes there is read back.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from models import User
from services.access import Actor
from services.accounts import sign_ins
from services.core import database
from services.lms import drift, key_sets, platforms, reading_back, roster, sending
from services.lms.drift import Drift
from services.lms.platforms import NewPlatform
from settings import settings
from tests.factories.people import PASSWORD, an_admin
from tests.factories.quizzes import RIGHT, QuizAtHand, a_quiz, take
from tests.support.edx_platform import EdxPlatform, an_edx_platform, follow, form_to
from tests.support.running import Server
from tests.support.visitor import Visitor, hidden_fields

pytestmark = [pytest.mark.req('R3')]


async def register(admin: Actor, edx: EdxPlatform, **more: str) -> None:
    facts = edx.facts
    new = NewPlatform(
        name='Open edX',
        issuer=facts['issuer'],
        client_id=facts['client_id'],
        deployments=facts['deployment_id'],
        auth_login_url=facts['auth_login_url'],
        auth_token_url=facts['auth_token_url'],
        key_set_url=more.get('key_set_url', facts['key_set_url']),
    )
    await database.write(platforms.register, admin, new)


async def who(visitor: Visitor) -> Actor:
    found = await database.read(sign_ins.resolve, visitor.token or '')
    assert found is not None
    return found[0]


@pytest.mark.parametrize('ags', ['programmatic', 'declarative'])
async def test_from_the_picker_to_the_gradebook(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_visitor: Callable[..., Visitor], ags: str
) -> None:
    monkeypatch.setenv('DATA_DIR', str(server.data_dir))  # this process signs with the key of the server
    settings.cache_clear()
    quiz = await a_quiz(title='Soil quiz')
    email = await database.read(lambda tx: tx.session.get_one(User, quiz.teacher.user_id).email)
    async with an_edx_platform(f'{server.origin}/lti', tmp_path / 'edx', ags=ags) as edx:
        await register(await an_admin(), edx)
        teacher = a_visitor()
        page = await follow(teacher.http, f'{edx.origin}/start/teacher1?dl=1')
        assert page.url.path == '/lti/welcome', page.text

        fields = {**hidden_fields(page.text, '/lti/welcome'), 'email': email or '', 'password': PASSWORD}
        page = await teacher.http.post('/lti/welcome', data=fields, follow_redirects=True)
        assert page.url.path == '/lti/choose', page.text
        assert 'What do you want to add?' in page.text
        link = page.url.params['link']
        course = quiz.klass.course_id
        page = await teacher.opens(f'/lti/choose?{urlencode({"link": link, "course": course})}')
        assert 'Soil quiz' in page.text
        page = await teacher.opens(
            f'/lti/add?{urlencode({"ticket": link, "course": course, "step": quiz.checkpoint_id})}'
        )
        address, fields = form_to(page.text, edx.origin)
        answer = await teacher.http.post(address, data=fields, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        assert 'Soil quiz' in str((await edx.knows())['dl'])

        learner = a_visitor()
        page = await launch_added(learner, edx, 'student1')
        assert page.url.path == f'/courses/{course}/learn/{quiz.checkpoint_id}', page.text
        await take(quiz, RIGHT, by=await who(learner))
        known = await graded(edx)
        assert known['grades'][-1][1] == known['grades'][-1][2], known
        assert known['scores'][-1].endswith('FullyGraded')

        assert await drifts(quiz) == ()
        await asyncio.to_thread(edx.override, share=0.4)
        (drifted,) = await drifts(quiz)
        assert (drifted.there, drifted.here, drifted.takes) == (40, 100, 40)

        (linked,) = await database.read(roster.of_course, quiz.teacher, course)
        compared = await roster.compare(quiz.teacher, course, link_id=linked.link_id)
        assert (compared.new, compared.here, compared.others) == (('Student2',), 1, 1)

        await register(await an_admin(), edx, key_set_url=f'{server.origin}/lti/jwks')
        key_sets.forget()
        page = await launch_added(a_visitor(), edx, 'student2')
        assert page.status_code != 200
        assert 'not in its key set' in page.text


async def launch_added(visitor: Visitor, edx: EdxPlatform, name: str) -> httpx.Response:
    """Open what was added, as a learner does; the platform lists it."""
    page = await follow(visitor.http, f'{edx.origin}/start/{name}')
    if listed := re.search(r'href="([^"]*deep_linking_content_item_id[^"]*)"', page.text):
        page = await follow(visitor.http, listed[1].replace('&amp;', '&'))
    return page


async def drifts(quiz: QuizAtHand) -> tuple[Drift, ...]:
    """Read the grades there, as the teacher asks; returns those that are not the ones here."""
    course = quiz.klass.course_id
    (report,) = await database.read(drift.of_course, quiz.teacher, course)
    await reading_back.read_now(quiz.teacher, course, link_id=report.link_id)
    (report,) = await database.read(drift.of_course, quiz.teacher, course)
    return report.drifts


async def graded(edx: EdxPlatform) -> dict[str, Any]:
    """Send what waits, beside the server, which does so as well; returns what has arrived."""
    async with asyncio.timeout(60):
        while not (known := await edx.knows())['scores']:
            await sending.send_due()
            await asyncio.sleep(0.2)
    return known
