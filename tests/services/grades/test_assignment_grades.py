"""Assignments in the gradebook: a grade once it was returned, and until then a sign that something waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.assignments import desk, grading, rules
from services.assignments.rules import Agreed, Rules
from services.core import clock, database
from services.courses import checkpoints
from services.grades import gradebook
from services.grades.book import Cell, Mark
from services.people import groups
from tests.factories.assignments import DETAILS, AssignmentAtHand, an_assignment, hand_in
from tests.factories.classes import joined_long_ago

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.both_databases, pytest.mark.req('C7', 'Q4')]


async def cell(work: AssignmentAtHand) -> Cell:
    book = await database.read(gradebook.of_course, work.teacher, work.klass.course_id)
    (row,) = book.rows
    (found,) = row.cells
    return found


async def test_what_was_handed_in_waits_and_is_graded_when_it_is_returned() -> None:
    work = await an_assignment()
    assert await cell(work) == Cell(None, Mark.NONE)
    submission_id = await hand_in(work)
    assert await cell(work) == Cell(None, Mark.WAITING)
    await database.write(grading.grade, work.teacher, submission_id, grade=74)
    assert await cell(work) == Cell(None, Mark.WAITING)
    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    assert await cell(work) == Cell(74, Mark.GRADED)


async def test_what_nobody_has_set_up_follows_the_usual_rules() -> None:
    work = await an_assignment(is_set_up=False)
    submission_id = await hand_in(work)
    await database.write(grading.grade, work.teacher, submission_id, grade=74, returns=True)
    assert await cell(work) == Cell(74, Mark.GRADED)


async def test_late_work_says_so_and_work_without_grades_is_not_there() -> None:
    work = await an_assignment(due_at=clock.now() - timedelta(hours=1))
    submission_id = await hand_in(work)
    await database.write(grading.grade, work.teacher, submission_id, grade=60, returns=True)
    assert await cell(work) == Cell(60, Mark.LATE)

    await an_assignment(with_rules=Rules(is_graded=False), klass=work.klass)
    assert await cell(work) == Cell(60, Mark.LATE)


async def test_who_has_more_time_by_agreement_is_neither_missing_nor_late() -> None:
    due_at = clock.now() - timedelta(hours=1)
    work = await an_assignment(due_at=due_at, learners=('Lena Learner', 'Otto Other', 'Mia Missing'))
    await joined_long_ago(work.klass)
    course_id = work.klass.course_id
    lena, otto, _ = work.klass.learners
    await database.write(groups.put, work.teacher, course_id, user_id=otto.user_id, name='Green')
    green = next(each for each in await agreed(work) if each.name == 'Green')
    for whose in ({'user_id': lena.user_id}, {'group_id': green.group_id}):
        later = due_at + timedelta(days=2)
        await database.write(rules.extend, work.teacher, work.checkpoint_id, due_at=later, **whose)
    handed = await hand_in(work, by=otto)
    await database.write(grading.grade, work.teacher, handed, grade=60, returns=True)
    book = await database.read(gradebook.of_course, work.teacher, course_id)
    assert {row.name: row.cells[0] for row in book.rows} == {
        'Lena Learner': Cell(None, Mark.NONE),
        'Otto Other': Cell(60, Mark.GRADED),
        'Mia Missing': Cell(None, Mark.MISSING),
    }


async def test_a_preview_is_no_column() -> None:
    for is_set_up in (True, False):
        work = await an_assignment(is_set_up=is_set_up)
        details = replace(DETAILS, is_preview=True)
        await database.write(checkpoints.edit, work.teacher, work.checkpoint_id, details=details)
        book = await database.read(gradebook.of_course, work.teacher, work.klass.course_id)
        assert book.things == ()


async def test_work_that_came_in_while_nothing_was_graded_is_not_missing_when_grades_are_back() -> None:
    due_at = clock.now() - timedelta(hours=1)
    work = await an_assignment(due_at=due_at, learners=('Lena Learner', 'Otto Other', 'Mia Missing'))
    await joined_long_ago(work.klass)
    lena, otto, _ = work.klass.learners
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(is_graded=False))
    handed = [await hand_in(work, by=who) for who in (lena, otto)]
    await database.write(grading.grade, work.teacher, handed[0], grade=None, feedback='Seen', returns=True)
    await database.write(grading.grade, work.teacher, handed[1], grade=None, feedback='Seen')
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules())

    book = await database.read(gradebook.of_course, work.teacher, work.klass.course_id)
    assert {row.name: row.cells[0].mark for row in book.rows} == {
        'Lena Learner': Mark.WAITING,
        'Otto Other': Mark.WAITING,
        'Mia Missing': Mark.MISSING,
    }
    assert await database.write(grading.give_back, work.teacher, work.checkpoint_id) == 0, 'it has no grade yet'
    seen = (await database.read(desk.on_desk, work.teacher, handed[0])).graded_at
    await database.write(grading.grade, work.teacher, handed[0], grade=80, seen=seen)
    book = await database.read(gradebook.of_course, work.teacher, work.klass.course_id)
    assert book.rows[0].cells == (Cell(80, Mark.LATE),)


async def agreed(work: AssignmentAtHand) -> tuple[Agreed, ...]:
    return await database.read(rules.agreed_dates, work.teacher, work.checkpoint_id)
