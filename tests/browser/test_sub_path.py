"""Waymark below a path of another address, behind a real nginx, in a real browser."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.factories.classes import a_class
from tests.support.browser_people import People, Teacher, is_connected
from tests.support.front import a_front
from tests.support.running import Server, free_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('O1')]

PATH = '/school/waymark'


@pytest_asyncio.fixture(loop_scope='session')
async def address(tmp_path: Path, data_dir: Path, browser: Browser) -> AsyncIterator[tuple[str, Server, People]]:
    """Where it is reached, the server itself, and people."""
    port = free_port()
    server = Server(tmp_path / 'school', PUBLIC_URL=f'http://127.0.0.1:{port}{PATH}')
    server.start()
    people = People(browser, server)
    try:
        with a_front('nginx', server.port, free_port(), port=port, below=PATH) as address:
            yield address, server, people
            await people.go_home()
    finally:
        server.stop()


async def test_a_tap_a_link_a_download_and_an_upload_below_a_path(
    address: tuple[str, Server, People], tmp_path: Path
) -> None:
    below, server, people = address
    async with server.at_hand():
        klass = await a_class(title='Soil science', checkpoints=2, learners=())
        teacher = Teacher(await people.somebody(klass.teacher), klass, people)
    lena = await people.learner()
    asked = what_is_asked_by(teacher.page, lena.page)
    await teacher.page.goto(f'{below}/courses/{klass.course_id}/live')
    await is_connected(teacher.page)

    await lena.joins_at(f'{below}/j/{klass.code}', 'Lena Low')
    await lena.taps()
    await expect(lena.said).to_have_text('Saved · step 1')
    await teacher.shows(1, 'done', klass.checkpoints[0])

    await teacher.page.get_by_role('link', name='Waymark').click()
    await teacher.page.wait_for_url(f'{below}/')
    await teacher.page.get_by_role('link', name='Soil science').click()
    await teacher.page.wait_for_url(f'{below}/courses/{klass.course_id}')
    file = await exported(teacher.page, tmp_path)
    await teacher.page.goto(f'{below}/courses/new')
    await is_connected(teacher.page)
    await teacher.page.get_by_text('Import a course from a file').click()
    await teacher.page.locator('input[type=file]').set_input_files(file)
    await teacher.page.wait_for_url(re.compile(rf'^{re.escape(below)}/courses/\d+$'))

    assert people.complaints == []
    assert {each for each in asked if not urlsplit(each).path.startswith(f'{PATH}/')} == set()
    assert [each for each in asked if '_nicegui_ws' in each], 'the sockets of pages as well'


def what_is_asked_by(*pages: Page) -> list[str]:
    """Return a list of all that pages ask for, which goes on; what is in an address itself is left out."""
    asked: list[str] = []
    for page in pages:
        page.on('request', lambda request: asked.append(request.url))
        page.on('websocket', lambda socket: asked.append(socket.url))
    return asked


async def exported(page: Page, folder: Path) -> Path:
    await is_connected(page)
    await page.get_by_text('Settings', exact=True).click()
    async with page.expect_download() as downloading:
        await page.get_by_role('button', name='Export').click()
    download = await downloading.value
    await download.save_as(folder / download.suggested_filename)
    return folder / download.suggested_filename
