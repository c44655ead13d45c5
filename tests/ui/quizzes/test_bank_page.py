"""The questions of a course on a screen."""

import pytest

from services.core import database
from services.quizzes import bank
from tests.factories.classes import a_course
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, WHY, a_quiz
from tests.support.fields import field, press
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('Q7')]


async def test_an_empty_bank_says_what_to_do(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)

    await ines.open(f'/courses/{course.course_id}/questions')

    await ines.should_see('There are none yet')
    await ines.should_see('New question')


async def test_questions_are_found_by_words_tags_and_kinds(enter: Enter) -> None:
    course = await a_course()
    await database.write(bank.add_many, course.teacher, course.course_id, [FINEST, HOW_ACID, NAME_IT, WHY])
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/questions')
    await ines.should_see('4 questions')

    field(ines, 'Search').set_value('SOIL finest')
    await ines.should_see('1 question')
    field(ines, 'Search').set_value('')
    field(ines, 'Tag').set_value('soil')
    await ines.should_see('2 questions')
    field(ines, 'Kind').set_value('numeric')
    await ines.should_see('1 question')
    await ines.should_see(HOW_ACID.text)


async def test_a_question_is_deleted_and_brought_back(enter: Enter) -> None:
    course = await a_course()
    await database.write(bank.add_many, course.teacher, course.course_id, [FINEST, HOW_ACID])
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/questions')

    press(ines, f'Delete “{FINEST.text}”')
    await ines.should_see('1 question')
    ines.find('Undo').click()
    await ines.should_see('2 questions')


async def test_a_question_in_a_quiz_is_held_back(enter: Enter) -> None:
    quiz = await a_quiz(questions=[FINEST])
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/questions')
    await ines.should_see('in 1 quiz')

    press(ines, f'Delete “{FINEST.text}”')

    await ines.should_see('This question is part of a quiz (1 in all). Take it out there first.')


async def test_a_copy_is_a_question_of_its_own(enter: Enter) -> None:
    course = await a_course()
    (question_id,) = await database.write(bank.add_many, course.teacher, course.course_id, [FINEST])
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/questions')

    press(ines, f'Duplicate “{FINEST.text}”')
    await ines.should_see('What learners see')

    found = await database.read(bank.of_course, course.teacher, course.course_id)
    assert [each.title for each in found.questions] == [FINEST.text] * 2
    assert question_id in {each.question_id for each in found.questions}
