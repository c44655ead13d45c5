"""A question in class with four phones, a projector, a keyboard, and a server that is killed in the middle of it."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.support.axe_check import findings
from tests.support.browser_people import Learner, People, is_connected
from tests.support.page_check import faults_of
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L15', 'O5'), pytest.mark.asyncio(loop_scope='session')]

NAMES = 'Lena Low', 'Otto Old', 'Pia Punctual', 'Quin Quick'


async def test_four_phones_answer_and_nothing_saved_is_lost(people: People, server: Server) -> None:
    teacher = await people.teacher()
    phones = [await people.learner_in(teacher.klass, name) for name in NAMES[:3]]
    wall = (await teacher.opens_the_projector()).page
    await teacher.page.evaluate(Axe().axe_script)

    await teacher.page.keyboard.press('q')
    dialog = teacher.page.get_by_role('dialog')
    await dialog.get_by_role('button', name='Type one').click()
    await dialog.get_by_label('What do you ask?').fill('Which soil has the finest parts?')
    await dialog.get_by_label('One option per line').fill('Sand\n*Clay\nSilt')
    assert await findings(teacher.page) == []
    await dialog.get_by_role('button', name='Ask it now').press('Enter')

    for phone, option in zip(phones, ('Sand', 'Clay', 'Silt'), strict=True):
        await chooses(phone, option)
    await chooses(phones[0], 'Clay')
    await expect(wall.get_by_text('3 of 3 have answered')).to_be_visible()
    await is_well_drawn(phones[0].page)

    server.kill()
    server.start()
    for page in (teacher.page, wall, *(phone.page for phone in phones)):
        await is_connected(page)
    await expect(phones[0].page.get_by_role('radio', name='Clay')).to_be_checked()
    late = await people.learner_in(teacher.klass, NAMES[3])
    await chooses(late, 'Clay')
    await expect(wall.get_by_text('4 of 4 have answered')).to_be_visible()

    await teacher.page.keyboard.press('a')
    await expect(late.page.get_by_text('Look at the projector')).to_be_visible()
    await wall.keyboard.press('a')
    await expect(wall.get_by_text('Shares are shown from 5 answers on')).to_be_visible()
    await expect(wall.get_by_text('%')).to_have_count(await wall.locator('.join-strip').get_by_text('%').count())
    await teacher.page.keyboard.press('a')
    await expect(late.page.locator('.own-verdict')).to_have_text('Right')
    await expect(phones[2].page.locator('.own-verdict')).to_have_text('Not right')
    for name in NAMES:
        await expect(wall.locator('.wall-question').get_by_text(name)).to_have_count(0)
    await is_well_drawn(teacher.page, wall)
    await people.go_home()
    assert people.complaints == []


async def chooses(phone: Learner, option: str) -> None:
    """Tap an option, and wait for its receipt."""
    await phone.page.locator('.own-choice').filter(has_text=option).tap()
    await expect(phone.page.locator('.own-choice-saved')).to_contain_text(option)


async def is_well_drawn(*pages: Page) -> None:
    """Check with axe, and that nothing is cut off."""
    for page in pages:
        await page.evaluate(Axe().axe_script)
        assert await findings(page) == []
        assert await faults_of(page) == []
