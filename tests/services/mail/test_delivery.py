"""Mails that wait: sent once, tried again with patience, and visible where they fail."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from models import Mail, MailKind, MailState
from services import health, timed
from services.core import clock, database, jobs
from services.core.errors import NotFound, Refused
from services.core.phrases import phrase, recalled
from services.core.transaction import Transaction
from services.mail import delivery, mail_server, outbox
from services.mail.letters import Addressed
from services.mail.mail_server import MailServer
from services.mail.outbox import WAITS
from services.mail.smtp import NotSent
from settings import settings
from tests.factories.mails import a_mail, mails_go_to, send_due
from tests.factories.people import an_account, an_admin
from tests.support.eventually import eventually
from tests.support.mail_box import FROM, MailBox, a_mail_box
from tests.support.queries import commits

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M3'), pytest.mark.both_databases]

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


async def rows() -> list[Mail]:
    return list(await database.read(lambda tx: tx.session.scalars(select(Mail).order_by(Mail.id)).all()))  # type: ignore[arg-type]


@pytest.mark.both_databases
async def test_a_mail_is_sent_once_by_the_job_and_leaves_nothing_behind(
    box: MailBox, server_log_lines: list[dict[str, object]]
) -> None:
    await a_mail()

    await jobs.run_due(timed.kinds())
    await jobs.run_due(timed.kinds())

    assert box.recipients == ['sami@example.org']
    assert await rows() == []
    (line,) = (line for line in server_log_lines if line['event'] == 'mail sent')
    assert (line['kind'], 'link' in str(line), 'sami@' in str(line)) == ('changed', False, False)


@pytest.mark.both_databases
async def test_two_processes_send_each_mail_once(box: MailBox) -> None:
    people = [f'person{number}@example.org' for number in range(6)]
    for address in people:
        await a_mail(address)

    sent = await asyncio.gather(send_due(), send_due(), send_due())

    assert sum(sent) == 6
    assert sorted(box.recipients) == people


async def test_nothing_is_sent_of_what_was_rolled_back(box: MailBox) -> None:
    def changes_its_mind(tx: Transaction) -> None:
        outbox.put(tx, MailKind.CHANGED, Addressed(address='sami@example.org'))
        raise Refused('No.')

    with pytest.raises(Refused):
        await database.write(changes_its_mind)

    assert await send_due() == 0
    assert not box.received


async def test_what_fails_for_now_waits_longer_each_time_and_is_given_up_in_the_end(box: MailBox) -> None:
    box.to_recipient = '450 Later'
    admin = await an_admin()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await a_mail()
        for wait in WAITS:
            await send_due()
            (shown,) = await database.read(outbox.of_school, admin)
            assert shown.next_try_at == clock.now() + wait
            travelling.shift(wait - timedelta(seconds=1))
            await send_due()
            assert (await rows())[0].due_at > clock.now(), 'not before its time'
            travelling.shift(1)
        await send_due()

        (shown,) = await database.read(outbox.of_school, admin)
        assert (shown.next_try_at, str(shown.problem)) == (None, 'localhost does not take this address: Later')
        fact = next(fact for fact in await database.read(health.of_school, admin) if str(fact.name) == 'Mails')
        assert (str(fact.found), fact.is_well) == ('1 not sent', False)

        box.to_recipient = '250 OK'
        await database.write(outbox.send_again, admin, mail_id=shown.mail_id)
        assert await send_due() == 1
    assert await database.read(outbox.of_school, admin) == []


async def test_an_address_that_does_not_exist_is_not_tried_again(box: MailBox) -> None:
    box.to_recipient = '550 No such person'
    admin = await an_admin()
    await a_mail()

    await send_due()

    (shown,) = await database.read(outbox.of_school, admin)
    assert shown.next_try_at is None
    await database.write(outbox.drop, admin, mail_id=shown.mail_id)
    assert await rows() == []
    for verb in outbox.drop, outbox.send_again:
        with pytest.raises(NotFound):
            await database.write(verb, admin, mail_id=shown.mail_id)


async def test_a_mail_that_may_have_arrived_is_sent_again_only_by_hand(box: MailBox) -> None:
    box.to_text = ''
    admin = await an_admin()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await a_mail()
        await send_due()
        travelling.shift(timedelta(days=2))
        assert await send_due() == 0

    (shown,) = await database.read(outbox.of_school, admin)
    assert 'may have arrived' in str(shown.problem)
    assert len(box.received) == 1


@pytest.mark.both_databases
async def test_a_process_that_ends_while_it_sends_leaves_a_mail_that_nobody_sends_again(box: MailBox) -> None:
    admin = await an_admin()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await a_mail()
        taken = await database.write(outbox.take)
        assert taken is not None
        assert await send_due() == 0
        assert await database.read(outbox.of_school, admin) == []

        travelling.shift(outbox.LOST_AFTER)
        await send_due()

        (shown,) = await database.read(outbox.of_school, admin)
        assert str(shown.problem) == 'The server ended while it sent this mail. It may have arrived.'
        assert not box.received
        await database.write(outbox.put_off, taken, NotSent(phrase(str(shown.problem))))
        assert (await rows())[0].state is MailState.FAILED, 'the process that was only asleep changes nothing'


async def test_where_the_mail_server_is_the_trouble_the_others_keep_their_turn(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails_go_to(box, monkeypatch, MAIL_PORT='1')
    await a_mail('a@example.org')
    await a_mail('b@example.org')

    assert await send_due() == 0

    assert [bool(mail.problem) for mail in await rows()] == [True, False]
    assert str(recalled((await rows())[0].problem)).startswith('Nothing answers at localhost, port 1')
    mails_go_to(box, monkeypatch)
    assert await send_due() == 1
    assert box.recipients == ['b@example.org']


async def test_a_mail_that_cannot_be_written_keeps_nobody_waiting(box: MailBox) -> None:
    await a_mail('no address at all')
    await a_mail('b@example.org')

    assert await send_due() == 1

    (left,) = await rows()
    assert left.state is MailState.FAILED
    assert str(recalled(left.problem)).startswith('This mail cannot be written')


async def test_a_mail_that_is_of_no_use_any_more_is_not_sent(box: MailBox) -> None:
    await an_account(email='sami@example.org')
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await database.write(outbox.put, MailKind.RESET, Addressed(address='sami@example.org'), lifetime=MINUTE)
        travelling.shift(MINUTE)
        await send_due()

    assert not [mail for mail in box.received if 'password' in mail['Subject']]
    assert [str(recalled(mail.problem)) for mail in await rows()] == [
        'It could not be sent in time, and is of no use now.'
    ]


async def test_one_mail_of_a_kind_is_enough_while_it_waits(box: MailBox) -> None:
    for _ in range(3):
        await a_mail()

    assert await send_due() == 1


async def test_mails_of_long_ago_are_forgotten(box: MailBox) -> None:
    box.to_recipient = '550 No such person'
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await a_mail()
        await send_due()
        travelling.shift(outbox.KEPT_FOR + MINUTE)
        assert await database.write(outbox.forget_old) == 1


async def test_everything_goes_on_while_a_server_hangs(box: MailBox) -> None:
    box.text_waits_for = asyncio.Event()
    await a_mail()
    sending = asyncio.ensure_future(send_due())
    await eventually(lambda: box.is_asked)

    for _ in range(20):
        assert (await rows())[0].state is MailState.SENDING
        await a_mail('other@example.org')

    assert not sending.done(), 'all of this happened while the server said nothing'
    box.text_waits_for.set()
    assert await sending == 2


async def test_nothing_is_sent_while_the_address_of_the_school_is_not_known(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('PUBLIC_URL', '')
    settings.cache_clear()
    await a_mail()

    assert await send_due() == 0
    assert not mail_server.is_ready()


async def test_an_admin_tries_the_server_and_reads_what_is_wrong(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await an_admin()

    assert await delivery.send_test(admin) in box.recipients
    assert box.received[0]['Subject'] == 'A test mail of your school'
    mails_go_to(box, monkeypatch, MAIL_PORT='1')
    with pytest.raises(NotSent, match='Nothing answers at localhost, port 1'):
        await delivery.send_test(admin)
    for name in box.settings:
        monkeypatch.delenv(name)
    settings.cache_clear()
    with pytest.raises(Refused, match='Save the mail server first'):
        await delivery.send_test(admin)
    mail_server.remember(MailServer(host='nowhere.invalid', sender=FROM))
    with pytest.raises(NotSent, match=r'no server called nowhere\.invalid'):
        await delivery.send_test(admin)


async def test_mails_are_written_in_the_language_of_who_gets_them(box: MailBox) -> None:
    await database.write(outbox.put, MailKind.CHANGED, Addressed(address='a@example.org', language='en-XA'))

    await send_due()

    assert box.received[0]['Subject'] == '⟦Your account has another e-mail address now⟧'
    assert box.text().startswith('⟦Your account at our school')


async def test_a_mail_that_went_is_noted_in_the_commit_that_takes_the_next_one(box: MailBox) -> None:
    for number in range(6):
        await a_mail(f'person{number}@example.org')

    with commits(database.engine()) as made:
        assert await send_due() == 6

    assert len(made) <= 6 + 2, 'one for each, one to look for what was lost, one that finds no more'
    assert await rows() == []


async def test_a_mail_that_went_is_noted_although_the_next_one_cannot_be_composed(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_mail('a@example.org')
    await a_mail('b@example.org', kind=MailKind.RESET)

    def no_letter(tx: Transaction, to: Addressed) -> None:
        raise Refused('No.')

    with pytest.raises(Refused):
        await delivery.send_due({**timed.MAILS, MailKind.RESET: no_letter})

    assert box.recipients == ['a@example.org']
    assert [mail.address for mail in await rows()] == ['b@example.org']


async def test_mails_are_switched_off_while_some_still_wait(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_mail('a@example.org')
    await a_mail('b@example.org')

    def switch_off(tx: Transaction, to: Addressed) -> None:
        monkeypatch.setenv('MAIL_HOST', '')
        settings.cache_clear()

    assert await delivery.send_due(timed.MAILS, {MailKind.CHANGED: switch_off}) == 1

    assert [mail.address for mail in await rows()] == ['b@example.org']
    assert (await rows())[0].state is MailState.WAITING
