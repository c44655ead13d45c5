"""A skill is to be looked at again when it is about to be forgotten: later the better it was remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import Reveal
from services.access import Actor
from services.core import clock, database
from services.core.errors import NotFound
from services.quizzes import spacing
from services.quizzes.quiz_settings import Draw, Rules
from services.quizzes.spacing import ToReview
from tests.factories.people import an_instructor, another_device
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('N9'), pytest.mark.both_databases]


async def due(quiz: QuizAtHand, who: Actor | None = None) -> dict[str, ToReview]:
    who = await another_device(of=who or quiz.learner)  # days later, the first one is signed out
    found = await database.read(spacing.due, who, quiz.klass.course_id, quiz.learner.user_id)
    return {each.name: each for each in found}


async def test_what_was_forgotten_is_due_soon_and_what_was_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = await a_quiz()
    now = clock.now

    def after(days: float) -> None:
        monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(days=days))

    await take(quiz, [WRONG[0], RIGHT[1]])  # of soil a half was right, of pH all
    assert await due(quiz) == {}, 'nothing is due on the day on which it was answered'
    after(1)
    assert set(await due(quiz)) == {'soil'}
    after(3)
    assert list(await due(quiz)) == ['soil', 'ph'], 'the most urgent comes first'
    everywhere = await database.read(spacing.today, await another_device(of=quiz.learner))
    assert [(each.course_id, each.skill.name) for each in everywhere] == [
        (quiz.klass.course_id, 'soil'),
        (quiz.klass.course_id, 'ph'),
    ]
    assert await database.read(spacing.today, await another_device(of=quiz.teacher)) == ()
    assert (await due(quiz, quiz.teacher)).keys() == {'soil', 'ph'}

    klass = replace(quiz.klass, teacher=await another_device(of=quiz.teacher))
    practice = await a_quiz(
        klass=klass, questions=[], rules=Rules(is_practice=True), items=[Draw(tag='ph', count=1)], title='Again'
    )
    found = await due(quiz)
    assert (found['ph'].practice_id, found['soil'].practice_id) == (practice.checkpoint_id, None)
    await take(quiz, by=await another_device(of=quiz.learner))
    assert await due(quiz) == {}, 'it was looked at today'
    after(6)
    assert await due(quiz) == {}, 'what was remembered comes back later than the first time'
    after(90)
    assert set(await due(quiz)) == {'soil', 'ph'}


async def test_nobody_else_sees_it_and_nothing_that_is_kept_back_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = await a_quiz(rules=Rules(shows_right=Reveal.NEVER))
    await take(quiz, WRONG)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(days=30))
    assert await due(quiz) == {}
    assert await due(quiz, quiz.teacher) != {}
    with pytest.raises(NotFound):
        await due(quiz, await an_instructor(email='stranger@example.org'))
