"""Milestones on the page: a teacher switches them on and sees what has arrived."""

import pytest

from services.lms import tokens
from tests.factories.classes import tap
from tests.factories.people import an_admin
from tests.services.lms.test_grades_out import send
from tests.services.lms.test_milestones import a_linked_class
from tests.support.lti_platform import a_platform
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]


async def test_a_teacher_switches_milestones_on_and_sees_what_arrived(enter: Enter, data_dir: object) -> None:
    tokens._tokens.clear()
    async with a_platform() as campus:
        await campus.register(await an_admin())
        klass = await a_linked_class(campus)
        for checkpoint in klass.checkpoints[:2]:
            await tap(klass, checkpoint)
        await send()
        teacher = await enter(klass.teacher)
        await teacher.open(f'/courses/{klass.course_id}/lms')
        await teacher.should_not_see('A column is made')

        switch = 'Completed modules and the completed course have columns of their own there'
        teacher.find(switch).click()
        await teacher.should_see('1 milestone is sent.')
        await teacher.should_see('1 waits to be sent')
        await send()
        await teacher.open(f'/courses/{klass.course_id}/lms')
        await teacher.should_see('Water')
        await teacher.should_see('sent for 1 learner')
        await teacher.should_not_see('1 waits to be sent')
        teacher.find(switch).click()
        await teacher.should_see('Milestones are not sent from now on.')
