"""Reading: a text by scrolling and a PDF by turning pages, on a phone and then on another device."""

import pytest
from playwright.async_api import Page, expect

from demo import booklet
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course
from tests.factories.documents import a_pdf, a_text
from tests.factories.people import a_guest
from tests.support.browser_people import PHONE, People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('S5', 'S6'), pytest.mark.asyncio(loop_scope='session')]


async def shows_page(page: Page, number: int, *, of: int) -> None:
    """Check which page is on the screen, as a picture that has really come."""
    picture = page.get_by_role('img', name=f'Page {number} of {of}')
    await expect(picture).to_be_visible()
    await expect(page.locator('.pdf-controls input')).to_have_value(str(number))
    await page.wait_for_function(
        'picture => picture.complete && picture.naturalWidth > 0', arg=await picture.element_handle()
    )


async def has_seen(page: Page, percent: int) -> None:
    """Wait until so much of the checkpoint that is open was really seen."""
    await expect(page.get_by_role('link', name=f'{percent} percent seen')).to_be_visible()


async def test_a_text_and_a_pdf_complete_by_themselves(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3, title='Soil')
        learner = await a_guest(code=course.code, name='Lena Learner')
        await a_text(course, course.checkpoints[0], body=booklet.TEXT)
        await a_text(course, course.checkpoints[1], body='Soil is rock, humus, water and air.')
        await a_pdf(course, course.checkpoints[2], pages=4, content=booklet.make_booklet(), inside=server.data_dir)
        tokens = [await token_of(learner) for _ in range(2)]
    phone, laptop = await people.page(token=tokens[0], phone=True), await people.page(token=tokens[1])
    learn = f'/courses/{course.course_id}/learn'

    await phone.goto(f'{learn}/{course.checkpoints[0]}')
    await is_connected(phone)
    await assert_accessible(phone, sizes=(PHONE,))
    end = phone.get_by_role('heading', name='What to remember')
    await end.scroll_into_view_if_needed()
    await phone.get_by_role('link', name='Next').click()  # which saves at once where this was left
    await expect(phone.get_by_text('Soil is rock, humus')).to_be_visible()
    await expect(phone.locator('.learn-done')).to_have_text('Done')

    await laptop.goto(f'{learn}/{course.checkpoints[0]}')
    await is_connected(laptop)
    await expect(laptop.get_by_text('You continue where you stopped.')).to_be_visible()
    await expect(laptop.get_by_role('heading', name='What to remember')).to_be_in_viewport()
    await expect(laptop.locator('.learn-done')).to_have_count(0)

    await phone.get_by_role('link', name='Next: Step 3').click()
    await shows_page(phone, 1, of=4)
    await has_seen(phone, 25)
    await phone.locator('.pdf-edge-forth').tap()  # where a thumb turns pages
    await shows_page(phone, 2, of=4)
    await phone.get_by_text('What page 2 says').tap()
    await expect(phone.get_by_text('Below it the subsoil is lighter')).to_be_visible()
    await assert_accessible(phone, sizes=(PHONE,))
    await has_seen(phone, 50)
    await phone.get_by_label('Page, of 4').fill('4')
    await shows_page(phone, 4, of=4)
    await phone.close()

    await laptop.goto(f'{learn}/{course.checkpoints[2]}')
    await shows_page(laptop, 4, of=4)
    await has_seen(laptop, 75)
    async with laptop.expect_download() as saved:
        await laptop.get_by_role('link', name='Save the whole file').click()
    assert (await saved.value).suggested_filename == 'Soil.pdf'
    await laptop.keyboard.press('ArrowLeft')
    await shows_page(laptop, 3, of=4)
    await expect(laptop.locator('.learn-done')).to_have_text('Done')
    await expect(laptop.get_by_role('link', name='Step 3, done')).to_be_visible()
