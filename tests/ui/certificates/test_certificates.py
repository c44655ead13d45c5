"""Certificates on the screens of those who earn them, who teach, and who run the school."""

import pytest
from nicegui import ui
from nicegui.testing import User

from services.certificates import render_queue
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, tap
from tests.factories.people import an_admin
from tests.support.certificates import a_typesetter, certificates_of, the_certificate_of
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from tests.ui.people.test_people import choose, elements_of

pytestmark = [pytest.mark.req('S10')]


async def test_what_one_has_earned_is_on_the_start_page(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    a_typesetter(monkeypatch, fails=0)
    klass = await a_class(checkpoints=1)
    lena = await enter(klass.learner)
    await lena.open('/')
    await lena.should_not_see('Your certificates')

    await tap(klass, klass.checkpoints[0])
    await lena.open('/')
    await lena.should_see('The PDF is being made.')
    await render_queue.print_due()
    await lena.open('/')

    serial = (await the_certificate_of(klass.learner)).serial
    assert {f'/certificates/{serial}', f'/certificates/{serial}.pdf'} <= set(links_of(lena))


async def test_the_instructor_issues_one_again_and_takes_it_back(enter: Enter) -> None:
    klass = await completed_class('lena')
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    first = (await the_certificate_of(klass.learner)).serial
    assert f'/certificates/{first}' in links_of(teacher)

    await choose(teacher, 'lena', 'Issue the certificate again')
    await teacher.should_see('New certificate for lena')
    teacher.find('Name, as it is printed').clear().type('!')
    teacher.find('Issue again').click()
    await teacher.should_see('with at least one letter', retries=RETRIES)
    teacher.find('Name, as it is printed').clear().type('Lena Learner')
    teacher.find('Issue again').click()
    await teacher.should_see('lena has a new certificate', retries=RETRIES)
    assert f'/certificates/{first}' not in links_of(teacher)

    await choose(teacher, 'lena', 'Take the certificate back')
    await teacher.should_see('certificate taken back', retries=RETRIES)
    teacher.find('Undo').click()
    await teacher.should_not_see('certificate taken back', retries=RETRIES)
    assert [each.name for each in await certificates_of(klass.learner)] == ['lena', 'Lena Learner', 'Lena Learner']
    await assert_log_and_projections_agree()


async def test_the_page_of_people_follows_who_completes(enter: Enter) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena'])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/people')
    await teacher.should_not_see('certificate')

    await tap(klass, klass.checkpoints[0])

    await teacher.should_see('certificate', retries=RETRIES)


async def test_the_admin_sees_what_was_not_printed_and_has_it_tried_again(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_typesetter(monkeypatch, fails=1, reason='No font on this server can draw “𓀀”.')
    await completed_class()
    await render_queue.print_due()
    admin = await enter(await an_admin())
    await admin.open('/school')
    await admin.should_see('1 certificate: No font on this server can draw “𓀀”.')

    admin.find('Try again now').click()

    await admin.should_not_see('not printed yet', retries=RETRIES)
    await admin.open('/school')
    await admin.should_not_see('not printed yet')


async def completed_class(name: str = 'Lena Learner') -> ClassAtHand:
    klass = await a_class(checkpoints=1, learners=[name])
    await tap(klass, klass.checkpoints[0])
    return klass


def links_of(person: User) -> list[str]:
    return [str(element.props['href']) for element in elements_of(person) if isinstance(element, ui.link)]
