"""Where the keyboard is can be seen: at every stop of the Tab key there is a ring, on each kind of element."""

import pytest
from playwright.async_api import Page

from tests.factories.classes import a_class, join_class
from tests.support.browser_people import People, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('O5'), pytest.mark.asyncio(loop_scope='session')]

STOP = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const ringed = (element) => [undefined, '::before', '::after'].some((part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
      && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  });
  const parts = [here, here.nextElementSibling, ...here.querySelectorAll('*')].filter((element) => element);
  const name = `${here.tagName} ${(here.getAttribute('aria-label') || here.textContent || here.name || '').trim()}`;
  return [name.slice(0, 60), parts.some(ringed) || here.closest('.q-field--focused, .ag-root-wrapper') !== null];
}
"""
MOST_STOPS = 60


async def test_every_stop_of_the_tab_key_can_be_seen(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=2)
        await join_class(klass)
        teacher, learner = await people.somebody(klass.teacher), await people.somebody(klass.learner)
    course = f'/courses/{klass.course_id}'
    for page, addresses in {
        teacher: ('/', course, f'{course}/live', f'{course}/people'),
        learner: (f'/class/{klass.course_id}', f'{course}/learn/{klass.checkpoints[0]}'),
    }.items():
        for address in addresses:
            await page.goto(address)
            await is_connected(page)
            seen, unseen = await _walk(page)

            assert len(seen) > 3, address
            assert unseen == [], address


async def test_a_dialog_shows_where_the_keyboard_is(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=2)
        page = await people.somebody(klass.teacher)
    await page.goto(f'/courses/{klass.course_id}/live')
    await is_connected(page)
    await page.get_by_role('button', name='End the class').focus()
    await page.keyboard.press('Enter')
    await page.get_by_role('button', name='Go on').wait_for()

    assert await page.evaluate(STOP) == ['BUTTON Go on', True]
    assert await _walk(page) == (['BUTTON End the class'], [])


async def _walk(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until it comes round; returns the stops that can be seen, and those that cannot."""
    seen: list[str] = []
    unseen: list[str] = []
    for _ in range(MOST_STOPS):
        await page.keyboard.press('Tab')
        stop = await page.evaluate(STOP)
        if stop is None:
            break
        (seen if stop[1] else unseen).append(stop[0])
    return seen, unseen
