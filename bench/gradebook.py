"""The gradebook of a big course: what its page costs, when rows appear, how soon a typed grade is in its total."""

import asyncio
from collections.abc import Mapping

from playwright.async_api import Page

from bench.browser import CHANGED, FIRST_ROW, FORGET_CHANGES, WATCH_ROW, chromium, new_page
from bench.figures import Table, percentile
from bench.grid import cpu_beyond_idle, open_in_browser
from bench.school import built_by
from bench.server import Home, Server, launched
from bench.watcher import Watcher

LEARNERS, QUIZZES, TYPED = 500, 60, 12
PAUSE = 0.6  # seconds between two grades, so that the reading after the one is over before the next
# Notes when Enter was pressed last, in seconds of the wall clock.
WATCH_ENTER = """
() => addEventListener('keydown', (event) => {
  if (event.key === 'Enter') window.benchEntered = (performance.timeOrigin + performance.now()) / 1000;
}, { capture: true })
"""
ENTERED = 'window.benchEntered'
FIRST_CELL = '.ag-center-cols-container [row-index="0"] [aria-colindex="2"]'
FIRST_NAME = 'document.querySelector(\'.ag-pinned-left-cols-container [row-index="0"]\').textContent'


async def gradebook_rounds(table: Table, rounds: int) -> None:
    """Open the page so many times, each time in a browser that has never been here, and type."""
    with Home() as home:
        built = await built_by('bench.build_gradebook', home, QUIZZES, LEARNERS)
        path, cookies = f'/courses/{built["course_id"]}/gradebook', built['cookies']
        async with Server(home, launched('main.py')) as server, chromium() as browser:
            await _open(server, path, cookies)
            for _ in range(rounds):
                table.ours('gradebook page', 1000 * await _open(server, path, cookies))
                async with new_page(browser, server.origin, cookies) as page:
                    await open_in_browser(server, page, path, FIRST_ROW)
                    table.ours('gradebook paint', float(await page.evaluate(FIRST_ROW)) / 1000)
                    table.ours('gradebook typed', 1000 * percentile(await _type(page), 50))


async def _open(server: Server, path: str, cookies: Mapping[str, str]) -> float:
    """Return the seconds of CPU for the page and its socket alone."""
    watcher = Watcher(server.origin, cookies)
    try:
        return await cpu_beyond_idle(server, lambda: watcher.open(path))
    finally:
        await watcher.close()


async def _type(page: Page) -> list[float]:
    """Type grades for the first learner; returns seconds from Enter to the total on the screen."""
    delays: list[float] = []
    await page.evaluate(WATCH_ENTER)
    await page.get_by_label('Reason for the grades that I type').fill('Measured')
    await page.evaluate(WATCH_ROW, await page.evaluate(FIRST_NAME))
    for number in range(TYPED):
        await page.locator(FIRST_CELL).click()
        await page.keyboard.type(str(10 + 40 * (number % 2)))
        await page.evaluate(FORGET_CHANGES)
        await page.keyboard.press('Enter')
        await asyncio.sleep(PAUSE)
        changed: dict[str, float] = await page.evaluate(CHANGED)
        if 'total' in changed:
            delays.append(changed['total'] - float(await page.evaluate(ENTERED)))
    print(f'  {len(delays)} of {TYPED} totals, slowest {1000 * max(delays, default=0.0):.1f} ms', flush=True)
    return delays
