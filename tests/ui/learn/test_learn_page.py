"""The learner's page: how one gets there, and what it offers once a step or a course is done."""

import pytest
from nicegui.testing import User

from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('S1', 'S2')


def page_of(course: CourseAtHand, step: int = 0) -> str:
    return f'/courses/{course.course_id}/learn/{course.steps[step]}'


def offers_undo(user: User) -> bool:
    assert user.client
    pieces = user.client.elements.values()
    return any(piece.props.get('innerHTML') == 'Undo' and 'hidden' not in piece.classes for piece in pieces)


async def test_the_address_of_a_course_leads_its_learners_to_their_page(enter: Enter) -> None:
    soil, air = await a_course(), await a_course(title='Air')
    learner = await enter(await a_guest(code=soil.code))
    stranger = await enter(await a_guest(code=air.code, name='Otto'))

    led = await learner.http_client.get(f'/courses/{soil.course_id}')
    refused = await stranger.http_client.get(f'/courses/{soil.course_id}')

    assert (led.status_code, led.headers['location']) == (303, f'/courses/{soil.course_id}/learn')
    assert refused.status_code == 404


async def test_undo_is_offered_only_right_after(enter: Enter) -> None:
    course = await a_course(steps=2)
    learner = await a_guest(code=course.code)
    lena = await enter(learner)
    await lena.open(page_of(course))
    assert not offers_undo(lena)

    await mark(course.steps[0], by=learner)
    await lena.should_see('learn-done')
    assert offers_undo(lena)

    await lena.open(page_of(course))
    await lena.should_see('learn-done')
    assert not offers_undo(lena)


async def test_in_a_completed_course_the_certificate_comes_first(enter: Enter) -> None:
    course = await a_course(steps=2)
    learner = await a_guest(code=course.code)
    await mark(course.steps[0], by=learner)
    lena = await enter(learner)
    await lena.open(page_of(course))
    await lena.should_see('class="button-primary" rel="next"')

    await mark(course.steps[1], by=learner)
    await lena.open(page_of(course))

    await lena.should_see('class="button-primary" href="/certificates/')
    await lena.should_see('class="button-quiet" rel="next"')
