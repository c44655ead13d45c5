"""The home of a learner: one filled button, which is the class that is on; and no verdict before there was a week."""

import pytest
from nicegui.testing import User

from services.core import database
from services.live import sessions
from services.people import joining
from tests.factories.classes import a_class, a_course, mark
from tests.factories.people import a_guest
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L3', 'S12')]


def filled_buttons(user: User) -> list[str]:
    assert user.client
    elements = user.client.elements.values()
    return [str(each.props.get('href', each.tag)) for each in elements if 'button-primary' in each.classes]


async def test_the_class_that_is_on_is_the_one_filled_button(enter: Enter) -> None:
    klass, other = await a_class(title='Soil'), await a_course(title='Air')
    await database.write(joining.join, klass.learner, code=other.code)
    lena = await enter(klass.learner)

    await lena.open('/')
    await lena.should_see('Soil is on now')
    assert filled_buttons(lena) == [f'/class/{klass.course_id}']

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await lena.open('/')
    await lena.should_see('Your courses')
    assert filled_buttons(lena) == []


async def test_a_course_that_was_just_joined_says_how_many_steps_and_gives_no_verdict(enter: Enter) -> None:
    course = await a_course(steps=8)
    learner = await a_guest(code=course.code)
    await mark(course.steps[0], by=learner)
    lena = await enter(learner)

    await lena.open('/')

    await lena.should_see('this week')
    await lena.should_not_see('at risk')
