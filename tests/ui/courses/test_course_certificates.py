"""Whether a course gives certificates is chosen by those who teach it."""

import pytest

from services.core import database
from services.courses import catalog
from tests.factories.classes import a_course
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('S10')]


async def test_the_switch_in_the_course(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}')
    switch = ines.find('Learners who complete this course get a certificate')

    switch.click()
    await ines.should_see('Saved: no more certificates', retries=RETRIES)
    assert not (await database.read(catalog.facts, course.teacher, course.course_id)).gives_certificates

    switch.click()
    await ines.should_see('Saved: this course gives certificates', retries=RETRIES)
    assert (await database.read(catalog.facts, course.teacher, course.course_id)).gives_certificates
