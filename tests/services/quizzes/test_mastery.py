"""What was mastered when: by the best score, in the order in which things happened, and once."""

from datetime import timedelta

import pytest

from services.core import clock, database
from services.quizzes import closing, mastery
from services.quizzes.mastery import Mastered
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q6', 'Q3')]


async def reached(quiz: QuizAtHand) -> Mastered | None:
    found = await database.read(mastery.of_learner, quiz.klass.course_id, quiz.learner.user_id)
    return found.get(quiz.checkpoint_id)


async def test_the_best_score_counts_and_what_is_mastered_stays() -> None:
    quiz = await a_quiz()
    assert await reached(quiz) is None
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    first = await reached(quiz)
    assert first is not None
    assert (first.best_score, first.mastered_at) == (75, None)
    await take(quiz)
    second = await reached(quiz)
    assert second is not None
    assert second.best_score == 100
    assert second.mastered_at is not None
    await take(quiz, WRONG)
    last = await reached(quiz)
    assert last is not None
    assert (last.best_score, last.mastered_at, len(last.scores)) == (100, second.mastered_at, 3)
    await assert_log_and_projections_agree()


async def test_practice_is_practice() -> None:
    quiz = await a_quiz(rules=Rules(is_practice=True))
    await take(quiz)
    assert await reached(quiz) is None
    await assert_log_and_projections_agree()


async def test_a_class_whose_time_is_up_is_graded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = await a_quiz(rules=Rules(minutes=5), learners=[f'Learner {n}' for n in range(10)])
    for who in quiz.klass.learners:
        await give(quiz, await begin(quiz, by=who), 0, RIGHT[0], by=who)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(minutes=6))
    assert await database.write(closing.close_due) == 10
    monkeypatch.setattr(clock, 'now', now)
    await assert_log_and_projections_agree()
    for who in quiz.klass.learners:
        found = await database.read(mastery.of_learner, quiz.klass.course_id, who.user_id)
        assert found[quiz.checkpoint_id].best_score == 50
