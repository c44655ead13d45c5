"""The moment in which a course is completed, on the page of whoever completes it."""

import pytest

from services.certificates import render_queue
from services.core import database
from services.courses import catalog, checkpoints
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest
from tests.support.certificates import a_typesetter, the_certificate_of
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('S10')]


def page_of(course: CourseAtHand) -> str:
    return f'/courses/{course.course_id}/learn/{course.checkpoints[0]}'


async def test_congratulations_come_at_once_and_the_pdf_by_itself(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_typesetter(monkeypatch, fails=0)
    course = await a_course(checkpoints=2, title='Soil <b>')
    learner = await a_guest(code=course.code)
    lena = await enter(learner)
    await lena.open(page_of(course))
    await mark(course.checkpoints[0], by=learner)
    await lena.should_not_see('Congratulations!')

    await mark(course.checkpoints[1], by=learner)  # on another device

    await lena.should_see('Congratulations!', retries=RETRIES)
    await lena.should_see('every step of “<bdi><b>Soil &lt;b&gt;</b></bdi>”.')
    serial = (await the_certificate_of(learner)).serial
    await lena.should_see(f'href="/certificates/{serial}"')
    await lena.should_not_see(f'/certificates/{serial}.pdf')
    await render_queue.print_due()
    await lena.should_see(f'/certificates/{serial}.pdf', retries=RETRIES)


async def test_afterwards_it_is_a_quiet_line_that_stays(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    await database.write(checkpoints.add, course.teacher, course.module_id, lines='One more')
    lena = await enter(learner)

    await lena.open(page_of(course))

    await lena.should_see('You have completed')
    await lena.should_not_see('Congratulations!')


async def test_a_course_without_certificates_congratulates_as_well(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    await database.write(catalog.give_certificates, course.teacher, course.course_id, given=False)
    learner = await a_guest(code=course.code)
    lena = await enter(learner)
    await lena.open(page_of(course))

    await mark(course.checkpoints[0], by=learner)

    await lena.should_see('Congratulations!', retries=RETRIES)
    await lena.should_not_see('Your certificate')


async def test_it_is_for_nobody_else(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    learner, other = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
    otto, teacher = await enter(other), await enter(course.teacher)
    for page in (otto, teacher):
        await page.open(page_of(course))

    await mark(course.checkpoints[0], by=learner)
    await mark(course.checkpoints[0], by=other)

    await otto.should_see('Congratulations!', retries=RETRIES)
    await teacher.should_not_see('Congratulations!')
