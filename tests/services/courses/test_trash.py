"""Nothing is lost by a slip: what was deleted is listed for thirty days and comes back with one click."""

from datetime import timedelta

import pytest
import time_machine

from services.access import Actor
from services.core import clock, database
from services.core.errors import Forbidden, NotFound, NotSignedIn
from services.courses import catalog, checkpoints, modules, outline, trash
from services.courses.trash import Deleted, Trashed
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_student, an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C8')]


async def listed(course: CourseAtHand) -> list[tuple[Deleted, str, int]]:
    found = await database.read(trash.of_course, course.teacher, course.course_id)
    return [(each.what, each.title, each.checkpoints) for each in found]


async def titles(course: CourseAtHand) -> list[list[str]]:
    sections = await database.read(outline.sections, course.teacher, course.course_id)
    return [[checkpoint.details.title for checkpoint in section.checkpoints] for section in sections]


async def test_a_checkpoint_is_listed_and_comes_back_where_it_was() -> None:
    course = await a_course(checkpoints=3)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])

    assert await listed(course) == [(Deleted.CHECKPOINT, 'Step 2', 0)]

    await database.write(checkpoints.restore, course.teacher, course.checkpoints[1])
    assert await listed(course) == []
    assert await titles(course) == [['Step 1', 'Step 2', 'Step 3']]


async def test_a_module_is_listed_once_with_what_comes_back_with_it() -> None:
    course = await a_course(checkpoints=3)
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
    await database.write(modules.delete, course.teacher, course.module_id)

    assert await listed(course) == [(Deleted.MODULE, 'Module 1', 2), (Deleted.CHECKPOINT, 'Step 1', 0)]

    await database.write(modules.restore, course.teacher, course.module_id)
    assert await titles(course) == [['Step 2', 'Step 3']]
    assert await listed(course) == [(Deleted.CHECKPOINT, 'Step 1', 0)]


@pytest.mark.parametrize(('days', 'shown'), [(29, 1), (31, 0)])
async def test_after_thirty_days_it_is_not_listed(days: int, shown: int) -> None:
    course = await a_course(checkpoints=1)

    with time_machine.travel(clock.now() - timedelta(days=days)):
        await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    assert len(await listed(course)) == shown


async def test_a_course_is_listed_for_who_may_restore_it() -> None:
    course = await a_course(title='Soil', checkpoints=2)
    stranger, admin = await an_instructor(), await an_admin()
    await database.write(catalog.delete, course.teacher, course.course_id)

    async def seen(by: Actor) -> list[Trashed]:
        return await database.read(trash.courses, by)

    assert [(each.title, each.checkpoints) for each in await seen(course.teacher)] == [('Soil', 2)]
    assert [each.id for each in await seen(admin)] == [course.course_id]
    assert await seen(stranger) == []
    with pytest.raises(Forbidden):
        await seen(await a_student())

    await database.write(catalog.restore, course.teacher, course.course_id)
    assert await seen(course.teacher) == []


async def test_only_those_who_teach_a_course_see_what_was_deleted_in_it() -> None:
    course = await a_course(checkpoints=1)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    for other in await an_instructor(), await a_student(), None:
        with pytest.raises((NotFound, Forbidden, NotSignedIn)):
            await database.read(trash.of_course, other, course.course_id)
