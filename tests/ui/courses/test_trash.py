"""A slip of a teacher: what was deleted is still on the page, closed, and comes back with one click."""

import pytest

from services.core import database
from services.courses import catalog, checkpoints
from tests.factories.classes import a_course
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from tests.ui.school.test_school import press

pytestmark = pytest.mark.req('C8')


async def test_a_deleted_checkpoint_is_listed_below_the_outline_and_restored(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    await teacher.should_see('Deleted (1)')

    press(teacher, 'Restore')

    await teacher.should_see('Restored: Step 2', retries=RETRIES)
    await teacher.should_not_see('Deleted (1)')


async def test_a_deleted_course_is_listed_at_home(enter: Enter) -> None:
    course = await a_course(title='Soil', checkpoints=2)
    await database.write(catalog.delete, course.teacher, course.course_id)
    teacher = await enter(course.teacher)

    await teacher.open('/')

    await teacher.should_see('Deleted courses (1)')
    await teacher.should_see('Soil')
