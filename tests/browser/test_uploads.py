"""An instructor gives a video with captions and a PDF in the editor, with a real file chooser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from services.core import database
from services.courses.outline import sections
from services.enums import CheckpointKind
from services.people.list_workbooks import LARGEST_WORKBOOK
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.files import CAPTIONS, a_pdf, a_video
from tests.factories.people import a_guest
from tests.support.browser_people import People, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('C4', 'O7')]


async def test_a_video_and_a_pdf_are_given_in_the_editor(people: People, server: Server, tmp_path: Path) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=2)
        page = await people.somebody(course.teacher)
        learner = await people.somebody(await a_guest(code=course.code))
    files = {'soil.mp4': a_video(), 'soil.vtt': CAPTIONS, 'soil.pdf': a_pdf(pages=12), 'video.mp4': a_pdf()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    await page.goto(f'/courses/{course.course_id}')
    await is_connected(page)

    dialog = await opens(page, 'Step 1')
    await dialog.get_by_role('button', name='Video', exact=True).click()
    video, captions = part(dialog, 'Video (MP4 or WebM)'), part(dialog, 'Captions (WebVTT)')
    await expect(captions).to_be_hidden()
    await chooses(video, 'Choose the video', tmp_path / 'video.mp4')
    await expect(video.get_by_role('alert')).to_contain_text('not a video that browsers play')
    await chooses(video, 'Choose the video', tmp_path / 'soil.mp4')
    await expect(video).to_contain_text('soil.mp4')
    await expect(video).to_contain_text('0:03 min')
    await expect(video.get_by_role('alert')).to_be_empty()
    await chooses(captions, 'Choose the captions', tmp_path / 'soil.vtt')
    await expect(captions.locator('.file-name')).to_have_text('soil.vtt')  # it is there, and not on its way any more
    await saves(dialog)

    dialog = await opens(page, 'Step 2')
    await dialog.get_by_role('button', name='Reading', exact=True).click()
    await dialog.get_by_label('What to read', exact=True).fill('# Soil')
    document = part(dialog, 'PDF')
    await chooses(document, 'Choose the PDF', tmp_path / 'soil.pdf')
    await expect(document).to_contain_text('12 pages')
    await expect(dialog.get_by_label('What to read', exact=True)).to_be_hidden()
    await document.get_by_role('button', name='Remove the PDF').click()
    await expect(dialog.get_by_label('What to read', exact=True)).to_have_value('# Soil')
    await saves(dialog)
    assert await kinds(server, course) == [(CheckpointKind.VIDEO, True), (CheckpointKind.DOCUMENT, False)]

    dialog = await opens(page, 'Step 1')
    await dialog.get_by_role('button', name='Task', exact=True).click()
    await expect(dialog.get_by_text('“soil.mp4” and “soil.vtt” will be gone')).to_be_visible()
    await dialog.get_by_role('button', name='Cancel').click()
    await expect(page.get_by_role('button', name=re.compile('^Step 1 video · 0:0'))).to_be_visible()

    answer = await learner.request.get(f'/content/{course.checkpoints[0]}/film', headers={'range': 'bytes=0-9'})
    assert (answer.status, await answer.body()) == (206, files['soil.mp4'][:10])


async def test_a_browser_that_does_not_send_a_file_has_the_page_say_what_is_taken(
    people: People, server: Server, tmp_path: Path
) -> None:
    async with server.at_hand():
        course = await a_course()
        page = await people.somebody(course.teacher)
    large, picture = tmp_path / 'list.csv', tmp_path / 'list.png'
    large.write_bytes(b'x' * (LARGEST_WORKBOOK + 1))
    picture.write_bytes(b'\x89PNG')
    await page.goto(f'/courses/{course.course_id}/people')
    await is_connected(page)
    await page.get_by_text('Bring in a class list').click()

    field = page.locator('details[open]')
    await chooses(field, 'Choose the class list', large)
    await expect(field.get_by_role('alert')).to_contain_text('is larger than 2 MB. Choose a smaller one: A table')
    await chooses(field, 'Choose the class list', picture)
    await expect(field.get_by_role('alert')).to_contain_text(
        'is of another kind. Taken here: A table (.xlsx, .ods, .csv'
    )


async def opens(page: Page, checkpoint: str) -> Locator:
    await page.get_by_role('button', name=checkpoint).first.click()
    dialog = page.get_by_role('dialog')
    await expect(dialog.get_by_label('Title')).to_have_value(checkpoint)
    return dialog


async def chooses(field: Locator, button: str, file: Path) -> None:
    """Choose a file by keyboard, as the system's own chooser is opened."""
    async with field.page.expect_file_chooser() as choosing:
        await field.get_by_role('button', name=button).press('Enter')
    await (await choosing.value).set_files(file)


async def saves(dialog: Locator) -> None:
    await dialog.get_by_role('button', name='Save').click()
    await expect(dialog).to_be_hidden()


def part(dialog: Locator, label: str) -> Locator:
    return dialog.get_by_role('region', name=label, exact=True)


async def kinds(server: Server, course: CourseAtHand) -> list[tuple[CheckpointKind, bool]]:
    async with server.at_hand():
        (section,) = await database.read(sections, course.teacher, course.course_id)
    return [(checkpoint.details.kind, checkpoint.has_file) for checkpoint in section.checkpoints]
