"""One course, alone: begun on a laptop, continued on a phone after the server was killed, finished, and believed."""

import re
from urllib.parse import urlsplit

import httpx
import jwt
import pypdfium2
import pytest
from openbadgeslib.ob3 import OB3Verifier
from playwright.async_api import Locator, Page, expect

from services.content.uploads.receiving import take
from services.content.uploads.slots import Part
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.people import joining
from settings import settings
from tests.browser.test_reading import shows_page
from tests.browser.test_videos import goes_on_at, is_past, plays_or_pauses, plays_until, seen
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.documents import a_pdf_file
from tests.factories.files import a_video
from tests.factories.people import PASSWORD, an_account
from tests.support.browser_people import People, is_connected
from tests.support.eventually import PATIENCE
from tests.support.files_at_hand import in_pieces
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]

NAME = 'Rosa Müller-Ríos'
EMAIL = 'rosa.rivers@example.org'


@pytest.mark.req('C4', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S10')
async def test_from_a_laptop_over_a_crash_to_a_certificate_that_others_verify(
    people: People, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('DATA_DIR', str(server.data_dir))
    settings.cache_clear()
    async with server.at_hand():
        course = await a_course_of_all_kinds()
        learner = await an_account(email=EMAIL, name=NAME)
        await database.write(joining.join, learner.actor, code=course.code)

    laptop = await people.page()
    await signs_in(laptop)
    await laptop.get_by_role('link', name='Start learning: Rivers').click()
    await expect(laptop.get_by_role('heading', level=1)).to_have_text('Where rivers come from')
    await plays_until(await video(laptop), 2)
    await expect(laptop.locator('.video-seen')).to_have_text(re.compile(r'^[2-9]\d % seen'))
    before = await seen(laptop)
    server.kill()
    server.start()

    phone = await people.page(phone=True)
    await signs_in(phone)
    await phone.get_by_role('link', name='Continue learning: Rivers').tap()
    player = await video(phone)
    await goes_on_at(phone, range(2, 6))
    assert await seen(phone) == before
    await is_past(phone, 1.9)
    await plays_or_pauses(player)
    await expect(phone.locator('.learn-done')).to_have_text('Done')

    await phone.get_by_role('link', name='Next: The river booklet').tap()
    for number in range(1, 4):
        await shows_page(phone, number, of=3)
        seen_so_far = re.compile(f'The river booklet, ({number * 100 // 3} percent seen|done)')
        await expect(phone.get_by_role('link', name=seen_so_far)).to_be_visible()
        if number < 3:
            await phone.get_by_role('button', name='Next page').tap()
    await expect(phone.locator('.learn-done')).to_have_text('Done')
    await phone.get_by_role('link', name='Next: Draw your river').tap()
    await phone.locator('input.marker:not(.hidden)').tap()

    await expect(phone.get_by_text('Congratulations!')).to_be_in_viewport()
    await expect(phone.locator('.progress-ring')).to_have_text('100 %')
    async with phone.expect_download() as printed:
        await phone.get_by_role('link', name='PDF').tap()
    certificate = pypdfium2.PdfDocument(await (await printed.value).path())[0].get_textpage().get_text_range()
    assert NAME in certificate
    assert 'Rivers' in certificate

    address = re.search(r'/certificates/[-A-Z0-9]+', certificate)
    assert address, certificate
    stranger = await people.page()
    await stranger.goto(address[0])
    await expect(stranger.get_by_text('This certificate is valid')).to_be_visible()
    await expect(stranger.get_by_role('heading', level=1)).to_have_text(NAME)
    async with stranger.expect_download() as handed:
        await stranger.get_by_role('link', name='Open Badge').click()
    assert_is_true((await (await handed.value).path()).read_text(), server, of=address[0])


async def a_course_of_all_kinds() -> CourseAtHand:
    """A video, a booklet and a task, given as instructors give them; the video is an MP4 with its index at the end."""
    course = await a_course(checkpoints=3, title='Rivers')
    titles = 'Where rivers come from', 'The river booklet', 'Draw your river'
    for checkpoint, title in zip(course.checkpoints, titles, strict=True):
        await database.write(checkpoints.edit, course.teacher, checkpoint, Details(title=title))
    content = a_video(seconds=5, sound='aac')
    assert content.index(b'moov') > content.index(b'mdat')
    await take(course.teacher, course.checkpoints[0], Part.VIDEO, in_pieces(content), name='rivers.mp4')
    await take(course.teacher, course.checkpoints[1], Part.FILE, in_pieces(a_pdf_file(pages=3)), name='rivers.pdf')
    return course


async def video(page: Page) -> Locator:
    await is_connected(page)
    await page.wait_for_function("() => document.querySelector('video').readyState > 0")
    return page.get_by_label('Video: Where rivers come from')


async def signs_in(page: Page) -> None:
    await page.goto('/sign-in')
    await page.get_by_label('E-mail').fill(EMAIL)
    await page.get_by_label('Password', exact=True).fill(PASSWORD)
    await page.get_by_role('button', name='Sign in').click()
    await page.wait_for_url('**/')
    await is_connected(page)


def assert_is_true(token: str, server: Server, *, of: str) -> None:
    """Check a badge as a stranger does: with another library, and with what the school publishes."""

    def download(address: str) -> bytes:
        return httpx.get(f'{server.origin}{urlsplit(address).path}', timeout=PATIENCE).raise_for_status().content

    key = httpx.get(f'{server.origin}{urlsplit(jwt.get_unverified_header(token)["kid"]).path}', timeout=PATIENCE).json()
    credential = OB3Verifier(jwt.PyJWK(key).key).verify(token, check_status=True, download=download)
    assert credential.id.endswith(of)
    assert [each.identity_hash for each in credential.identifiers if not each.hashed] == [NAME]
