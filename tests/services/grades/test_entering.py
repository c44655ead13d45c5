"""Grades as they are typed."""

import pytest

from services.core import database
from services.core.errors import Invalid, NotFound
from services.grades import entering, gradebook
from services.grades.gradebook import Mark
from tests.factories.quizzes import QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.req('C7')]


@pytest.mark.parametrize(
    ('typed', 'score'),
    [('0', 0), (' 80 % ', 80), ('100', 100), ('٨٠', 80), ('', None), ('  ', None), ('X', entering.EXCUSED)],
)
def test_what_is_typed_is_read(typed: str, score: int | str | None) -> None:
    assert entering.read(typed) == score


@pytest.mark.parametrize('typed', ['101', '-1', '7.5', 'B', '1e2', 'NaN', '½', '=1+1', '8' * 5000])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match='Type a grade from 0 to 100'):
        entering.read(typed)


@pytest.mark.usefixtures('db')
async def test_the_score_that_is_there_is_not_set_by_hand() -> None:
    quiz = await a_quiz()
    await take(quiz)
    await enter(quiz, '100')
    assert await mark(quiz) is Mark.GRADED
    with pytest.raises(Invalid, match='Give a reason'):
        await enter(quiz, '90')
    await enter(quiz, '90', reason='Spoke of sand')
    assert await mark(quiz) is Mark.SET
    await enter(quiz, 'x')
    assert await mark(quiz) is Mark.EXCUSED
    await enter(quiz, '')
    assert await mark(quiz) is Mark.GRADED


@pytest.mark.usefixtures('db')
async def test_learners_type_no_grades() -> None:
    quiz = await a_quiz()
    with pytest.raises(NotFound):
        await database.write(
            entering.enter, quiz.learner, quiz.checkpoint_id, user_id=quiz.learner.user_id, typed='100'
        )


async def enter(quiz: QuizAtHand, typed: str, reason: str = '') -> None:
    given = {'user_id': quiz.learner.user_id, 'typed': typed, 'reason': reason}
    await database.write(entering.enter, quiz.teacher, quiz.checkpoint_id, **given)


async def mark(quiz: QuizAtHand) -> Mark:
    book = await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id)
    return book.rows[0].cells[0].mark
