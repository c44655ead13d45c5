"""A learner comes from another system where somebody is signed in on the device: they are asked who they are."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.core import database
from services.core.transaction import Transaction
from services.lms import key_sets, links, messages, people, platforms
from services.lms.links import Target
from services.people import participants
from tests.factories.classes import CourseAtHand, a_class, a_course
from tests.factories.people import PASSWORD, a_guest, an_account, an_admin, an_instructor
from tests.support.lti_platform import CLAIM, CLIENT_ID, FakePlatform, a_platform
from tests.support.visitor import hidden_fields
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3', 'A5')]


async def launch(campus: FakePlatform, http: httpx.AsyncClient, **claims: Any) -> httpx.Response:
    """Open the link of the platform in a browser, as a learner does, up to the first page of ours."""
    asked = {'iss': campus.address, 'client_id': CLIENT_ID, 'login_hint': '17'}
    begun = await http.get('/lti/login', params=asked)
    said = parse_qs(urlsplit(begun.headers['location']).query)
    signed = campus.sign({'nonce': said['nonce'][0], **campus.claims(**claims)})
    posted = await http.post('/lti/launch', data={'id_token': signed, 'state': said['state'][0]})
    return await http.get(posted.headers['location'], follow_redirects=True)


async def linked(campus: FakePlatform, course: CourseAtHand, claims: dict[str, Any] | None = None, **what: Any) -> None:
    """Let the link of the platform open a course, or a part of it."""

    target = Target(course_id=course.course_id, **what)

    def write(tx: Transaction) -> None:
        platform = platforms.find(tx, issuer=campus.address, client_id=CLIENT_ID)
        links._new(tx, platform, messages.read(platform, campus.claims(**(claims or {}))), target)

    await database.write(write)


async def learners(course: CourseAtHand) -> list[str]:
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    return sorted(person.name for person in found.learners if not person.merged_into and not person.is_removed)


@pytest.mark.parametrize(('answer', 'names'), [('yes', ['Lena Learner']), ('no', ['Gus Guest', 'Lena Learner'])])
async def test_the_guest_of_a_shared_computer_is_taken_along_only_by_those_who_say_so(
    enter: Enter, answer: str, names: list[str]
) -> None:
    key_sets.forget()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        course = await a_course(by=await an_instructor())
        await linked(campus, course)
        browser = (await enter(await a_guest(code=course.code))).http_client
        page = await launch(campus, browser)
        assert page.url.path == '/lti/who'
        assert 'Gus Guest has learned on this device without an account. Is that you?' in page.text
        assert await learners(course) == ['Gus Guest'], 'nothing has happened before the answer'
        fields = {**hidden_fields(page.text, '/lti/who'), 'keep': answer}
        of_another = {**fields, 'keep': 'yes', 'guest': '4711'}  # who has joined in another tab meanwhile
        asked_again = await browser.post('/lti/who', data=of_another)
        assert asked_again.headers['location'].startswith('/lti/who?link=')
        assert await learners(course) == ['Gus Guest']
        page = await browser.post('/lti/who', data=fields, follow_redirects=True)
        assert page.url.path.startswith(f'/courses/{course.course_id}/learn')
        assert await learners(course) == names


async def test_a_student_who_has_an_account_proves_it_and_enters_it_from_then_on(enter: Enter) -> None:
    key_sets.forget()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        course = await a_course(by=await an_instructor())
        await linked(campus, course)
        sami = (await an_account(email='sami@example.org', name='Sami')).actor
        browser = (await enter(sami)).http_client
        page = await launch(campus, browser)
        assert 'Sami is signed in on this device. Is that you?' in page.text
        typed = {**hidden_fields(page.text, '/lti/who'), 'email': 'sami@example.org'}
        page = await browser.post('/lti/who', data={**typed, 'password': 'a wrong one'}, follow_redirects=True)
        assert page.url.path == '/lti/who'
        assert await learners(course) == []
        typed = {**typed, 'password': PASSWORD}
        page = await browser.post('/lti/who', data=typed, follow_redirects=True)
        assert page.url.path.startswith(f'/courses/{course.course_id}/learn')
        assert await learners(course) == ['Sami']

        def joined(tx: Transaction) -> int:
            person = people.known(tx, campus.address, 'lena-17')
            return person.id if person else 0

        assert await database.read(joined) == sami.user_id
        page = await launch(campus, browser)
        assert page.url.path.startswith(f'/courses/{course.course_id}/learn'), 'known from then on, and not asked again'


async def test_a_link_opens_the_class_or_one_step(enter: Enter) -> None:
    key_sets.forget()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        klass = await a_class(checkpoints=2, learners=())
        of_class = {f'{CLAIM}resource_link': {'id': 'link-2'}}
        await linked(campus, klass, checkpoint_id=klass.checkpoints[1])
        await linked(campus, klass, of_class, in_class=True)
        browser = (await enter(None)).http_client

        page = await launch(campus, browser)
        assert page.url.path == f'/courses/{klass.course_id}/learn/{klass.checkpoints[1]}'
        page = await launch(campus, browser, **of_class)
        assert page.url.path == f'/class/{klass.course_id}'
