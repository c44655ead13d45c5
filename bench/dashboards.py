"""The dashboards of a school with a term behind it: in the services on both databases, and in Chromium.

A short round (`--quick`) has fewer learners and courses, but its courses are as large.
"""

import asyncio
import time
from typing import Any

from playwright.async_api import Browser, Page

from bench.browser import OPEN_MARKER, chromium, new_page
from bench.figures import Table, percentile
from bench.postgres import postgres
from bench.school import built_by
from bench.server import Home, Server, launched

LEARNERS, COURSES = 2_000, 40
SMALL, SMALL_ON_POSTGRES = (250, 4), (250, 1)
"""the same in a short round"""
SCHOOL = f'{LEARNERS:,} learners, {COURSES} courses, 1 M activities'
GOALS = {'educator': 100, 'learner': 50, 'admin': 150}
"""milliseconds at p95"""
IN_SECONDS = {'rebuild', 'rebuild cpu', 'school time', 'school time cpu'}
CLICKS, TAPS = 3, 4
PATIENCE = 900.0
"""seconds for one database, most of them to write and count a million activities twice"""
QUIET = 1.5
"""seconds between two activities, so that each is a look of its own"""
CHART = "document.querySelector('.js-plotly-plot .main-svg')"
HER_MARKS = """
[...document.querySelectorAll('.matrix tr')].filter((row) => row.textContent.includes('Anna Newcomer'))
  .reduce((sum, row) => sum + row.querySelectorAll('.mark-done').length, 0)
"""


async def dashboard_round(table: Table, *, is_small: bool) -> None:
    """Measure the services on each database, and then what a browser shows of the school on SQLite."""
    whole = LEARNERS, COURSES
    with Home() as home:
        built = await _services(table, home, 'SQLite', *(SMALL if is_small else whole))
        await _browsers(table, home, built)
    with Home() as home, postgres() as url:
        home.environment['DATABASE_URL'] = url
        await _services(table, home, 'PostgreSQL', *(SMALL_ON_POSTGRES if is_small else whole))


async def _services(table: Table, home: Home, database: str, learners: int, courses: int) -> dict[str, Any]:
    built = await built_by('bench.dashboards_child', home, learners, courses, patience=PATIENCE)
    figures: dict[str, float] = built['figures']
    print(
        f'  {database}: {figures.pop("activities"):,.0f} activities of {learners:,} learners in {courses} courses',
        flush=True,
    )
    for name, value in figures.items():
        if name.startswith('peer '):
            table.peers(f'{database} {name.removeprefix("peer ")}', 1000 * value)
        else:
            table.ours(f'{database} {name}', value if name.endswith('growth') or name in IN_SECONDS else 1000 * value)
    return built


async def _browsers(table: Table, home: Home, built: dict[str, Any]) -> None:
    """Open a course's dashboard from its first page, and let somebody complete checkpoints while it is open."""
    path = f'/courses/{built["course_id"]}'
    async with (
        Server(home, launched('main.py')) as server,
        chromium() as browser,
        new_page(browser, server.origin, built['teacher']) as page,
    ):
        charts = [await _click(page, server.origin + path) for _ in range(CLICKS)]
        seen = await _seen(page, browser, server.origin, path, built['newcomer'])
    table.ours('chart', percentile(charts, 50))
    table.ours('seen', max(seen))


async def _click(page: Page, address: str) -> float:
    """Return the seconds from the click to the first chart that is drawn."""
    await page.goto(address)
    tab = page.get_by_role('link', name='Analytics', exact=True)
    await tab.wait_for()
    await asyncio.sleep(QUIET)
    began = time.perf_counter()
    await tab.click()
    await page.wait_for_function(CHART)
    return time.perf_counter() - began


async def _seen(page: Page, browser: Browser, origin: str, path: str, cookies: dict[str, str]) -> list[float]:
    """Return the seconds from each click of a learner to the mark in their row of the open dashboard."""
    waits = []
    async with new_page(browser, origin, cookies) as theirs:
        for _ in range(TAPS):
            await theirs.goto(f'{origin}{path}/learn')
            marker = theirs.locator(OPEN_MARKER)
            await marker.wait_for()
            await asyncio.sleep(QUIET)
            before = await page.evaluate(HER_MARKS)
            began = time.perf_counter()
            await marker.click()
            await page.wait_for_function(f'({HER_MARKS}) > {before}')
            waits.append(time.perf_counter() - began)
    return waits
