"""The acceptance criteria AC-101.1 to AC-101.8 of learning at one's own pace, as the services keep them. Source: s4."""

from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models import Enrollment, Progress
from services.access import Actor
from services.accounts import first_step, sign_ins
from services.certificates import lookup, render_queue
from services.core import database
from services.core.errors import NotEnrolled
from services.core.transaction import Transaction
from services.courses import checkpoints, modules
from services.people import joining
from services.study import path, summary
from services.study.summary import Summary
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark
from tests.factories.people import PASSWORD, a_guest, a_student, an_account
from tests.support.certificates import certificates_of, the_certificate_of

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.usefixtures('db'),
    pytest.mark.req('S1', 'S2', 'S3', 'S4', 'S10', 'B1'),
]


async def a_learner_who_did(count: int, *, of: int) -> tuple[CourseAtHand, Actor]:
    course = await a_course(checkpoints=of)
    learner = await a_guest(code=course.code)
    for checkpoint in course.checkpoints[:count]:
        await mark(checkpoint, by=learner)
    return course, learner


async def progress_of(course: CourseAtHand, learner: Actor) -> Summary:
    found = await database.read(summary.summary, learner, course.course_id)
    assert found is not None
    return found


async def test_ac_101_1_a_student_marks_a_lesson_as_complete() -> None:
    course, learner = await a_learner_who_did(0, of=10)

    receipt = await mark(course.checkpoints[0], by=learner)

    assert receipt.checkpoint_id == course.checkpoints[0]
    assert (await progress_of(course, learner)).completed_ids == (course.checkpoints[0],)
    await assert_log_and_projections_agree()


async def test_ac_101_2_the_percentage_follows() -> None:
    course, learner = await a_learner_who_did(4, of=10)

    await mark(course.checkpoints[4], by=learner)

    found = await progress_of(course, learner)
    assert (found.completed, found.total, found.percent) == (5, 10, 50)


async def test_ac_101_3_progress_persists_across_sessions() -> None:
    course = await a_course(checkpoints=10)
    entered = await an_account(email='persistent@example.org')
    learner = entered.actor
    await database.write(enroll, course, learner)
    for checkpoint in course.checkpoints[:5]:
        await mark(checkpoint, by=learner)

    await database.write(sign_ins.sign_out, learner)
    back = (await first_step.sign_in(email='persistent@example.org', password=PASSWORD, device='Phone')).actor

    found = await progress_of(course, back)
    assert found.percent == 50
    assert set(found.completed_ids) == set(course.checkpoints[:5])


async def test_ac_101_4_completing_all_completes_the_course_once() -> None:
    course, learner = await a_learner_who_did(9, of=10)
    assert await completed_at(learner) is None

    await mark(course.checkpoints[9], by=learner)
    first = await completed_at(learner)
    assert first is not None

    added = await database.write(checkpoints.add, course.teacher, course.module_id, lines='One more')
    assert (await progress_of(course, learner)).percent == 90
    await mark(added[0], by=learner)
    assert await completed_at(learner) == first, 'it is set once'
    await assert_log_and_projections_agree()


async def test_ac_101_4_a_certificate_is_made_by_itself_when_all_checkpoints_are_done(data_dir: Path) -> None:
    course, learner = await a_learner_who_did(9, of=10)
    assert await certificates_of(learner) == []

    await mark(course.checkpoints[9], by=learner)
    assert await render_queue.print_due() == 1

    certificate = await the_certificate_of(learner)
    shown = await lookup.look_up(certificate.serial, address='anywhere')
    assert shown.sheet
    assert (shown.sheet.name, shown.sheet.course_title) == ('Gus Guest', 'Soil')
    (own,) = await database.read(lookup.own, learner)
    assert own.is_printed
    pdf = pypdfium2.PdfDocument(data_dir / 'certificates' / f'{certificate.serial}.pdf')
    assert 'Gus Guest' in pdf[0].get_textpage().get_text_range()
    await assert_log_and_projections_agree()


async def test_ac_101_5_continue_learning_goes_to_the_first_incomplete_lesson() -> None:
    course, learner = await a_learner_who_did(5, of=10)
    assert await database.read(path.continue_at, learner, course.course_id) == course.checkpoints[5]

    await mark(course.checkpoints[8], by=learner)
    assert await database.read(path.continue_at, learner, course.course_id) == course.checkpoints[5]

    for checkpoint in course.checkpoints:
        await mark(checkpoint, by=learner)
    assert await database.read(path.continue_at, learner, course.course_id) == course.checkpoints[0], 'for review'


async def test_ac_101_6_marking_twice_is_idempotent() -> None:
    course, learner = await a_learner_who_did(3, of=10)

    await mark(course.checkpoints[2], by=learner)

    rows = await database.read(
        lambda tx: tx.execute(
            select(func.count()).where(col(Progress.checkpoint_id) == course.checkpoints[2])
        ).scalar_one()
    )
    assert rows == 1
    assert (await progress_of(course, learner)).percent == 30


async def test_ac_101_7_only_enrolled_students_mark() -> None:
    course = await a_course(checkpoints=10)
    stranger = await a_student()

    with pytest.raises(NotEnrolled, match=r'^Not enrolled in this course$'):
        await mark(course.checkpoints[0], by=stranger)
    assert await database.read(summary.summary, stranger, course.course_id) is None


async def test_ac_101_8_the_percentage_is_right_across_modules() -> None:
    course = await a_course(checkpoints=3)
    learner = await a_guest(code=course.code)
    checkpoint_ids = list(course.checkpoints)
    for title, count in (('Two', 5), ('Three', 2)):
        module = await database.write(modules.add, course.teacher, course.course_id, title=title)
        lines = '\n'.join(f'{title} {number}' for number in range(count))
        checkpoint_ids += await database.write(checkpoints.add, course.teacher, module, lines=lines)

    for checkpoint in (checkpoint_ids[0], checkpoint_ids[3], checkpoint_ids[4], checkpoint_ids[7], checkpoint_ids[9]):
        await mark(checkpoint, by=learner)

    assert (await progress_of(course, learner)).percent == 50
    await assert_log_and_projections_agree()


async def completed_at(learner: Actor) -> object:
    return await database.read(
        lambda tx: tx.execute(
            select(col(Enrollment.completed_at)).where(col(Enrollment.user_id) == learner.user_id)
        ).scalar_one()
    )


def enroll(tx: Transaction, course: CourseAtHand, learner: Actor) -> None:
    joining.join(tx, learner, code=course.code)
