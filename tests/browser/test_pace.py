"""The pace by keyboard, in real browsers: who types, or walks through the grid, leads nobody."""

import pytest
from playwright.async_api import expect

from tests.support.browser_people import People

pytestmark = [pytest.mark.browser, pytest.mark.req('L9', 'O5'), pytest.mark.asyncio(loop_scope='session')]


async def test_keys_lead_and_pause_but_not_while_somebody_types(people: People) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    page = teacher.page
    choice = page.get_by_label('Current step for everybody')
    reason = page.get_by_label('Reason for the pause')

    await page.keyboard.press('n')
    await page.keyboard.press('ArrowRight')
    await expect(choice).to_have_value('2  Step 2')
    await lena.is_at('Step 2')

    await reason.press_sequentially('Now a pause, please')
    await reason.press('ArrowLeft')
    await page.locator('.ag-row .ag-cell').first.click()
    await page.keyboard.press('ArrowRight')
    await page.get_by_role('button', name='Pause the class').focus()
    await page.keyboard.press('Space')

    await expect(page.get_by_text('The class is paused: Now a pause, please.')).to_be_visible()
    await expect(lena.marker).to_be_disabled()
    await expect(lena.page.locator('.pace-pause')).to_have_text('The class is paused: Now a pause, please.')
    await expect(choice).to_have_value('2  Step 2')

    await page.get_by_role('button', name='Go on').focus()
    await page.keyboard.press('Space')
    await expect(lena.marker).to_be_enabled()
    await lena.taps()
    await lena.is_at('Step 3')
