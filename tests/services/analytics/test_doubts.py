"""A question whose key is wrong is named: those who are strong otherwise get it wrong."""

import pytest

from services.analytics import doubts
from services.core import database
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take

pytestmark = [pytest.mark.req('N6'), pytest.mark.usefixtures('db')]


async def test_a_question_with_a_wrong_key_is_found_among_good_ones() -> None:
    quiz = await a_quiz(learners=[f'Learner {number}' for number in range(12)])
    for number, learner in enumerate(quiz.klass.learners):
        is_strong = number < 6
        answers = [*(RIGHT if is_strong else WRONG)[:2], WRONG[2] if is_strong else RIGHT[2]]
        await take(quiz, answers, by=learner)

    (doubt,) = await database.read(doubts.of_course, quiz.teacher, quiz.klass.course_id)

    assert (doubt.quiz, doubt.question) == ('Soil quiz', 'What is dark and made of dead plants?')
    assert str(doubt.words).endswith('check the question and its key.')


async def test_chance_is_not_called_a_fault() -> None:
    quiz = await a_quiz(learners=[f'Learner {number}' for number in range(16)])
    for number, learner in enumerate(quiz.klass.learners):
        answers = [(RIGHT if number >> place & 1 else WRONG)[place] for place in range(3)]
        await take(quiz, answers, by=learner)

    assert await database.read(doubts.of_course, quiz.teacher, quiz.klass.course_id) == ()
