"""One Chromium and one server for all tests of this ring that a worker takes, and a browser profile for each person."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.support.browser_people import PATIENCE, People
from tests.support.full_school import FullSchool, running_full_school
from tests.support.running import Server

ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-extensions',
    '--no-first-run',
    '--mute-audio',
    '--host-resolver-rules=MAP wlan.school.example 127.0.0.1',  # a browser trusts this machine, but no other by http
    '--js-flags=--no-opt --no-maglev',  # pages live for seconds: what would make them quicker later is never paid back
]


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope='session')
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp('school'))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running_server: Server, data_dir: Path) -> Iterator[Server]:
    """A server that runs when the test begins, and has a school of all earlier tests in it."""
    yield running_server
    running_server.resume()
    if not running_server.is_running:
        running_server.start()


@pytest_asyncio.fixture(scope='session', loop_scope='session')
async def full_school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FullSchool]:
    """A server of its own, in which everything is there and people read English; tests only look at it."""
    async with running_full_school(tmp_path_factory.mktemp('full')) as school:
        yield school


@pytest_asyncio.fixture(loop_scope='session')
async def people(browser: Browser, server: Server) -> AsyncIterator[People]:
    """Opens browsers for people; what went wrong inside one of them fails the test."""
    people = People(browser, server)
    yield people
    await people.go_home()
    assert people.complaints == []
