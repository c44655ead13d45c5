"""Marking at one's own pace: what counts, what is refused, and that both modes are one truth."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Mode, Progress, Verb
from services.core import database
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import (
    CourseAtHand,
    a_class,
    a_course,
    assert_log_and_projections_agree,
    mark,
    percent,
    tap,
    undo,
)
from tests.factories.people import a_guest, a_student

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S1', 'S2', 'S8', 'S12'), pytest.mark.usefixtures('db')]


async def modes_of(checkpoint: int) -> dict[Mode, bool]:
    """In which modes a checkpoint was started, and in which it is completed."""

    def query(tx: Transaction) -> dict[Mode, bool]:
        rows = tx.session.scalars(select(Progress).where(col(Progress.checkpoint_id) == checkpoint)).all()
        return {row.mode: row.completed_at is not None for row in rows}

    return await database.read(query)


async def log_length() -> int:
    return await database.read(lambda tx: tx.execute(select(func.count(col(Activity.id)))).scalar_one())


async def test_marking_moves_the_percentage() -> None:
    course = await a_course(checkpoints=10)
    learner = await a_guest(code=course.code)

    for checkpoint in course.checkpoints[:5]:
        await mark(checkpoint, by=learner)

    assert await percent(course, learner) == 50
    assert await modes_of(course.checkpoints[0]) == {Mode.SELF_PACED: True}
    await assert_log_and_projections_agree()


async def test_marking_twice_is_no_error_and_changes_nothing() -> None:
    course = await a_course(checkpoints=4)
    learner = await a_guest(code=course.code)

    first = await mark(course.checkpoints[2], by=learner, tap_id='one')
    again = await mark(course.checkpoints[2], by=learner, tap_id='one')
    later = await mark(course.checkpoints[2], by=learner)

    assert first == again
    assert later.checkpoint_id == first.checkpoint_id
    assert await percent(course, learner) == 25
    await assert_log_and_projections_agree()


async def test_two_devices_at_once_both_count() -> None:
    course = await a_course(checkpoints=2)
    learner = await a_guest(code=course.code)

    await asyncio.gather(mark(course.checkpoints[0], by=learner), mark(course.checkpoints[1], by=learner))

    assert await percent(course, learner) == 100
    await assert_log_and_projections_agree()


async def test_done_in_either_mode_is_done_and_undoing_lowers_its_own_mode_only() -> None:
    klass = await a_class(checkpoints=2)
    await tap(klass, klass.checkpoints[0])
    await mark(klass.checkpoints[0], by=klass.learner)

    await undo(klass, klass.checkpoints[0])
    assert await percent(klass, klass.learner) == 50, 'it is still done on their own'

    await mark(klass.checkpoints[0], by=klass.learner, verb=Verb.UNDONE)
    assert await percent(klass, klass.learner) == 0
    assert await modes_of(klass.checkpoints[0]) == {Mode.LIVE: False, Mode.SELF_PACED: False}
    await assert_log_and_projections_agree()


async def test_nobody_marks_without_being_enrolled() -> None:
    course = await a_course()

    students = await a_student(), await a_student(), await a_student()
    before = await log_length()
    for stranger in (students[0], course.teacher):
        with pytest.raises(NotEnrolled, match=r'^Not enrolled in this course$'):
            await mark(course.checkpoints[0], by=stranger)
    with pytest.raises(NotSignedIn):
        await mark(course.checkpoints[0], by=None)
    with pytest.raises(NotFound):
        await mark(999_999, by=students[1])
    with pytest.raises(NotFound):
        await mark(None, by=students[2])
    assert await log_length() == before


async def test_coming_and_going_is_for_classes() -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)

    for verb in (Verb.JOINED, Verb.LEFT, Verb.HELP_ASKED, Verb.CERTIFIED):
        with pytest.raises(Refused):
            await mark(course.checkpoints[0], by=learner, verb=verb)


async def archived(course: CourseAtHand) -> None:
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)


async def deleted(course: CourseAtHand) -> None:
    await database.write(catalog.delete, course.teacher, course.course_id)


async def checkpoint_deleted(course: CourseAtHand) -> None:
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])


async def made_a_preview(course: CourseAtHand) -> None:
    await database.write(
        checkpoints.edit, course.teacher, course.checkpoints[0], Details(title='Look', is_preview=True)
    )


@pytest.mark.parametrize(
    ('meanwhile', 'refusal', 'says'),
    [
        (archived, Gone, 'archived this course'),
        (deleted, Gone, 'archived this course'),
        (checkpoint_deleted, Gone, 'removed this step'),
        (made_a_preview, Refused, 'never marked'),
    ],
)
async def test_what_can_happen_while_somebody_studies(
    meanwhile: Callable[[CourseAtHand], Awaitable[None]], refusal: type[DomainError], says: str
) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    await meanwhile(course)
    before = await log_length()

    with pytest.raises(refusal, match=says):
        await mark(course.checkpoints[0], by=learner)
    assert await log_length() == before
    await assert_log_and_projections_agree()
