"""The drift report on the page: read at once, ignored, and taken over."""

import pytest

from services.lms import tokens
from tests.factories.people import an_admin
from tests.factories.quizzes import WRONG, take
from tests.services.lms.test_grades_out import a_linked_quiz, said, send, set_grade
from tests.support.lti_platform import a_platform
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]


async def test_a_teacher_reads_the_grades_and_settles_what_differs(enter: Enter, data_dir: object) -> None:
    tokens._tokens.clear()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        quiz = await a_linked_quiz(campus)
        await take(quiz, WRONG)
        await set_grade(quiz, 80)
        await send()
        campus.changed['lena-17'] = 70

        teacher = await enter(quiz.teacher)
        await teacher.open(f'/courses/{quiz.klass.course_id}/lms')
        await teacher.should_see('Not read yet')
        teacher.find('Read them now').click()
        await teacher.should_see('Campus says 70, we say 80, since')
        await teacher.should_see(content='changed there')
        campus.status = 503
        teacher.find('Read them now').click()
        await teacher.should_see('The grades cannot be read since')
        await teacher.should_see('Campus says 70, we say 80, since')

        campus.status = 200
        teacher.find('Ignore').click()
        await teacher.should_see('1 difference is ignored')
        teacher.find('Take 70').click()
        await teacher.should_see('The grades there are those that were sent.')
        await send()
        assert said(campus)[-1] == 70


async def test_a_platform_that_keeps_no_extra_credit_is_said_to_do_so(enter: Enter, data_dir: object) -> None:
    tokens._tokens.clear()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        quiz = await a_linked_quiz(campus)
        await set_grade(quiz, 120)
        await send()
        campus.changed['lena-17'] = 100

        teacher = await enter(quiz.teacher)
        await teacher.open(f'/courses/{quiz.klass.course_id}/lms')
        teacher.find('Read them now').click()
        await teacher.should_see('Campus says 100, we say 120, since')
        await teacher.should_see('it keeps no extra credit above its maximum')
        await teacher.should_see(content='at its maximum')
        await teacher.should_not_see('Take 100')
        await teacher.should_not_see('Keep 120')
        del campus.changed['lena-17']
        teacher.find('Send 120 again').click()
        await teacher.should_see('It is sent again.')
        await send()
        teacher.find('Read them now').click()
        await teacher.should_see('The grades there are those that were sent.')
