"""Whatever breaks off when: each mail arrives once at most, and none is lost without anybody seeing it."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from models import Mail, MailState
from services.core import clock, database
from services.core.database import Database
from services.mail import letters, outbox
from tests.factories.mails import a_mail, mails_go_to, send_due
from tests.factories.people import an_admin
from tests.support.eventually import eventually
from tests.support.mail_box import MailBox, a_mail_box
from tests.support.running import ROOT

pytestmark = [pytest.mark.req('M3'), pytest.mark.both_databases]

DAY = timedelta(days=1)


@pytest.fixture
async def box(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


async def rows() -> list[Mail]:
    return list(await database.read(lambda tx: tx.session.scalars(select(Mail)).all()))


@pytest.mark.parametrize('seed', range(3))
async def test_random_crashes_send_nothing_twice_and_lose_nothing_silently(box: MailBox, seed: int) -> None:
    """Two processes at a time are ended wherever they are, by a server that takes, refuses and breaks off."""
    chance = random.Random(seed)
    people = [f'person{number}@example.org' for number in range(25)]
    for address in people:
        await a_mail(address)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        for _ in range(20):
            box.to_recipient = chance.choice(['250 OK', '250 OK', '250 OK', '450 Later', '550 Nobody'])
            box.to_text = chance.choice(['250 OK', '250 OK', '450 Later', '554 No', ''])
            workers = [asyncio.ensure_future(send_due()) for _ in range(2)]
            for worker in workers:
                await asyncio.sleep(chance.random() * 0.08)
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            travelling.shift(chance.choice([timedelta(seconds=10), timedelta(minutes=6), timedelta(hours=3)]))
        box.to_recipient = box.to_text = '250 OK'
        while any(mail.state is not MailState.FAILED for mail in await rows()):
            travelling.shift(DAY)
            await send_due()

    arrived = Counter(box.recipients)
    assert set(arrived.values()) <= {1}
    left = {mail.address: mail.problem for mail in await rows()}
    assert {*arrived} | {*left} == {*people}
    assert all(left.values()), 'each has its reason'
    seen = {each.address for each in await database.read(outbox.of_school, await an_admin())}
    assert seen == {*left}


async def test_a_process_that_stood_still_does_not_send_what_others_take_for_lost(
    box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = letters.written
    await a_mail()
    with time_machine.travel(clock.now(), tick=False) as travelling:

        def written_and_stopped(*args: Any, **more: Any) -> EmailMessage:
            travelling.shift(outbox.LOST_AFTER)
            return written(*args, **more)

        monkeypatch.setattr(letters, 'written', written_and_stopped)
        assert await send_due() == 0
    assert box.recipients == []
    (mail,) = await rows()
    assert mail.state is MailState.FAILED, 'an admin sees it, and may send it'


async def test_a_process_that_is_killed_between_sending_and_noting_sends_nothing_twice(box: MailBox, url: str) -> None:
    await a_mail()
    box.text_waits_for = asyncio.Event()
    child = await asyncio.create_subprocess_exec(sys.executable, '-m', 'tests.support.mails_child', url, cwd=ROOT)
    await eventually(lambda: box.is_asked)
    child.kill()
    await child.wait()
    box.text_waits_for, box.is_asked = None, False

    with time_machine.travel(clock.now(), tick=False) as travelling:
        assert await send_due() == 0
        travelling.shift(outbox.LOST_AFTER)
        assert await send_due() == 0
        (shown,) = await database.read(outbox.of_school, await an_admin())

    assert str(shown.problem) == 'The server ended while it sent this mail. It may have arrived.'
    assert not box.is_asked, 'no text has come a second time'
