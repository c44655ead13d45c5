"""A proxy that takes less than we do refuses a file itself; the person is told on our page, in a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.factories.classes import a_course
from tests.support import front
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, free_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('O1', 'O7')]

LIMIT = 'client_max_body_size '


async def test_a_list_that_the_proxy_refuses_is_a_sentence_and_a_smaller_one_is_read(
    tmp_path: Path, data_dir: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = (front.DEPLOY / 'nginx.conf').read_text()
    assert LIMIT in written
    before, _, behind = written.partition(LIMIT)
    (tmp_path / 'nginx.conf').write_text(f'{before}{LIMIT}4k;{behind.partition(";")[2]}')
    monkeypatch.setattr(front, 'DEPLOY', tmp_path)
    port = free_port()
    server = Server(tmp_path / 'school', PUBLIC_URL=f'http://127.0.0.1:{port}')
    server.start()
    people = People(browser, server)
    try:
        with front.a_front('nginx', server.port, free_port(), port=port) as address:
            async with server.at_hand():
                course = await a_course()
                page = await people.somebody(course.teacher)
            await page.goto(f'{address}/courses/{course.course_id}/people')
            await is_connected(page)
            await page.get_by_text('Bring in a class list').click()
            field = page.locator('details[open]')

            files = field.locator('input[type=file]').first
            await files.set_input_files(_a_list(tmp_path / 'large.csv', learners=500))
            await expect(field.get_by_role('alert')).to_contain_text('The file did not arrive. Check your connection')
            await files.set_input_files(_a_list(tmp_path / 'small.csv', learners=3))
            await expect(field.get_by_role('status')).to_contain_text('Of 3 people: 3 new')
            await expect(field.get_by_role('alert')).to_be_empty()
            await people.go_home()
    finally:
        server.stop()


def _a_list(path: Path, *, learners: int) -> Path:
    path.write_text('name\n' + ''.join(f'Learner Number {number}\n' for number in range(learners)))
    return path
