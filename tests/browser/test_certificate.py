"""Finishing a course, and handing its certificate to somebody who can check it."""

import pytest
from playwright.async_api import expect

from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest
from tests.support.browser_people import PHONE, People
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]


@pytest.mark.req('S10', 'O5')
async def test_the_last_checkpoint_is_a_moment_of_joy_and_leads_to_a_certificate(
    people: People, server: Server
) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=2, title='Rivers')
        learner = await a_guest(code=course.code, name='Rosa Rivera')
        await mark(course.checkpoints[0], by=learner)
        token = await token_of(learner)
    phone = await people.page(token=token, phone=True)
    await phone.goto(f'/courses/{course.course_id}/learn')

    await phone.locator('input.marker:not(.hidden)').click()

    await expect(phone.get_by_text('Congratulations!')).to_be_in_viewport()
    await expect(phone.get_by_role('link', name='PDF')).to_be_visible()  # comes by itself
    await assert_accessible(phone, part='.joy', sizes=(PHONE,))
    address = await phone.get_by_role('link', name='Your certificate').get_attribute('href')

    stranger = await people.page()
    await stranger.goto(address or '')
    await expect(stranger.get_by_text('This certificate is valid')).to_be_visible()
    await expect(stranger.get_by_role('heading', level=1)).to_have_text('Rosa Rivera')
    async with stranger.expect_download() as download:
        await stranger.get_by_role('link', name='Certificate (PDF)').click()
    assert (await download.value).suggested_filename == f'certificate-{(address or "").rpartition("/")[2]}.pdf'
