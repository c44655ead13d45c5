"""A teacher and a learner come from Open edX: what the teacher adds is opened there, and grades go both ways."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from models import User
from services.access import Actor
from services.accounts import sign_ins
from services.core import database
from services.grades import overrides
from tests.factories.people import PASSWORD, an_admin
from tests.factories.quizzes import RIGHT, QuizAtHand, a_quiz, take
from tests.support.browser_people import People, is_connected
from tests.support.edx_platform import EdxPlatform, an_edx_platform
from tests.support.eventually import found_soon
from tests.support.page_check import faults_of
from tests.support.running import Server
from tests.web.test_lti_edx import register

pytestmark = [pytest.mark.browser, pytest.mark.req('R3'), pytest.mark.asyncio(loop_scope='session')]


async def test_from_the_picker_to_a_grade_that_is_taken_back(people: People, server: Server, tmp_path: Path) -> None:
    async with an_edx_platform(f'{server.origin}/lti', tmp_path / 'edx', ags='programmatic') as edx:
        async with server.at_hand():
            quiz = await a_quiz(title='Soil quiz', learners=())
            email = await database.read(lambda tx: tx.session.get_one(User, quiz.teacher.user_id).email)
            await register(await an_admin(), edx)
        teacher, learner = await people.page(), await people.page(phone=True)

        await adds_with_the_picker(teacher, edx, email or '')
        await learner.goto(f'{edx.origin}/start/student1')
        await learner.wait_for_url(f'**/courses/{quiz.klass.course_id}/learn/{quiz.checkpoint_id}')
        await is_graded(server, quiz, learner, score=80, reason='Well argued')

        await teacher.goto(f'/courses/{quiz.klass.course_id}/lms')
        await is_connected(teacher)
        await teacher.get_by_role('button', name='Send all grades again').click()
        await found_soon(lambda: arrived(edx, 80, 'Well argued'))

        await asyncio.to_thread(edx.override, share=0.4)
        await teacher.get_by_role('button', name='Read them now').click()
        differs = teacher.get_by_role('listitem').filter(has_text='Open edX says 40, we say 80, since')
        await expect(differs).to_contain_text('it was changed there')
        assert await faults_of(teacher) == []
        await differs.get_by_role('button', name='Take 40').click()
        await expect(differs).to_have_count(0)
        await found_soon(lambda: arrived(edx, 40, 'As in Open edX'))


async def adds_with_the_picker(teacher: Page, edx: EdxPlatform, email: str) -> None:
    await teacher.goto(f'{edx.origin}/start/teacher1?dl=1')
    await expect(teacher.get_by_role('heading', name='Welcome from Open edX')).to_be_visible()
    await teacher.get_by_label('E-mail').fill(email)
    await teacher.get_by_label('Password', exact=True).fill(PASSWORD)
    await teacher.get_by_role('button', name='Sign in').click()
    await expect(teacher.get_by_role('heading', name='What do you want to add?')).to_be_visible()
    await teacher.get_by_role('link', name='Soil', exact=True).click()
    await teacher.get_by_role('link', name='Soil quiz').click()
    await teacher.get_by_role('button', name='Add it to Open edX').click()
    await teacher.wait_for_url(f'{edx.origin}/**')
    assert 'Soil quiz' in str((await edx.knows())['dl'])


async def is_graded(server: Server, quiz: QuizAtHand, learner: Page, *, score: int, reason: str) -> None:
    """The learner takes the quiz, and the teacher gives another grade."""
    tokens = [each['value'] for each in await learner.context.cookies() if each['name'] == 'waymark']
    async with server.at_hand():
        found = await database.read(sign_ins.resolve, tokens[0])
        assert found is not None
        student: Actor = found[0]
        await take(quiz, RIGHT, by=student)
        about = {'user_id': student.user_id, 'score': score, 'reason': reason}
        await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, **about)


async def arrived(edx: EdxPlatform, score: int, comment: str) -> bool:
    grades = (await edx.knows())['grades']
    return bool(grades) and (round(grades[-1][1] / grades[-1][2] * 100), grades[-1][3]) == (score, comment)
