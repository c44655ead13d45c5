"""A course at one's own pace: on a laptop, on a phone, after the server was killed."""

import pytest
from playwright.async_api import Page, expect

from tests.factories.classes import a_course
from tests.factories.people import a_guest
from tests.support.browser_people import People
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]


async def finishes_the_checkpoint(page: Page) -> None:
    """Tap the marker, and wait until the checkpoint is done."""
    await page.locator('input.marker:not(.hidden)').click()
    await expect(page.locator('.learn-done')).to_be_visible()


@pytest.mark.req('S1', 'S2', 'S3', 'S4', 'S12')
async def test_a_course_from_the_start_page_to_all_done(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3, title='Rivers')
        learner = await a_guest(code=course.code, name='Rosa Rivera')
        token = await token_of(learner)
    laptop = await people.page(token=token)

    await laptop.goto('/')
    await laptop.get_by_role('link', name='Start learning: Rivers').click()
    await expect(laptop.get_by_role('heading', level=1)).to_have_text('Step 1')
    await finishes_the_checkpoint(laptop)
    await expect(laptop.get_by_role('link', name='Step 1, done')).to_be_visible()
    await expect(laptop.locator('.progress-ring')).to_have_text('33 %')

    server.kill()
    server.start()
    phone = await people.page(token=token, phone=True)
    await phone.goto('/')
    await phone.get_by_role('link', name='Continue learning: Rivers').click()
    await expect(phone.get_by_role('heading', level=1)).to_have_text('Step 2')
    await finishes_the_checkpoint(phone)
    await expect(laptop.get_by_role('link', name='Step 2, done')).to_be_visible()
    await phone.get_by_role('link', name='Next: Step 3').click()
    await finishes_the_checkpoint(phone)
    await expect(phone.locator('.progress-ring')).to_have_text('100 %')

    await phone.get_by_role('button', name='Why is this 100 %?').click()
    await expect(phone.locator('.learn-why')).to_contain_text('3 of 3 steps done: 3 × 100 ÷ 3 = 100 %.')

    await phone.get_by_role('button', name='Undo').click()
    await expect(phone.locator('.progress-ring')).to_have_text('66 %')
    await expect(phone.get_by_role('checkbox', name='Done: Step 3')).to_be_visible()
