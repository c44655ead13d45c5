"""The pages on which a class is looked at again."""

import pytest

from services.core import database
from services.live import sessions
from tests.factories.classes import a_class, join_class, tap
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L11')]


async def test_a_class_that_is_over_is_in_the_list_and_can_be_opened(enter: Enter) -> None:
    klass = await a_class(steps=2)
    await join_class(klass)
    await tap(klass, klass.steps[0])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/classes')
    await teacher.should_see(f'/courses/{klass.course_id}/classes/{klass.session_id}')
    await teacher.open(f'/courses/{klass.course_id}/classes/{klass.session_id}')
    await teacher.should_see('How each step went')
    await teacher.should_see('1 Step 1')
    teacher.find('Play').click()
    await teacher.should_see('Stop')


async def test_before_the_first_class_there_is_nothing_to_look_at(enter: Enter) -> None:
    klass = await a_class()
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/classes')
    await teacher.should_see('No class of this course is over yet')
