"""A course goes out as a file and comes in again, with a real file chooser."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import expect

from tests.factories.classes import a_course
from tests.factories.documents import a_pdf
from tests.support.browser_people import People, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('C6')]


async def test_a_course_is_exported_and_imported_and_a_broken_file_says_where(
    people: People, server: Server, tmp_path: Path
) -> None:
    async with server.at_hand():
        course = await a_course(title='Soil science', checkpoints=2)
        await a_pdf(course, course.checkpoints[0], inside=server.data_dir)
        page = await people.somebody(course.teacher)
    await page.goto(f'/courses/{course.course_id}')
    await is_connected(page)
    await page.get_by_text('Settings', exact=True).click()
    async with page.expect_download() as downloading:
        await page.get_by_role('button', name='Export').click()
    file = tmp_path / (await downloading.value).suggested_filename
    await (await downloading.value).save_as(file)
    assert file.name == 'Soil-science.waymark.zip'

    broken = tmp_path / 'broken.zip'
    with ZipFile(file) as whole, ZipFile(broken, 'w') as other:
        text = whole.read('course.yaml').decode()
        other.writestr('course.yaml', text.replace('title: Step 2', 'titel: Step 2'))
    await page.goto('/courses/new')
    await is_connected(page)
    await page.get_by_text('Import a course from a file').click()
    await page.locator('input[type=file]').set_input_files(broken)
    await expect(page.get_by_role('alert')).to_contain_text('“titel” is not known here. Did you mean “title”?')
    await page.screenshot(path=tmp_path / 'import.png')

    await page.locator('input[type=file]').set_input_files(file)
    await page.wait_for_url(re.compile(r'/courses/\d+$'))
    await expect(page.get_by_role('heading', name='Soil science')).to_be_attached()
    await expect(page.get_by_text('Step 2')).to_be_visible()
    await page.locator('.outline-title').first.click()
    await expect(page.get_by_text('Replace the PDF')).to_be_visible()
    assert not page.url.endswith(f'/{course.course_id}')
