"""A school that sorts by surname sees it wherever those who teach look at their learners one after the other."""

import pytest

from services.assignments import desk, rules
from services.core import database, school
from services.core.school import School
from services.grades import gradebook
from services.quizzes import limits, results
from tests.factories.assignments import an_assignment
from tests.factories.classes import ClassAtHand
from tests.factories.quizzes import RIGHT, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C7')]

BY_NAME = ['Ada Zimmer', 'Bo van den Berg', 'Keller, Cem']
BY_SURNAME = ['Bo van den Berg', 'Keller, Cem', 'Ada Zimmer']


@pytest.mark.parametrize(('by_surname', 'expected'), [(False, BY_NAME), (True, BY_SURNAME)])
async def test_lists_for_grading_come_in_the_order_of_the_school(by_surname: bool, expected: list[str]) -> None:
    quiz = await a_quiz(learners=BY_NAME)
    for learner in quiz.klass.learners:
        await take(quiz, RIGHT, by=learner)
    work = await an_assignment(klass=quiz.klass)
    school.remember(School(by_surname=by_surname))

    assert await lists(quiz.klass, quiz.checkpoint_id, work.checkpoint_id) == {
        'gradebook': expected,
        'grading desk': expected,
        'later dates': expected,
        'results of a quiz': expected,
        'limits of a quiz': expected,
    }


async def lists(klass: ClassAtHand, quiz_id: int, work_id: int) -> dict[str, list[str]]:
    book = await database.read(gradebook.of_course, klass.teacher, klass.course_id)
    return {
        'gradebook': [row.name for row in book.rows],
        'grading desk': [line.name for line in await database.read(desk.of_assignment, klass.teacher, work_id)],
        'later dates': [each.name for each in await database.read(rules.agreed_dates, klass.teacher, work_id)],
        'results of a quiz': [each.name for each in await database.read(results.of_quiz, klass.teacher, quiz_id)],
        'limits of a quiz': [each.name for each in await database.read(limits.agreed, klass.teacher, quiz_id)],
    }
