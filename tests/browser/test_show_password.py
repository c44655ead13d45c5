"""A password is shown on demand, without losing what was typed, and hidden again."""

import pytest
from playwright.async_api import expect

from tests.browser.test_accessible import assert_accessible
from tests.factories.people import PASSWORD, an_account
from tests.support.browser_people import People, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('A6', 'O5')]


async def test_a_password_is_shown_and_hidden_and_signs_in(people: People, server: Server) -> None:
    async with server.at_hand():
        await an_account(email='shown@example.org', name='Sami Shown')
    page = await people.page(phone=True)
    await page.goto('/sign-in')
    await is_connected(page)
    await page.get_by_label('E-mail address').fill('shown@example.org')
    field = page.locator('input[name=password]')
    await field.fill(PASSWORD)
    await expect(field).to_have_attribute('type', 'password')
    button = page.get_by_role('button', name='Show: Password')
    await expect(button).to_have_attribute('aria-pressed', 'false')
    await button.tap()

    await expect(field).to_have_attribute('type', 'text')
    await expect(button).to_have_attribute('aria-pressed', 'true')
    assert await field.input_value() == PASSWORD
    await assert_accessible(page)
    await button.tap()
    await expect(field).to_have_attribute('type', 'password')
    assert await field.input_value() == PASSWORD
    await field.press('Enter')

    await page.wait_for_url('**/')
    await expect(page.get_by_text('Sami Shown')).to_be_visible()
