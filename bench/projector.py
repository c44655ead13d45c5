"""The projector of a big class: what its page costs, when the class appears, how fast one change is on screen."""

import asyncio
import time

from playwright.async_api import Page

from bench import school
from bench.browser import chromium, new_page
from bench.figures import Table, percentile
from bench.grid import CHANGES, CHECKPOINTS, QUIET, open_in_browser, open_without_browser
from bench.server import Home, Server, launched
from bench.student import Student

SIZES = {'summary': 500, 'tiles': 150, 'rows': 40}
"""learners, by what the projector shows of them"""

# Notes when the class has been painted: the frame after the one in which it was there.
WATCH_CLASS = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.wall-part > *')) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.benchClass = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
PAINTED = 'window.benchClass'  # milliseconds since the navigation began

# Notes when anything in the picture has changed, in seconds of the wall clock.
WATCH_CHANGES = """
() => {
  window.benchMoved = 0;
  new MutationObserver(() => {
    window.benchMoved ||= (performance.timeOrigin + performance.now()) / 1000;
  }).observe(document.querySelector('.projector'), { childList: true, subtree: true, characterData: true });
}
"""
MOVED, FORGET = 'window.benchMoved', 'window.benchMoved = 0'


async def projector_rounds(table: Table, rounds: int, *, most: int) -> None:
    """Open the projector of classes of three sizes so many times, each time in a browser that has never been here.

    With fewer learners than a size has (`most`), the way is tried, and the figures say nothing of that size.
    """
    for density, learners in SIZES.items():
        with Home() as home:
            course = await school.prepare(home, checkpoints=CHECKPOINTS, students=min(learners, most))
            path = course.live_path.replace('/live', '/projector')
            async with Server(home, launched('main.py')) as server, chromium() as browser:
                await open_without_browser(server, course, path)  # the board is loaded once
                for name, cookies in list(course.students.items())[:rounds]:
                    table.ours(f'{density} page', 1000 * await open_without_browser(server, course, path))
                    async with new_page(browser, server.origin, course.instructor) as page:
                        await page.add_init_script(WATCH_CLASS)
                        await open_in_browser(server, page, path, PAINTED)
                        table.ours(f'{density} paint', float(await page.evaluate(PAINTED)) / 1000)
                        student = Student(name, server.origin)
                        student.enter(cookies, course.class_path)
                        delays = await _changes(page, server, student)
                        table.ours(f'{density} change', 1000 * percentile(delays, 50))
                        print(f'  {density}: {len(delays)} of {CHANGES} changes', flush=True)


async def _changes(page: Page, server: Server, student: Student) -> list[float]:
    """Let one learner tap in quiet moments; returns seconds from each commit to the first change of the picture."""
    delays: list[float] = []
    try:
        await student.load()
        await student.connect()
        await page.evaluate(WATCH_CHANGES)
        for _ in range(CHANGES):
            await asyncio.sleep(QUIET)
            await page.evaluate(FORGET)
            tapped = time.time()
            await student.tap()
            await asyncio.sleep(0.3)
            seen = float(await page.evaluate(MOVED))
            saved = next((when for when in server.commits() if when > tapped), None)
            if saved is not None and seen > tapped:
                delays.append(seen - saved)
    finally:
        await student.close()
    return delays
