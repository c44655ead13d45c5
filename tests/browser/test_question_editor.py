"""A question is written without a mouse, and tried at once."""

import pytest
from playwright.async_api import expect

from services.core import database
from services.quizzes import bank
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('Q7', 'O5')]


async def test_a_question_is_written_by_keyboard_alone(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course()
        token = await token_of(course.teacher)
    page = await people.page(token=token)
    await page.goto(f'/courses/{course.course_id}/questions/new?kind=single_choice')
    await is_connected(page)
    await expect(page.get_by_label('What is asked')).to_be_focused()

    await page.keyboard.type('Which soil has the finest parts?')
    await page.keyboard.press('Tab')
    await expect(page.get_by_role('checkbox', name='Right').first).to_be_focused()
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    options = page.get_by_label('Option', exact=True)
    for number, option in enumerate(('Clay', 'Sand', 'Silt', 'Loam')):
        await expect(options.nth(number)).to_be_focused()
        await page.keyboard.type(option)
        await page.keyboard.press('Enter')
    await expect(options).to_have_count(5)
    await expect(page.locator('.preview').get_by_role('radio')).to_have_count(4)
    await page.locator('.preview').get_by_role('radio', name='Clay').click()
    await expect(page.get_by_text('This answer would get 1 of 1.')).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press('Control+Enter')

    await expect(page.get_by_text('1 question', exact=True)).to_be_visible()
    async with server.at_hand():
        (saved,) = (await database.read(bank.of_course, course.teacher, course.course_id)).questions
        question = (await database.read(bank.one, course.teacher, saved.question_id)).content
    assert [option.text for option in question.options] == ['Clay', 'Sand', 'Silt', 'Loam']
