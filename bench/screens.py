"""What teachers open most: one learner of a big class beside the grid, and the home of a teacher with many courses."""

import asyncio

from playwright.async_api import Page

from bench import school
from bench.browser import FIRST_ROW, chromium, new_page
from bench.figures import Table, percentile
from bench.grid import CHECKPOINTS, QUIET, STUDENTS, open_in_browser, open_without_browser
from bench.server import Home, Server, launched

LOOKS = 8
COURSES = 200

# Notes when a name was pressed, and when the panel beside the grid has been painted, in milliseconds.
WATCH_PANEL = """
() => {
  window.benchPressed = window.benchPanel = 0;
  document.addEventListener('click', () => { window.benchPressed = performance.now(); }, { capture: true });
  new MutationObserver(() => {
    if (window.benchPanel || !document.querySelector('.learner-panel > *')) return;
    requestAnimationFrame(() => { window.benchPanel = performance.now(); });
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}
"""
PANEL, FORGET = 'window.benchPanel', 'window.benchPanel = 0'
CLICK_TO_PANEL = 'window.benchPanel - window.benchPressed'


async def screen_rounds(table: Table, rounds: int, *, most: int) -> None:
    """Open both so many times, with at most so many learners (`most`), and courses in proportion."""
    with Home() as home:
        course = await school.prepare(
            home,
            checkpoints=CHECKPOINTS,
            students=min(STUDENTS, most),
            courses=COURSES * min(STUDENTS, most) // STUDENTS,
        )
        async with Server(home, launched('main.py')) as server, chromium() as browser:
            await open_without_browser(server, course, '/')  # what is loaded once
            for _ in range(rounds):
                table.ours('home', 1000 * await open_without_browser(server, course, '/'))
                async with new_page(browser, server.origin, course.instructor) as page:
                    await open_in_browser(server, page, course.live_path, FIRST_ROW)
                    table.ours('panel', percentile(await _looks(page, list(course.students)), 50))


async def _looks(page: Page, names: list[str]) -> list[float]:
    """Open the panel of one learner after the other; returns the milliseconds from each press to the panel."""
    await page.evaluate(WATCH_PANEL)
    delays = []
    for name in (names * LOOKS)[:LOOKS]:
        await asyncio.sleep(QUIET)
        await page.evaluate(FORGET)
        await page.get_by_role('gridcell', name=name, exact=True).first.click()
        await page.wait_for_function(PANEL)
        delays.append(float(await page.evaluate(CLICK_TO_PANEL)))
        await page.keyboard.press('Escape')
        await page.wait_for_function("!document.querySelector('.learner-panel > *')")
    return delays
