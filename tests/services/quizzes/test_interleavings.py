"""Three devices, one attempt, and a clock: whatever happens in whatever order, what was saved last is what counts."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState
from services.core import clock, database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.quizzes import attempts, closing, grading, regrading
from services.quizzes.answer import FORM, Answer
from services.quizzes.question import WHOLE
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.people import another_device
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WRONG, a_quiz, begin, give

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('Q2', 'Q3')]

QUESTIONS = FINEST, HOW_ACID, NAME_IT
WHAT = ['answer'] * 6 + ['clear', 'reload', 'submit', 'time passes', 'look', 'regrade']
moves = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 2), st.integers(0, 2), st.booleans()), min_size=1, max_size=16
)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=moves)
@example(moves=[('answer', 0, 0, True), ('time passes', 0, 0, True), ('look', 0, 0, True), ('answer', 1, 0, False)])
@example(moves=[('answer', 0, 0, False), ('answer', 1, 0, True), ('submit', 2, 0, True), ('submit', 0, 0, True)])
async def test_what_was_saved_last_counts(
    monkeypatch: pytest.MonkeyPatch, moves: list[tuple[str, int, int, bool]]
) -> None:
    passed = timedelta(0)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + passed)
    quiz = await a_quiz(rules=Rules(minutes=10))
    devices = [quiz.learner, await another_device(of=quiz.learner), await another_device(of=quiz.learner)]
    attempt_id = await begin(quiz)
    saved: dict[int, Answer] = {}

    for what, device, position, is_right in moves:
        who = devices[device]
        with suppress(DomainError):
            if what == 'answer':
                given_answer = (RIGHT if is_right else WRONG)[position]
                await give(quiz, attempt_id, position, given_answer, by=who)
                saved[position] = given_answer
            elif what == 'clear':
                await give(quiz, attempt_id, position, None, by=who)
                saved.pop(position, None)
            elif what == 'submit':
                await database.write(closing.submit, who, attempt_id)
            elif what == 'time passes':
                passed += timedelta(minutes=11 if is_right else 4)
            elif what == 'look':
                await database.write(closing.close_due)
            elif what == 'regrade':
                await database.write(regrading.regrade_some)
            else:
                paper = await database.read(attempts.paper, who, attempt_id)
                assert {each.position: each.answer for each in paper.asked if each.answer} == saved
    monkeypatch.setattr(clock, 'now', now)
    await check(attempt_id, saved)


async def check(attempt_id: int, saved: dict[int, Answer]) -> None:
    rows = await database.read(rows_of, attempt_id)
    assert {row.position: FORM.validate_json(row.answer) for row in rows if row.answer} == saved
    attempt = await database.read(lambda tx: tx.session.get_one(Attempt, attempt_id))
    if attempt.state is AttemptState.GRADED:
        worth = [grading.grade(question, saved.get(place)).credit or 0 for place, question in enumerate(QUESTIONS)]
        earned = sum(int(question.points * 100) * each for question, each in zip(QUESTIONS, worth, strict=True))
        assert attempt.earned == earned
        partly = sum(int(each.points * 100) for each, got in zip(QUESTIONS, worth, strict=True) if 0 < got < WHOLE)
        assert attempt.score == 100 * (2 * earned + partly) // (2 * attempt.possible * WHOLE)
    await assert_log_and_projections_agree()


def rows_of(tx: Transaction, attempt_id: int) -> list[AttemptAnswer]:
    return list(tx.session.scalars(select(AttemptAnswer).where(col(AttemptAnswer.attempt_id) == attempt_id)))
