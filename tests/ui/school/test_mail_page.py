"""The page of the mail server, and the mails that were not sent on the page of the school."""

import asyncio

import pytest

from services.core import database
from services.mail import mail_settings, outbox
from tests.factories.classes import a_course
from tests.factories.mails import a_mail, mails_go_to, send_due
from tests.factories.people import an_account, an_admin, an_instructor
from tests.support.mail_box import a_mail_box
from tests.ui.conftest import Enter
from tests.ui.school.test_overview import ways_to_mend
from tests.ui.school.test_school import press

pytestmark = [pytest.mark.req('A9', 'M3')]


async def test_a_test_mail_says_what_is_wrong_until_it_works(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        box.to_recipient = '550 Unknown here'
        admin = await enter(await an_admin())
        await admin.open('/school/mail')
        await admin.should_see('The environment of this server says how mails are sent')

        press(admin, 'Send a test mail')
        await admin.should_see('localhost does not take this address: Unknown here')
        box.to_recipient = '250 OK'
        press(admin, 'Send a test mail')
        await admin.should_see('The mail server has taken the mail to')
        await admin.should_see('Confirm your own address next')


async def test_where_the_address_of_the_school_is_not_known_that_comes_first(enter: Enter) -> None:
    olga = await an_admin()
    await mail_settings.edit(
        olga, host='localhost', port='1', security='none', user='', password='', sender='school@example.org'
    )
    await a_course()
    admin = await enter(olga)

    await admin.open('/school/mail')
    await admin.should_see('nothing is sent until the address of your school is known')
    await admin.open('/')
    await admin.should_see('Something needs you')
    assert '/school/settings' in ways_to_mend(admin)


async def test_what_was_not_sent_is_sent_again_or_dropped(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    await an_account(name='Ada', email='a@example.org')
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        box.to_recipient = '550 Unknown here'
        await a_mail('a@example.org')
        await send_due()
        olga = await an_admin()
        admin = await enter(olga)
        await admin.open('/school')
        await admin.should_see('1 mail was not sent')
        await admin.should_see('Where addresses are refused')
        await admin.should_see('1 address')
        await admin.should_see('localhost does not take this address: Unknown here')

        press(admin, 'Send again')
        await admin.should_see('It is sent now.')
        await admin.should_not_see('1 mail was not sent')
        await send_due()
        await admin.open('/school')
        await admin.should_see('a@example.org')
        press(admin, 'Drop')
        await admin.should_not_see('a@example.org')

    assert await database.read(outbox.of_school, olga) == []


async def test_the_page_stays_alive_while_a_mail_server_hangs(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        box.text_waits_for = asyncio.Event()
        admin = await enter(await an_admin())
        await admin.open('/school/mail')
        press(admin, 'Send a test mail')
        other = await enter(await an_admin(name='Other Admin'))

        await other.open('/school')
        await other.should_see('Your school')
        await admin.should_not_see('The mail server has taken the mail to')
        box.text_waits_for.set()
        await admin.should_see('The mail server has taken the mail to')


async def test_nobody_but_admins_sees_the_page(enter: Enter) -> None:
    teacher = await enter(await an_instructor())

    assert (await teacher.http_client.get('/school/mail')).status_code == 404
