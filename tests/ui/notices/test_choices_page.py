"""A learner chooses what they get and when, and finds it again."""

from collections.abc import AsyncIterator

import pytest
from nicegui import ui

from models import Channel, MailKind, NoticeKind
from services.core import database
from services.mail import outbox
from services.mail.letters import Addressed
from services.notices import choosing, refused_addresses
from services.notices.quiet_hours import QuietHours
from tests.factories.classes import a_class
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import a_parent
from tests.services.notices.test_mailing import a_reader
from tests.support.mail_box import MailBox, a_mail_box
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('M2')


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


@pytest.mark.usefixtures('box')
async def test_a_learner_chooses_and_sets_quiet_hours(enter: Enter) -> None:
    klass = await a_class()
    lena = await enter(klass.learner)
    await lena.open('/inbox/settings')
    await lena.should_see('Mails reach you once you have an e-mail address')

    boxes = sorted(lena.find(kind=ui.checkbox).elements, key=lambda each: each.id)
    (box,) = [each for each in boxes if each.props.get('aria-label') == 'A deadline is near: In the app']
    box.set_value(False)
    lena.find('Quiet from').clear().type('22:00')
    lena.find('Quiet until').clear().type('7:00')
    lena.find('Save').click()
    await lena.should_see('Saved')

    wishes = await database.read(choosing.own, klass.learner)
    off = [choice.kind for choice in wishes.choices if not choice.is_on[Channel.IN_APP]]
    assert (off, wishes.quiet) == ([NoticeKind.DEADLINE], QuietHours(since=22 * 60, until=7 * 60))


async def test_where_nothing_is_sent_there_is_no_time_to_choose(enter: Enter) -> None:
    lena = await enter((await a_class()).learner)

    await lena.open('/inbox/settings')

    await lena.should_see('Your school sends no notices by mail.')
    await lena.should_not_see('When it is sent')


async def test_a_parent_without_mails_reads_what_will_come_and_goes_back_to_their_children(enter: Enter) -> None:
    paula = await enter(await a_parent())
    await paula.open('/inbox/settings')
    await paula.should_see('Once it does, a summary of your child’s week comes by mail')
    assert paula.client
    back = [each for each in paula.client.elements.values() if 'way-back' in each.classes]
    assert [each.props['href'] for each in back] == ['/children']


@pytest.mark.req('M3')
async def test_a_learner_whose_mails_come_back_reads_it_wherever_they_look_for_them(box: MailBox, enter: Enter) -> None:
    klass = await a_class()
    actor = await a_reader(klass)
    box.to_recipient = '550 5.1.1 No such person'
    await database.write(outbox.put, MailKind.CHANGED, Addressed(address='lena@example.org'))
    await send_due()
    await refused_addresses.notify()
    lena = await enter(actor)

    await lena.open('/inbox')
    await lena.should_see('Mails to lena@example.org come back, so nothing is sent there any more.')
    await lena.open('/inbox/settings')
    await lena.should_see('Mails to your address came back, so none are sent.')
    await lena.open('/account')
    await lena.should_see('Mails to this address came back, so you get no notices by mail.')
    await lena.should_see('Send a mail to confirm it')
