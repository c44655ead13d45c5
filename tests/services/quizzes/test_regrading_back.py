"""A key is changed and changed back: whatever was answered, all is as before, to the last letter of the file."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptAnswer, Change, Mastery
from services.core import database
from services.core.csv import csv_text
from services.core.transaction import Transaction
from services.grades import gradebook, grading
from services.grades.book import Gradebook
from services.quizzes import regrading
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.quizzes import FINEST, NAME_IT, RIGHT, WRONG, QuizAtHand, a_quiz, take
from ui.grades import gradebook_files
from ui.grades.grade_words import total

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q3', 'C7')]

TICKS = replace(
    FINEST,
    kind=QuestionKind.MULTIPLE_CHOICE,
    credit_rule=CreditRule.OWN_WEIGHTS,
    options=tuple(
        replace(option, credit=credit) for option, credit in zip(FINEST.options, (3333, 6667, -5000), strict=True)
    ),
)
credits = st.lists(st.sampled_from((-WHOLE, -3333, 0, 1, 3333, 5000, WHOLE)), min_size=3, max_size=3)
ticks = st.sets(st.integers(0, 2)).map(lambda chosen: Answer(chosen=tuple(sorted(chosen))) if chosen else None)
tries = st.lists(st.tuples(st.integers(0, 2), ticks, st.sampled_from((RIGHT[2], WRONG[2], None))), max_size=6)


def is_whole(credits: Sequence[int]) -> bool:
    """Tell whether the right options together are worth everything, as a key has to be."""
    return sum(credit for credit in credits if credit > 0) >= WHOLE


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    tries=tries,
    keys=st.lists(credits.filter(is_whole), min_size=1, max_size=3),
    missing_counts=st.booleans(),
)
async def test_a_key_that_is_changed_back_leaves_scores_totals_and_file_as_they_were(
    tries: list[tuple[int, Answer | None, Answer | None]], keys: list[list[int]], missing_counts: bool
) -> None:
    quiz = await a_quiz(questions=(TICKS, NAME_IT), learners=('Lena', 'Otto', 'Mia'))
    course_id = quiz.klass.course_id
    await database.write(grading.set_letters, quiz.teacher, course_id, letters=((90, 'A'), (50, 'B'), (0, 'C')))
    await database.write(grading.count_missing, quiz.teacher, course_id, counts=missing_counts)
    for who, ticked, word in tries:
        await take(quiz, (ticked, word), by=quiz.klass.learners[who])
    before = await everything(quiz)

    for credits in keys:
        options = tuple(replace(option, credit=credit) for option, credit in zip(TICKS.options, credits, strict=True))
        await change(quiz, replace(TICKS, options=options))
        same_on_the_page_and_in_the_file(await book_of(quiz))
    await change(quiz, TICKS)

    assert await everything(quiz) == before
    await assert_log_and_projections_agree()


async def change(quiz: QuizAtHand, content: Question) -> None:
    ids = quiz.teacher, quiz.question_ids[0]
    await database.write(regrading.edit, *ids, content, change=Change.REGRADE, keeps_better=False)
    while await database.write(regrading.regrade_some):
        pass


async def book_of(quiz: QuizAtHand) -> Gradebook:
    return await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id)


async def everything(quiz: QuizAtHand) -> tuple[object, ...]:
    book = await book_of(quiz)
    same_on_the_page_and_in_the_file(book)
    return book.rows, file_of(book), await database.read(kept)


def file_of(book: Gradebook) -> str:
    return csv_text(gradebook_files._lines(book))


def same_on_the_page_and_in_the_file(book: Gradebook) -> None:
    for row, (*_, in_file, letter) in zip(book.rows, gradebook_files._lines(book), strict=True):
        said = '–' if in_file is None else f'{in_file} · {letter}' if letter else f'{in_file}'
        assert total(row.explanation) == said


def kept(tx: Transaction) -> Sequence[Sequence[object]]:
    """Return what is stored of scores: of attempts, of answers, and of what learners have reached."""
    scores = select(
        col(Attempt.id), col(Attempt.earned), col(Attempt.score), col(Attempt.is_passed), col(Attempt.state)
    ).order_by(col(Attempt.id))
    places = col(AttemptAnswer.attempt_id), col(AttemptAnswer.position)
    answers = select(*places, col(AttemptAnswer.points), col(AttemptAnswer.credit)).order_by(*places)
    best = select(col(Mastery.user_id), col(Mastery.scores), col(Mastery.best_score)).order_by(col(Mastery.user_id))
    return [[tuple(row) for row in tx.execute(each)] for each in (scores, answers, best)]
