"""The instructor's grid of a big class: what its page costs, when rows appear, how fast one change is on screen."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from bench import school
from bench.browser import BIG_BUTTON, CHANGED, FIRST_ROW, FORGET_CHANGES, WATCH_ROW, chromium, new_page
from bench.figures import Table, percentile
from bench.server import Home, Server, launched
from bench.student import Student
from bench.watcher import Watcher

STUDENTS, CHECKPOINTS, CHANGES = 500, 30, 12
SETTLE = 1.0  # seconds after the first paint that still count as the page's own work
QUIET = 1.2  # seconds without a change, so that the next one need not wait for the tick
PATIENCE = 10.0  # seconds for a row or a change to appear


async def grid_rounds(table: Table, rounds: int) -> None:
    """Open the pages so many times, each time in a browser that has never been here."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=CHECKPOINTS, students=STUDENTS)
        async with Server(home, launched('main.py')) as server, chromium() as browser:
            table.ours('grid first', 1000 * await open_without_browser(server, course))
            for name, cookies in list(course.students.items())[:rounds]:
                table.ours('grid page', 1000 * await open_without_browser(server, course))
                async with new_page(browser, server.origin, cookies) as phone:
                    table.ours('phone', 1000 * await open_in_browser(server, phone, course.class_path, BIG_BUTTON))
                async with new_page(browser, server.origin, course.instructor) as page:
                    table.ours('grid browser', 1000 * await open_in_browser(server, page, course.live_path, FIRST_ROW))
                    table.ours('first paint', float(await page.evaluate(FIRST_ROW)) / 1000)
                    student = Student(name, server.origin)
                    student.enter(cookies, course.class_path)
                    delays = await changes(page, server, student)
                    table.ours('change', 1000 * percentile(delays, 50))
                    print(
                        f'  {len(delays)} of {CHANGES} changes, slowest {1000 * max(delays, default=0.0):.1f} ms',
                        flush=True,
                    )


async def changes(page: Page, server: Server, student: Student) -> list[float]:
    """Let one student whose row is on screen tap in quiet moments; returns seconds from each commit to the DOM."""
    delays: list[float] = []
    try:
        await page.evaluate(WATCH_ROW, student.name)
        await student.load()
        await student.connect()
        for _ in range(CHANGES):
            await asyncio.sleep(QUIET)
            await page.evaluate(FORGET_CHANGES)
            tapped = time.time()
            tap = await student.tap()
            await asyncio.sleep(0.3)
            changed: dict[str, float] = await page.evaluate(CHANGED)
            seen = changed.get(f'c{tap.checkpoint}', 0.0)
            saved = next((when for when in server.commits() if when > tapped), None)
            if saved is not None and seen > tapped:
                delays.append(seen - saved)
    finally:
        await student.close()
    return delays


async def open_in_browser(server: Server, page: Page, path: str, until: str) -> float:
    """Open a page with everything it loads; returns the server's seconds of CPU."""

    async def opened() -> None:
        await page.goto(server.origin + path, wait_until='commit')
        await page.wait_for_function(until, timeout=1000 * PATIENCE)

    return await cpu_beyond_idle(server, opened)


async def open_without_browser(server: Server, course: school.School, path: str = '') -> float:
    """Seconds of CPU for the page and its socket alone, without assets, which are the same for every page."""
    watcher = Watcher(server.origin, course.instructor)
    try:
        return await cpu_beyond_idle(server, lambda: watcher.open(path or course.live_path))
    finally:
        await watcher.close()


async def cpu_beyond_idle(server: Server, work: Callable[[], Awaitable[object]]) -> float:
    """What the work and the second after it cost, less what the server does anyway."""
    await server.quiet()
    before, began = server.cpu(), time.perf_counter()
    await asyncio.sleep(SETTLE)
    idle = (server.cpu() - before) / (time.perf_counter() - began)
    before, began = server.cpu(), time.perf_counter()
    await work()
    await asyncio.sleep(SETTLE)
    return server.cpu() - before - idle * (time.perf_counter() - began)
