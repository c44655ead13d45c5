"""The page on which programmers look up what the API can do."""

import pytest
from playwright.async_api import expect

from tests.support.browser_people import PATIENCE, People
from tests.support.running import Server

LONG = 5 * PATIENCE
"""Swagger UI works for seconds on a document of 1.5 MB before it shows anything; beside others, for a minute."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('B1')]


async def test_an_address_is_looked_up_and_tried_and_nothing_is_loaded_from_elsewhere(
    people: People, server: Server
) -> None:
    asked: list[str] = []
    page = await people.page()
    page.set_default_timeout(LONG)
    page.on('request', lambda request: asked.append(request.url))

    await page.goto('/api/docs')
    await page.locator('#operations-tag-auth').click()
    await page.get_by_role('button', name='Sign in with an account').click()
    await expect(page.get_by_text('amina@example.org')).to_be_visible(timeout=LONG)
    await page.get_by_role('button', name='Try it out').click()
    async with page.expect_response(f'{server.origin}/api/auth/login'):
        await page.get_by_role('button', name='Execute').click()

    await expect(page.get_by_text('do not belong together').first).to_be_visible(timeout=LONG)
    assert f'{server.origin}/api/auth/login' in asked
    assert [url for url in asked if not url.startswith((server.origin, 'data:'))] == []
