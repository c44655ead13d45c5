"""A module is complete when all that counts in it is: from a moment on, and for good."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update
from sqlmodel import col

from models import Activity, FollowerState, Verb
from services.access import Actor
from services.activity import log
from services.activity.following import Running
from services.core import database
from services.core.events import Recorded
from services.courses import checkpoints, modules
from services.courses.checkpoints import Details
from services.people import merging
from services.progress import module_completions
from services.study import course_path
from tests.factories.classes import CourseAtHand, a_class, a_course, assert_log_and_projections_agree, mark, tap, undo
from tests.factories.people import a_guest

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S6')]

MORNING = datetime(2030, 1, 15, 9, tzinfo=UTC)


async def test_a_module_is_complete_from_its_last_checkpoint_on_and_stays_so() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=2)
        lena = klass.learner
        await tap(klass, klass.checkpoints[0])
        await follow()
        assert await completed(lena, klass.course_id) == [None]
        clock.shift(60)
        await mark(klass.checkpoints[1], by=lena)
        clock.shift(60)
        await follow()

        assert await completed(lena, klass.course_id) == [MORNING + timedelta(seconds=60)]
        await undo(klass, klass.checkpoints[0])
        await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')
        await tap(klass, klass.checkpoints[0])
        await follow()

    assert await completed(lena, klass.course_id) == [MORNING + timedelta(seconds=60)]
    (told,) = await activities()
    assert (told.user_id, told.course_id, told.details) == (
        lena.user_id,
        klass.course_id,
        {'module': klass.module_id},
    )
    await assert_log_and_projections_agree()


async def test_an_empty_module_and_one_of_previews_are_never_complete() -> None:
    klass = await a_class(checkpoints=1)
    await database.write(modules.add, klass.teacher, klass.course_id, title='Empty')
    shown = await database.write(modules.add, klass.teacher, klass.course_id, title='Only to look at')
    (checkpoint,) = await database.write(checkpoints.add, klass.teacher, shown, lines='Look')
    await database.write(checkpoints.edit, klass.teacher, checkpoint, Details(title='Look', is_preview=True))
    await tap(klass, klass.checkpoints[0])
    await follow()
    await module_completions.complete_changed()

    assert [told.details for told in await activities()] == [{'module': klass.module_id}]


@pytest.mark.req('C3')
@pytest.mark.parametrize('change', ['delete', 'move', 'preview'])
async def test_a_change_of_the_course_completes_a_module_too(change: str) -> None:
    course = await a_course(checkpoints=2)
    lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
    await mark(course.checkpoints[0], by=lena)
    await follow()

    await apply(course, change)
    await module_completions.complete_changed()

    assert (await completed(lena, course.course_id))[0] is not None
    assert (await completed(otto, course.course_id))[0] is None
    assert not await database.read(module_completions.are_changed)
    await assert_log_and_projections_agree()


async def test_many_learners_complete_a_module_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_completions, 'IN_ONE_GO', 2)
    course = await a_course(checkpoints=2)
    learners = [await a_guest(code=course.code, name=f'Learner {number}') for number in range(5)]
    for learner in learners:
        await mark(course.checkpoints[0], by=learner)

    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
    await module_completions.complete_changed()

    assert {each.user_id for each in await activities()} == {each.user_id for each in learners}


async def test_looking_through_the_log_again_completes_nothing_twice() -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await follow()
    await database.write(lambda tx: tx.execute(update(FollowerState).values(position=0)))
    await follow()

    assert len(await activities()) == 1


@pytest.mark.req('A5')
async def test_two_halves_complete_a_module_as_long_as_they_are_one() -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)
    await tap(klass, klass.checkpoints[1], by=phone)
    await follow()

    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)
    assert (await completed(lena, klass.course_id))[0] is not None
    await assert_log_and_projections_agree()
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=phone.user_id)

    assert await completed(lena, klass.course_id) == [None]
    await assert_log_and_projections_agree()


async def apply(course: CourseAtHand, change: str) -> None:
    match change:
        case 'delete':
            await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
        case 'move':
            other = await database.write(modules.add, course.teacher, course.course_id, title='Other')
            await database.write(checkpoints.move, course.teacher, course.checkpoints[1], module_id=other, index=0)
        case _:
            shown = Details(title='Only to look at', is_preview=True)
            await database.write(checkpoints.edit, course.teacher, course.checkpoints[1], shown)


async def follow() -> None:
    """Let the follower take the log to its end."""
    await database.write(lambda tx: tx.execute(update(FollowerState).values(leased_until=None, leased_by='')))
    await Running(module_completions.FOLLOWER).catch_up()


async def completed(learner: Actor, course_id: int) -> list[datetime | None]:
    """When a learner completed each module, as their path tells it."""
    found = await database.read(course_path.of_course, learner, course_id)
    return [part.completed_at for part in found.modules]


async def activities() -> list[Recorded]:
    return await database.read(log.read, col(Activity.verb) == Verb.MODULE_COMPLETED)
