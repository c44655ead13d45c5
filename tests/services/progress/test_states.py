"""Pausing a course: by the learner alone, told by the log, ended by going on."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, Verb
from services.access import Actor
from services.core import database
from services.core.errors import DomainError, NotEnrolled, Refused
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.people import participants
from services.progress import states
from services.progress.states import EnrollmentState, state_of
from tests.factories.classes import CourseAtHand, a_class, a_course, assert_log_and_projections_agree, mark, tap
from tests.factories.people import a_guest

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S11'), pytest.mark.usefixtures('db')]


async def is_paused(course_id: int, learner: Actor) -> bool:
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == learner.user_id

    def query(tx: Transaction) -> bool:
        return tx.session.scalars(select(Enrollment).where(*mine)).one().paused_at is not None

    return await database.read(query)


async def state(course: CourseAtHand, learner: Actor) -> EnrollmentState:
    people = await database.read(participants.of_course, course.teacher, course.course_id)
    return next(person.state for person in people.learners if person.user_id == learner.user_id)


async def test_a_learner_pauses_and_goes_on_and_the_instructor_sees_it() -> None:
    course = await a_course(checkpoints=2)
    lena = await a_guest(code=course.code)
    assert await state(course, lena) is EnrollmentState.NOT_STARTED

    await database.write(states.pause, lena, course.course_id)
    await database.write(states.pause, lena, course.course_id)
    assert await state(course, lena) is EnrollmentState.PAUSED
    await assert_log_and_projections_agree()

    await database.write(states.resume, lena, course.course_id)
    await database.write(states.resume, lena, course.course_id)
    assert await state(course, lena) is EnrollmentState.NOT_STARTED
    await mark(course.checkpoints[0], by=lena)
    assert await state(course, lena) is EnrollmentState.IN_PROGRESS
    await mark(course.checkpoints[1], by=lena)
    assert await state(course, lena) is EnrollmentState.COMPLETED
    with pytest.raises(Refused):
        await database.write(states.pause, lena, course.course_id)
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('verb', [Verb.STARTED, Verb.COMPLETED, Verb.UNDONE])
async def test_marking_on_ones_own_goes_on_by_itself(verb: Verb) -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code), await a_guest(code=course.code, name='Otto')
    for learner in lena, otto:
        await database.write(states.pause, learner, course.course_id)

    await mark(course.checkpoints[0], by=lena, verb=verb)

    assert not await is_paused(course.course_id, lena)
    assert await is_paused(course.course_id, otto), 'others are left alone'
    await assert_log_and_projections_agree()


async def test_a_class_does_not_end_a_pause() -> None:
    klass = await a_class()
    await database.write(states.pause, klass.learner, klass.course_id)
    await tap(klass, klass.checkpoints[0])
    assert await is_paused(klass.course_id, klass.learner)
    await assert_log_and_projections_agree()


async def test_who_is_lifted_to_the_end_has_completed_though_paused() -> None:
    course = await a_course(checkpoints=2)
    lena = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=lena)
    await database.write(states.pause, lena, course.course_id)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
    assert await state(course, lena) is EnrollmentState.COMPLETED
    await assert_log_and_projections_agree()


async def test_who_was_taken_out_cannot_pause() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    await database.write(participants.remove, course.teacher, course.course_id, user_id=lena.user_id)
    with pytest.raises(DomainError):
        await database.write(states.pause, lena, course.course_id)
    with pytest.raises(NotEnrolled):
        await database.write(states.pause, course.teacher, course.course_id)
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
    assert not await is_paused(course.course_id, lena)


async def test_a_forged_table_is_found_out() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    await database.write(states.pause, lena, course.course_id)

    def forge(tx: Transaction) -> None:
        tx.session.scalars(select(Enrollment)).one().paused_at = None

    await database.write(forge)
    with pytest.raises(AssertionError):
        await assert_log_and_projections_agree()


def test_a_state_for_each_case() -> None:
    assert state_of(completed=True, paused=True, started=True) is EnrollmentState.COMPLETED
    assert state_of(completed=False, paused=True, started=False) is EnrollmentState.PAUSED
    assert state_of(completed=False, paused=False, started=True) is EnrollmentState.IN_PROGRESS
    assert state_of(completed=False, paused=False, started=False) is EnrollmentState.NOT_STARTED
