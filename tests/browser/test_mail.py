"""Mails in real browsers: an admin sets the school up, and somebody who forgot their password gets back in by mail."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.factories.people import PASSWORD
from tests.support.browser_people import People
from tests.support.eventually import eventually
from tests.support.mail_box import FROM, MailBox, a_mail_box
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('A1', 'A6', 'A9'), pytest.mark.asyncio(loop_scope='session')]

NEW = 'an even better battery'


async def test_a_school_is_set_up_and_a_forgotten_password_is_replaced_by_mail(
    browser: Browser, tmp_path: Path, data_dir: Path
) -> None:
    server = Server(tmp_path)
    server.start()
    people = People(browser, server)
    try:
        async with a_mail_box() as box:
            await sets_the_school_up(await people.page(), server, box)
            sami = await people.page(phone=True)
            await registers_and_confirms(sami, box)
            await forgets_the_password(await people.page(phone=True), box)
            await sami.reload()
            await expect(sami.get_by_role('heading', name='Sign in')).to_be_visible()
    finally:
        await people.go_home()
        server.stop()
    assert people.complaints == []
    secrets = [box.link(), PASSWORD, NEW]
    assert not [secret for secret in secrets if secret in server.said()]


async def sets_the_school_up(page: Page, server: Server, box: MailBox) -> None:
    await page.goto((server.data_dir / 'set_up_link').read_text().strip().replace('localhost', '127.0.0.1'))
    await page.get_by_label('Your full name').fill('Ada Admin')
    await page.get_by_label('E-mail address').fill('ada@example.org')
    await page.get_by_label('Password', exact=True).fill(PASSWORD)
    await page.get_by_role('button', name='Create account').click()

    await page.get_by_label('Name of your school').fill('Bramble Hill')
    await expect(page.get_by_label('Address to which links')).to_have_value('')
    await page.get_by_label('Address to which links').fill(f'{server.origin}/')
    await page.get_by_role('button', name='Save').click()

    await expect(page.get_by_role('link', name='Go on without mails')).to_be_visible()
    await page.get_by_label('Mail server').fill('localhost')
    await page.get_by_label('Encryption').select_option('none')
    await page.get_by_role('textbox', name='Port').fill('1')
    await page.get_by_label('Mails come from').fill(FROM)
    await page.get_by_role('button', name='Save').click()
    await page.get_by_role('button', name='Send a test mail').click()
    await expect(page.get_by_text('Nothing answers at localhost, port 1')).to_be_visible()

    await page.get_by_role('textbox', name='Port').fill(str(box.port))
    await page.get_by_role('button', name='Save').click()
    await page.get_by_role('button', name='Send a test mail').click()
    await expect(page.get_by_text('The mail server has taken the mail to ada@example.org.')).to_be_visible()
    assert box.received[-1]['From'] == f'Bramble Hill <{FROM}>'


async def registers_and_confirms(page: Page, box: MailBox) -> None:
    await page.goto('/register')
    await page.get_by_label('Your full name').fill('Sami Ahmed')
    await page.get_by_label('E-mail address').fill('sami@example.org')
    await page.get_by_label('Password', exact=True).fill(PASSWORD)
    await page.get_by_role('button', name='Register').click()
    await expect(page.get_by_role('heading', name='Join your class')).to_be_visible()
    await eventually(lambda: 'sami@example.org' in box.recipients)
    await page.goto('/account')
    await expect(page.get_by_text('not confirmed')).to_be_visible()

    await page.goto(box.link())
    await page.get_by_role('button', name='Yes, confirm it').click()

    await expect(page.get_by_role('heading', name='Sami Ahmed')).to_be_visible()
    await expect(page.get_by_text('not confirmed')).to_have_count(0)


async def forgets_the_password(page: Page, box: MailBox) -> None:
    before = len(box.received)
    await page.goto('/sign-in')
    await page.get_by_role('link', name='Forgot your password?').click()
    for email in 'nobody@example.org', 'sami@example.org':
        await page.goto('/forgotten')
        await page.get_by_label('E-mail address of your account').fill(email)
        await page.get_by_role('button', name='Send me a link').click()
        await expect(page.get_by_role('heading', name='Look into your mails')).to_be_visible()
    await eventually(lambda: len(box.received) > before)
    assert box.recipients[before:] == ['sami@example.org']

    await page.goto(box.link())
    await expect(page.get_by_text('sami@example.org')).to_be_visible()
    await page.get_by_label('New password').fill(NEW)
    await page.get_by_role('button', name='Save and sign in').click()
    await expect(page.get_by_role('heading', name='Join your class')).to_be_visible()
