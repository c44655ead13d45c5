"""The gradebook with the keyboard alone: type, go on, and read how a total comes about."""

import pytest
from playwright.async_api import Locator, Page, expect

from services.core import database
from services.grades import grading
from tests.browser.test_accessible import assert_accessible
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('C7', 'O5')]


async def test_grades_are_typed_one_after_another(people: People, server: Server) -> None:
    async with server.at_hand():
        quiz = await a_quiz(learners=['Ada', 'Bo', 'Cem'])
        course_id = quiz.klass.course_id
        second = await a_quiz(klass=quiz.klass)
        await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]], by=quiz.klass.learners[2])
        tests = await database.write(grading.set_category, quiz.teacher, course_id, name='Tests', weight=40)
        for each in quiz, second:
            await database.write(grading.place, quiz.teacher, each.checkpoint_id, category_id=tests)
        token, own = await token_of(quiz.teacher), await token_of(quiz.learner)
    desk, phone = await people.page(token=token), await people.page(token=own, phone=True)
    await phone.goto(f'/courses/{course_id}/grades')
    await desk.goto(f'/courses/{course_id}/gradebook')
    await is_connected(desk)
    await assert_accessible(desk)

    first = desk.get_by_role('gridcell').nth(0)
    await expect(first).to_be_visible()
    await cell(desk, 0, 1).click()
    await desk.keyboard.type('70')
    await desk.keyboard.press('Tab')
    await desk.keyboard.type('80')
    await desk.keyboard.press('Enter')
    await expect(cell(desk, 0, 1)).to_have_text('70 · set by hand')
    await expect(cell(desk, 0, 2)).to_have_text('80 · set by hand')
    await expect(total(desk, 0)).to_have_text('75')
    await desk.keyboard.type('x')
    await desk.keyboard.press('Enter')
    await expect(cell(desk, 1, 2)).to_have_text('excused')
    await expect(cell(desk, 2, 1)).to_have_text('75')
    await expect(desk.get_by_text('Grade of Bo changed.')).to_be_visible()
    await desk.keyboard.press('Control+z')
    await expect(cell(desk, 1, 2)).to_have_text('')
    await expect(phone.get_by_text('Tests, weight 40: (70 + 80) ÷ 2 = 75')).to_be_visible()
    await assert_accessible(phone)

    await cell(desk, 2, 1).click()
    await desk.keyboard.type('60')
    await desk.keyboard.press('Enter')
    await expect(desk.get_by_role('heading', name='Why another grade?')).to_be_visible()
    await assert_accessible(desk)
    await desk.keyboard.type('A part was missing')
    await desk.keyboard.press('Enter')
    await expect(cell(desk, 2, 1)).to_have_text('60 · set by hand')

    await total(desk, 0).click()
    await expect(desk.get_by_role('heading', name='Why 75?')).to_be_visible()
    await assert_accessible(desk)
    await desk.keyboard.press('Escape')
    await desk.get_by_role('button', name='Weights and letters').click()
    await expect(desk.get_by_role('heading', name='What is in which')).to_be_visible()
    await assert_accessible(desk)
    assert people.complaints == []


def cell(page: Page, line: int, column: int) -> Locator:
    return page.locator(f'.ag-center-cols-container [row-index="{line}"] [aria-colindex="{column + 1}"]')


def total(page: Page, line: int) -> Locator:
    return page.locator(f'[row-index="{line}"] .cell-total')


async def test_on_a_phone_names_are_whole_and_a_grade_is_typed_after_one_tap(people: People, server: Server) -> None:
    names = ['Bo', 'Konstantin Papadopoulos']
    async with server.at_hand():
        quiz = await a_quiz(learners=names)
        for _ in range(3):
            await a_quiz(klass=quiz.klass)
        token = await token_of(quiz.teacher)
    phone = await people.page(token=token, phone=True)
    await phone.goto(f'/courses/{quiz.klass.course_id}/gradebook')
    await is_connected(phone)
    for name in names:
        shown = phone.get_by_role('gridcell', name=name)
        await expect(shown).to_be_visible()
        assert await shown.evaluate(
            'cell => cell.scrollWidth <= cell.clientWidth && cell.scrollHeight <= cell.clientHeight'
        )
    assert await phone.locator('.ag-center-cols-viewport').evaluate('grades => grades.clientWidth') >= 2 * 92
    first = cell(phone, 1, 2)
    box = await first.bounding_box()
    assert box
    assert box['height'] >= 44
    await first.tap()
    await phone.keyboard.type('70')
    await phone.keyboard.press('Enter')
    await expect(first).to_have_text('70 · set by hand')
    await expect(total(phone, 1)).to_have_text('70')
    await assert_accessible(phone)


async def test_a_name_is_shown_as_it_is_whatever_signs_it_has(people: People, server: Server) -> None:
    name = '</script>`${1}` "Bo\\n" \'&lt; 😀'
    async with server.at_hand():
        quiz = await a_quiz(learners=[name])
        token = await token_of(quiz.teacher)
    desk = await people.page(token=token)
    await desk.goto(f'/courses/{quiz.klass.course_id}/gradebook')
    await is_connected(desk)
    await expect(desk.locator('[row-index="0"] .cell-name')).to_have_text(name)
    assert people.complaints == []
