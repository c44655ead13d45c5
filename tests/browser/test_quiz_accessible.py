"""A quiz in all its states, looked at by axe: on a phone and on a laptop, light and dark."""

import pytest
from playwright.async_api import expect

from models import Reveal
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Option, Pair, Question, QuestionKind
from services.quizzes.quiz_settings import Rules
from tests.browser.test_accessible import assert_accessible
from tests.factories.quizzes import FINEST, HOW_ACID, RIGHT, WHY, a_quiz, begin, give, take
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('O5', 'Q2', 'Q8'), pytest.mark.asyncio(loop_scope='session')]

PAIRS = Pair(left='Clay', right='much'), Pair(left='Sand', right='little')
QUESTIONS = (
    FINEST,
    HOW_ACID,
    WHY,
    Question(
        kind=QuestionKind.MULTIPLE_CHOICE,
        text='Which hold water?',
        options=(Option(text='*Clay*', credit=WHOLE), Option(text='Sand')),
    ),
    Question(kind=QuestionKind.MATCHING, text='What does each hold?', pairs=PAIRS),
    Question(kind=QuestionKind.ORDERING, text='From fine to coarse?', order=('Clay', 'Silt', 'Sand')),
)
AT_ONCE = dict.fromkeys(('shows_score', 'shows_right', 'shows_solution', 'shows_feedback'), Reveal.AFTER_ANSWER)
GIVEN = *RIGHT[:2], Answer(text='Large pores.'), Answer(chosen=(1,))


async def test_before_during_and_after(people: People, server: Server) -> None:
    async with server.at_hand():
        timed = await a_quiz(questions=QUESTIONS, rules=Rules(minutes=30, asks_confidence=True))
        one = await a_quiz(klass=timed.klass, questions=QUESTIONS, rules=Rules(one_at_a_time=True))
        at_once = await a_quiz(klass=timed.klass, questions=QUESTIONS, rules=Rules(**AT_ONCE, attempts_allowed=2))  # type: ignore[arg-type]
        await take(at_once, GIVEN)
        await take(one, GIVEN)
        for quiz in (timed, one, at_once):
            attempt_id = await begin(quiz)
            for position, answer in enumerate(GIVEN[:2]):
                await give(quiz, attempt_id, position, answer)
        page = await people.page(token=await token_of(timed.learner))
    for address, words in (
        (f'/quizzes/{timed.checkpoint_id}', 'Hand in'),
        (f'/quizzes/{one.checkpoint_id}', 'Next'),
        (f'/quizzes/{at_once.checkpoint_id}', 'Clay holds water.'),
        (f'/quizzes/{at_once.checkpoint_id}?attempt=1', 'Attempt 1'),
        (f'/courses/{one.klass.course_id}/learn/{one.checkpoint_id}', 'Go on with the quiz'),
    ):
        await page.goto(address)
        await is_connected(page)
        await expect(page.get_by_text(words).first).to_be_visible()
        await assert_accessible(page)

    await page.goto(f'/quizzes/{one.checkpoint_id}')
    await is_connected(page)
    await page.get_by_role('button', name='Hand in').click()
    await expect(page.get_by_role('dialog')).to_be_visible()
    await assert_accessible(page, part='[role=dialog]')
    await page.get_by_role('dialog').get_by_role('button', name='Hand in').click()
    await page.get_by_text('Handed in').wait_for()
    await page.goto(f'/quizzes/{one.checkpoint_id}')
    await expect(page.get_by_role('button', name='Begin again')).to_be_visible()
    await assert_accessible(page)
