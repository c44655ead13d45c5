"""What a module is about: typed below its title, and stored when the teacher leaves the field."""

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.courses import outline
from tests.factories.classes import a_course
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('C3')


async def test_a_module_is_described_where_it_stands(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')

    described(teacher).clear().type('Bring **boots**.').trigger('blur')

    await teacher.should_see('Saved', retries=RETRIES)
    (section,) = await database.read(outline.sections, course.teacher, course.course_id)
    assert (section.title, section.description) == ('Module 1', 'Bring **boots**.')
    await teacher.should_see('Bring <strong>boots</strong>.', retries=RETRIES)


async def test_a_description_that_is_too_long_is_refused_and_what_was_typed_stays(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')

    described(teacher).clear().type('x' * 10_001).trigger('blur')

    await teacher.should_see('This text is too long; use at most 10000 characters.', retries=RETRIES)
    (section,) = await database.read(outline.sections, course.teacher, course.course_id)
    assert section.description == ''


def described(user: User) -> UserInteraction[ui.textarea]:
    assert user.client
    (field,) = [
        element
        for element in user.client.elements.values()
        if isinstance(element, ui.textarea) and element.props.get('aria-label') == 'Description of Module 1'
    ]
    return UserInteraction(user, {field}, None)
