"""How a learner does in a subject: over all their courses of it, and for each reader over those that concern them."""

import pytest

from models import Reveal
from services.access import Actor
from services.analytics import subjects
from services.analytics.subjects import SubjectFigures
from services.core import database
from services.courses import catalog
from services.people import joining
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take

pytestmark = [pytest.mark.req('N5', 'N9', 'D1'), pytest.mark.usefixtures('db')]


async def a_class_in(subject: str) -> ClassAtHand:
    klass = await a_class(checkpoints=1)
    change = {'title': 'Soil', 'description': '', 'subject': subject}
    await database.write(catalog.edit, klass.teacher, klass.course_id, **change)
    return klass


async def test_strengths_by_subject_over_all_courses_that_concern_the_reader() -> None:
    first, second, other = [await a_class_in(subject) for subject in ('Biology', ' biology', '')]
    lena = first.learner
    quizzes = [await a_quiz(klass=klass) for klass in (first, second, other)]
    for klass in (second, other):
        await database.write(joining.join, lena, code=klass.code)
    await take(quizzes[0], by=lena)
    assert await seen(lena) == (), 'one score says nothing'

    await take(quizzes[1], [RIGHT[0], *WRONG[1:]], by=lena)
    await take(quizzes[2], by=lena)

    (biology,) = await seen(lena)
    assert (biology.subject_mean, biology.scored) == (75, 2), 'the mean of 100 and 50'
    assert (biology.is_strong, biology.is_weak) == (False, False)
    assert await seen(first.teacher, of=lena) == (), 'a teacher learns nothing of the course of another one'
    await database.write(
        quiz_settings.set_rules, second.teacher, quizzes[1].checkpoint_id, Rules(shows_score=Reveal.NEVER)
    )
    assert await seen(lena) == (), 'nor does a learner of a score that the quiz keeps back'


async def seen(by: Actor, *, of: Actor | None = None) -> tuple[SubjectFigures, ...]:
    return await database.read(subjects.of_learner, by, (of or by).user_id)
