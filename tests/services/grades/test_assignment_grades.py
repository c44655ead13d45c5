"""Assignments in the gradebook: a grade once it was returned, and until then a sign that something waits."""

from datetime import timedelta

import pytest

from services.assignments import desk
from services.assignments.rules import Rules
from services.core import clock, database
from services.grades import gradebook
from services.grades.gradebook import Cell, Mark
from tests.factories.assignments import AssignmentAtHand, an_assignment, hand_in

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
    await database.write(desk.grade, work.teacher, submission_id, grade=74)
    assert await cell(work) == Cell(None, Mark.WAITING)
    await database.write(desk.give_back, work.teacher, work.checkpoint_id)
    assert await cell(work) == Cell(74, Mark.GRADED)


async def test_late_work_says_so_and_work_without_grades_is_not_there() -> None:
    work = await an_assignment(due_at=clock.now() - timedelta(hours=1))
    submission_id = await hand_in(work)
    await database.write(desk.grade, work.teacher, submission_id, grade=60, returns=True)
    assert await cell(work) == Cell(60, Mark.LATE)

    await an_assignment(with_rules=Rules(is_graded=False), klass=work.klass)
    assert await cell(work) == Cell(60, Mark.LATE)
