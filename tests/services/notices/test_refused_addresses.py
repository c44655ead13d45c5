"""Addresses to which mails do not come through: nothing more is sent there, and people learn of it."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update
from sqlmodel import col

from models import MailKind, NoticeKind, User
from services import timed
from services.access import Actor
from services.accounts import addresses, profiles, resets
from services.accounts.guessing import Origin
from services.core import clock, database, jobs
from services.core.errors import Refused
from services.mail import outbox, refused
from services.mail.letters import Addressed
from services.notices import choosing, inbox, mailing, refused_addresses
from services.notices.inbox import OwnNotice
from tests.factories.classes import a_class
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import an_account, an_admin
from tests.services.notices.test_mailing import a_reader, notify, work
from tests.support.mail_box import MailBox, a_mail_box

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M2', 'M3')]

UNKNOWN, POLICY = '550 5.1.1 No such person', '550 5.7.1 Not from you'


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


@pytest.mark.both_databases
async def test_an_address_that_is_refused_gets_no_more_notices_until_its_person_confirms_it_anew(
    box: MailBox, server_log_lines: list[dict[str, object]]
) -> None:
    box.to_recipient = UNKNOWN
    klass, admin = await a_class(), await an_admin()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        lena = await a_reader(klass)
        for number in range(2):
            await notify(klass, lena, f'quiz:{number}')
            travelling.shift(mailing.COLLECT)
            await jobs.run_due(timed.kinds())

        assert [event_of(line) for line in server_log_lines].count('mail not sent') == 1, 'the second was never made'
        assert (await database.read(profiles.own, lena)).is_refused
        wishes = await database.read(choosing.own, lena)
        assert (wishes.has_address, wishes.is_refused) == (False, True)
        (own,), (of_school,) = await refusals(lena), await refusals(admin)
        assert (str(own.title), own.address) == (
            'Mails to lena@example.org come back, so nothing is sent there any more.',
            '/account',
        )
        assert str(of_school.title).startswith('Mails to 1 person come back.')
        (trouble,) = await database.read(outbox.of_school, admin)
        assert (trouble.address, trouble.is_off) == ('lena@example.org', True)

        box.to_recipient = '250 OK'
        await notify(klass, lena, 'quiz:3')
        assert await work() == 0, 'that the mailbox is there again is not known to anybody'
        await addresses.ask_again(lena)
        await send_due()
        link = box.link().partition('link=')[2]
        claimed = await database.read(addresses.claimed, link)
        assert (claimed.is_confirmed, claimed.may_disown) == (False, False)
        await database.write(addresses.confirm, lena, link=link)

        assert (await database.read(choosing.own, lena)).has_address
        with pytest.raises(Refused, match='confirmed already'):
            await addresses.ask_again(lena)
        await notify(klass, lena, 'quiz:4')
        travelling.shift(mailing.COLLECT)
        assert await work() == 1
    assert [len(await refusals(who)) for who in (lena, admin)] == [1, 1]


async def test_what_is_not_about_the_mailbox_has_to_fail_three_times_in_a_row(box: MailBox) -> None:
    klass = await a_class()
    lena = await a_reader(klass)

    async def fails(answer: str, *, times: int = 1) -> bool:
        for _ in range(times):
            box.to_recipient = answer
            await database.write(outbox.put, MailKind.CHANGED, Addressed(address='lena@example.org'))
            await send_due()
        return (await database.read(profiles.own, lena)).is_refused

    assert not await fails(POLICY, times=2)
    assert not await fails('250 OK'), 'and the count begins anew'
    assert not await fails(POLICY, times=2)
    assert await fails(POLICY)


@pytest.mark.parametrize(
    ('answer', 'is_off'),
    [
        ('550 No such user here', True),
        ('553 Nobody of this name', True),
        ('550 5.2.1 This mailbox is switched off', True),
        ('550 relay not permitted', False),
        ('550 Your message was rejected as spam', False),
        ('550 203.0.113.7 is blacklisted at zen.example.org', False),
        ('550 Administrative prohibition', False),
        ('550 Sender verify failed', False),
        ('550 5.1.0 Sender rejected', False),
        ('550 5.1.0 Address rejected', True),
        ('550 5.1.8 The domain of the sender is unknown', False),
        ('554 5.7.1 Relay access denied', False),
        ('552 5.2.2 The mailbox is full', False),
        ('450 4.2.0 Greylisted', False),
    ],
)
async def test_one_answer_is_enough_only_if_there_is_no_such_mailbox(
    box: MailBox, answer: str, *, is_off: bool
) -> None:
    box.to_recipient = answer
    klass = await a_class()
    lena = await a_reader(klass)
    await database.write(outbox.put, MailKind.CHANGED, Addressed(address='lena@example.org'))

    await send_due()

    assert (await database.read(profiles.own, lena)).is_refused is is_off


async def test_a_mail_server_that_is_down_is_nobodys_address(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    lena = await a_reader(klass)
    mails_go_to(box, monkeypatch, MAIL_PORT='1')
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await database.write(outbox.put, MailKind.CHANGED, Addressed(address='lena@example.org'))
        for wait in (*outbox.WAITS, timedelta(0)):
            await send_due()
            travelling.shift(wait)

    assert (await database.read(outbox.of_school, await an_admin()))[0].next_try_at is None
    assert not (await database.read(profiles.own, lena)).is_refused


async def test_links_for_passwords_are_sent_all_the_same_and_an_admin_can_write_there_again(box: MailBox) -> None:
    box.to_recipient = UNKNOWN
    klass, admin = await a_class(), await an_admin()
    lena = await a_reader(klass)
    await database.write(outbox.put, MailKind.CHANGED, Addressed(address='lena@example.org'))
    await send_due()
    box.to_recipient = '250 OK'

    await resets.ask(email='lena@example.org', origin=Origin(address='192.0.2.1', browser=''))
    assert await send_due() == 1
    assert 'new password' in box.received[-1]['Subject']
    assert (await database.read(profiles.own, lena)).is_refused, 'a mail that went through is not their word'

    (trouble,) = await database.read(outbox.of_school, admin)
    await database.write(outbox.send_again, admin, mail_id=trouble.mail_id)
    assert await send_due() == 1
    assert not (await database.read(profiles.own, lena)).is_refused


async def test_a_thousand_refusals_are_one_notice_a_day_for_the_admins(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused_addresses, 'AT_ONCE', 2)
    box.to_recipient = UNKNOWN
    klass, admin = await a_class(), await an_admin()
    for name in ('ada', 'bo', 'cy', 'dee'):
        await a_reader(klass, f'{name}@example.org')
        await database.write(outbox.put, MailKind.CHANGED, Addressed(address=f'{name}@example.org'))
    await send_due()

    moved = update(User).where(col(User.email) == 'dee@example.org').values(email='dee@example.com')
    await database.write(lambda tx: tx.execute(moved))

    assert await refused_addresses.notify() == 4
    assert await refused_addresses.notify() == 0
    (notice,) = await refusals(admin)
    assert str(notice.title).startswith('Mails to 3 people come back.'), 'Dee has another address by now'


async def refusals(who: Actor) -> Sequence[OwnNotice]:
    found = (await database.read(inbox.look, who)).notices
    return [each for each in found if each.kind is NoticeKind.ADDRESS_REFUSED]


def event_of(line: dict[str, object]) -> str:
    return str(line['event'])


async def test_admins_see_at_which_domains_addresses_are_refused_and_have_one_notice_a_day(box: MailBox) -> None:
    people = [('a', 'mail.example.org'), ('b', 'mail.example.org'), ('c', 'Example.net')]
    admin, box.to_recipient = await an_admin(), POLICY
    accounts = [(await an_account(name=name, email=f'{name}@{domain}')).actor for name, domain in people]
    for address in ['a@mail.example.org', 'b@mail.example.org', 'c@example.net', 'nobody@example.com']:
        await database.write(outbox.put, MailKind.CHANGED, Addressed(address=address))
    await send_due()
    assert await by_domain(admin) == [('mail.example.org', 2, 0), ('example.net', 1, 0)]

    box.to_recipient = UNKNOWN
    for address in 'a@mail.example.org', 'c@example.net':
        await database.write(outbox.put, MailKind.CHANGED, Addressed(address=address))
        await send_due()
        await refused_addresses.notify()

    assert await by_domain(admin) == [('mail.example.org', 2, 1), ('example.net', 1, 1)]
    assert len(await refusals(admin)) == 1
    assert [len(await refusals(each)) for each in accounts] == [1, 0, 1]


async def by_domain(admin: Actor) -> list[tuple[str, int, int]]:
    return [(each.domain, each.addresses, each.off) for each in await database.read(refused.by_domain, admin)]
