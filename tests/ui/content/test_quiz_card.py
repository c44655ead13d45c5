"""A quiz where learners meet it: on its page in the course, and in class."""

import pytest
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.live import sessions
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import join_class, mark, percent
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, begin, give, take
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('Q1', 'S1', 'L3')


def markers(user: PatientUser) -> list[str]:
    assert user.client
    found = [each for each in user.client.elements.values() if 'marker' in each.classes]
    return [str(each.props['aria-label']) for each in found if 'hidden' not in each.classes]


async def test_its_page_says_what_it_is_and_opens_it(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(minutes=20))
    lena = await enter(quiz.learner)
    page = f'/courses/{quiz.klass.course_id}/learn/{quiz.checkpoint_id}'
    await lena.open(page)
    for words in ('3 questions · 20 min · pass with 60 %', f'href="/quizzes/{quiz.checkpoint_id}">Open the quiz'):
        await lena.should_see(words)
    assert markers(lena) == []

    attempt_id = await begin(quiz)
    await lena.open(page)
    await lena.should_see('Go on with the quiz')
    await give(quiz, attempt_id, 0, WRONG[0])
    await take(quiz)
    await lena.open(page)
    await lena.should_see('your best: 100 %')
    await lena.should_see('button-quiet" href="/quizzes/')


async def test_passing_ticks_it_on_a_page_that_is_open(enter: Enter) -> None:
    quiz = await a_quiz()
    await mark(quiz.klass.checkpoints[0], by=quiz.learner)
    lena = await enter(quiz.learner)
    assert (
        (await lena.http_client.get(f'/courses/{quiz.klass.course_id}/learn'))
        .headers['location']
        .endswith(f'/learn/{quiz.checkpoint_id}')
    )
    await lena.open(f'/courses/{quiz.klass.course_id}/learn/{quiz.checkpoint_id}')
    await lena.should_not_see('learn-done')
    await take(quiz, WRONG)
    await lena.should_not_see('learn-done')
    await take(quiz, RIGHT)
    await lena.should_see('learn-done')
    await lena.should_not_see('>Undo<')
    assert await percent(quiz.klass, quiz.learner) == 100


async def test_a_quiz_that_is_not_open_says_so(enter: Enter) -> None:
    quiz = await a_quiz()
    await database.write(quiz_settings.publish, quiz.teacher, quiz.checkpoint_id, published=False)
    lena = await enter(quiz.learner)
    await lena.open(f'/courses/{quiz.klass.course_id}/learn/{quiz.checkpoint_id}')
    await lena.should_see('This quiz is not open yet.')


async def test_in_class_it_is_opened_and_not_ticked(enter: Enter) -> None:
    quiz = await a_quiz()
    await join_class(quiz.klass)
    await database.write(sessions.set_current, quiz.teacher, quiz.klass.course_id, quiz.checkpoint_id)
    lena = await enter(quiz.learner)
    await lena.open(f'/class/{quiz.klass.course_id}')
    await lena.should_see('Soil quiz')
    assert markers(lena) == []
    assert lena.client
    (button,) = [each for each in lena.client.elements.values() if each.props.get('innerHTML') == 'Open the quiz']
    UserInteraction(lena, {button}, None).click()
    await lena.should_see(f'href="/quizzes/{quiz.checkpoint_id}"')
