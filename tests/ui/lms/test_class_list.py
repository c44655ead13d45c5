"""The class list of a platform on the page: compared first, taken over when the teacher says so."""

import pytest

from services.lms import tokens
from tests.factories.people import an_admin
from tests.services.lms.test_grades_out import a_linked_quiz
from tests.support.lti_platform import a_platform
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]


async def test_a_long_list_is_compared_with_a_few_names_and_taken_over_whole(enter: Enter, data_dir: object) -> None:
    tokens._tokens.clear()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        quiz = await a_linked_quiz(campus)
        campus.members = [
            {'user_id': f'new-{number}', 'name': f'Learner {number:03}', 'roles': ['Learner']} for number in range(33)
        ]

        teacher = await enter(quiz.teacher)
        await teacher.open(f'/courses/{quiz.klass.course_id}/lms')
        teacher.find('Compare the class list').click()
        await teacher.should_see('New here: Learner 000, Learner 001')
        await teacher.should_see('Learner 029 and 3 more')
        await teacher.should_not_see('Learner 030')

        teacher.find('Take the list over').click()
        await teacher.should_see('33 learners are new here.')
        teacher.find('Compare the class list').click()
        await teacher.should_see('33 learners are on both lists.')
        await teacher.should_see('There is nothing to take over.')
