"""The grading desk: thirty essays, without a mouse."""

import pytest
from playwright.async_api import expect

from services.core import database
from services.quizzes import marking, results
from services.quizzes.answer import Answer
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_class
from tests.factories.quizzes import WHY, a_quiz, take
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('Q3', 'O5')]

ESSAYS = 30


async def test_thirty_essays_are_graded_by_keyboard_alone(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(learners=[f'Learner {number}' for number in range(1, ESSAYS + 1)])
        quiz = await a_quiz(klass=klass, questions=[WHY])
        for number, learner in enumerate(klass.learners, start=1):
            await take(quiz, [Answer(text=f'Essay {number}: the pores are large.')], by=learner)
        token = await token_of(klass.teacher)
    page = await people.page(token=token)
    await page.goto(f'/courses/{klass.course_id}/grading/{quiz.checkpoint_id}/{quiz.question_ids[0]}')
    await is_connected(page)
    points = page.get_by_label('Points, 0 to 4')
    await expect(points).to_be_focused()
    await assert_accessible(page)

    for number in range(1, ESSAYS + 1):
        await expect(points).to_be_focused()
        await expect(points).to_have_value('')
        await page.keyboard.type('3.5')
        if number == 1:
            await page.keyboard.press('Tab')
            await page.keyboard.type('Say more about water.')
        await page.keyboard.press('Control+Enter')
        await expect(page.locator('.desk-count')).to_have_text(f'{number} of {ESSAYS} graded')

    await expect(page.get_by_text('All are graded.')).to_be_visible()
    async with server.at_hand():
        found = await database.read(results.of_quiz, klass.teacher, quiz.checkpoint_id)
        said = await database.read(marking.remarks, klass.teacher, quiz.question_ids[0])
    assert [each.score for each in found] == [87] * ESSAYS
    assert said == ('Say more about water.',)
