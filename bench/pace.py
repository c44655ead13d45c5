"""Learning at one's own pace, in a course that thousands take: in the services on both databases, and in Chromium."""

import asyncio
import sys

import orjson
from playwright.async_api import Page

from bench import school
from bench.browser import CLICK_TO_TICK, OPEN_MARKER, SAVED, WATCH_MARKER, chromium, new_page
from bench.figures import Table, percentile
from bench.postgres import postgres
from bench.server import ROOT, Home, Server, launched

LEARNERS, CHECKPOINTS = 5_000, 200
DATABASES = ('SQLite', 'PostgreSQL')
CLICKS = 40
QUIET = 0.3  # seconds after a page has opened
PATIENCE = 300.0  # seconds for one database, most of them to write a million rows


async def pace_round(table: Table) -> None:
    """Measure in a browser, and then the services on each database, each time in a process of its own."""
    await _browser(table)
    with Home() as home:
        await _services(table, home, DATABASES[0], home.environment['DATABASE_URL'])
    with Home() as home, postgres() as url:
        await _services(table, home, DATABASES[1], url)


async def _browser(table: Table) -> None:
    """Let one learner open checkpoint after checkpoint, and mark each in a real browser."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=CHECKPOINTS, students=1)
        (cookies,) = course.students.values()
        async with (
            Server(home, launched('main.py')) as server,
            chromium() as browser,
            new_page(browser, server.origin, cookies) as page,
        ):
            ticks = [await _mark(page, f'{server.origin}/courses/{course.course_id}/learn') for _ in range(CLICKS)]
    table.ours('tick p50', percentile(ticks, 50))
    table.ours('tick p95', percentile(ticks, 95))


async def _mark(page: Page, address: str) -> float:
    """Go on in the course and mark its next checkpoint; returns the milliseconds from the click to the tick."""
    await page.goto(address)
    marker = page.locator(OPEN_MARKER)
    await marker.wait_for()
    await asyncio.sleep(QUIET)
    await page.evaluate(WATCH_MARKER)
    await marker.click()
    await page.wait_for_function(SAVED)
    return float(await page.evaluate(CLICK_TO_TICK))


async def _services(table: Table, home: Home, database: str, url: str) -> None:
    with home.log.open('wb') as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, '-m', 'bench.pace_child', str(LEARNERS), str(CHECKPOINTS)),
            cwd=ROOT,
            env=home.environment | {'DATABASE_URL': url},
            stdout=log,
        )
        try:
            await asyncio.wait_for(process.wait(), timeout=PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise RuntimeError(f'{database} could not be measured; what it said is above')
    for name, seconds in orjson.loads(home.log.read_bytes().splitlines()[-1]).items():
        table.ours(f'{database} {name}', 1000 * seconds)
