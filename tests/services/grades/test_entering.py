"""Grades as they are typed."""

import pytest

from services.core import database
from services.core.errors import Invalid, NotFound, Refused
from services.grades import entering, gradebook, overrides
from services.grades.book import Cell, Mark
from services.grades.entering import Entered
from tests.factories.quizzes import QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.req('C7')]


@pytest.mark.parametrize(
    ('typed', 'score'),
    [
        ('0', 0),
        (' 80 % ', 80),
        ('100', 100),
        ('101', 101),
        ('150 %', 150),
        ('٨٠', 80),
        ('', None),
        ('  ', None),
        ('X', entering.EXCUSED),
    ],
)
def test_what_is_typed_is_read(typed: str, score: int | str | None) -> None:
    assert entering.read(typed) == score


@pytest.mark.parametrize('typed', ['151', '1000', '-1', '7.5', 'B', '1e2', 'NaN', '½', '=1+1', '8' * 5000])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match='Type a whole number from 0 to 150'):
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
@pytest.mark.both_databases
async def test_a_grade_that_was_set_meanwhile_is_not_overwritten_unseen() -> None:
    quiz = await a_quiz()
    await enter(quiz, '70', seen=None)
    for seen, other in ((None, '80'), (65, '80'), (None, ''), (entering.EXCUSED, 'x')):
        with pytest.raises(Refused, match='Ines Instructor has set another grade meanwhile: 70') as refusal:
            await enter(quiz, other, seen=seen)
        assert refusal.value.field == 'seen'
    await enter(quiz, '70', seen=None)  # the same again, after a lost receipt
    first = await enter(quiz, 'x', seen=70)
    with pytest.raises(Refused, match='meanwhile: x'):
        await enter(quiz, '80', seen=70)
    await enter(quiz, '90', seen=entering.EXCUSED)
    given = {'user_id': quiz.learner.user_id, 'before': first.before, 'after': first.after}
    with pytest.raises(Refused, match='was changed again meanwhile'):
        await database.write(overrides.put_back, quiz.teacher, quiz.checkpoint_id, **given)
    last = await enter(quiz, '95', seen=90)
    given |= {'before': last.before, 'after': last.after}
    await database.write(overrides.put_back, quiz.teacher, quiz.checkpoint_id, **given)
    assert await cell(quiz) == (90, Mark.SET)


@pytest.mark.usefixtures('db')
async def test_a_score_that_was_reached_meanwhile_is_not_overwritten_unseen() -> None:
    quiz = await a_quiz()
    await take(quiz)
    with pytest.raises(Refused, match='The grade is 100 by now'):
        await enter(quiz, '0', seen=None, reason='Was not there')


@pytest.mark.usefixtures('db')
async def test_learners_type_no_grades() -> None:
    quiz = await a_quiz()
    with pytest.raises(NotFound):
        await database.write(
            entering.enter, quiz.learner, quiz.checkpoint_id, user_id=quiz.learner.user_id, typed='100'
        )


async def enter(quiz: QuizAtHand, typed: str, reason: str = '', **more: int | str | None) -> Entered:
    given = {'user_id': quiz.learner.user_id, 'typed': typed, 'reason': reason} | more
    return await database.write(entering.enter, quiz.teacher, quiz.checkpoint_id, **given)


async def cell(quiz: QuizAtHand) -> Cell:
    book = await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id)
    return book.rows[0].cells[0]


async def mark(quiz: QuizAtHand) -> Mark:
    return (await cell(quiz)).mark
