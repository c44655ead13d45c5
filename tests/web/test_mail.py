"""Mails as visitors without a screen meet them: forgotten passwords, confirming, and what a forger tries."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.factories.people import PASSWORD
from tests.support import server_ahead
from tests.support.eventually import eventually
from tests.support.mail_box import MailBox, a_mail_box
from tests.support.running import ROOT, Server
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A6', 'A9')]

PUBLIC_URL = 'http://school.example.org'


@pytest.fixture
async def box() -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        yield box


@pytest.fixture
async def school(box: MailBox, tmp_path: Path) -> AsyncIterator[Server]:
    ahead = {'script': 'tests/support/server_ahead.py', 'PYTHONPATH': str(ROOT)}
    server = Server(tmp_path / 'school', PUBLIC_URL=PUBLIC_URL, **ahead, **box.settings)
    server_ahead.put_forward(server.folder, 0)
    server.start()
    yield server
    server.stop()


async def registered(school: Server, box: MailBox, email: str) -> Visitor:
    visitor = Visitor(school.origin)
    before = len(box.received)
    await visitor.fills_in('/register', form='/register', name='Somebody', email=email, password=PASSWORD)
    await eventually(lambda: len(box.received) > before)
    return visitor


def path_in(box: MailBox) -> str:
    return box.link().removeprefix(PUBLIC_URL)


async def test_what_visitors_meet(school: Server, box: MailBox) -> None:
    """One server for all of it, as each takes seconds to start."""
    sami = await registered(school, box, 'sami@example.org')
    stranger, other = Visitor(school.origin), await registered(school, box, 'other@example.org')
    await other.http.aclose()

    await the_owner_of_an_address_takes_it_back(school, box, stranger)
    await an_account_is_confirmed_and_its_password_replaced(school, box, sami, stranger)
    await what_a_forger_sends_changes_nothing(school, box, stranger)

    for visitor in sami, stranger:
        await visitor.http.aclose()


async def the_owner_of_an_address_takes_it_back(school: Server, box: MailBox, owner: Visitor) -> None:
    squatter = await registered(school, box, 'owner@example.org')
    path = path_in(box)
    page = (await owner.opens(path)).text
    assert 'Sign in to the account with this address first' in page
    assert 'Yes, confirm it' not in page

    forged = await owner.fills_in('/confirm', form=path)
    assert forged.status_code == 401
    answer = await owner.fills_in('/disown', form=path)

    assert 'Your address is taken away from that account.' in answer.text
    assert (await owner.opens(path)).status_code == 410
    assert 'Your account has no e-mail address' in words((await squatter.opens('/account')).text)
    await squatter.http.aclose()


async def an_account_is_confirmed_and_its_password_replaced(
    school: Server, box: MailBox, sami: Visitor, stranger: Visitor
) -> None:
    asked = await sami.fills_in('/account/email/confirm', form='/account')
    assert 'The mail is on its way.' in words(asked.text)
    await eventually(lambda: box.recipients[-1] == 'sami@example.org')
    confirmed = await sami.fills_in('/confirm', form=path_in(box))
    assert 'not confirmed' not in words(confirmed.text)

    answers = []
    for email in 'sami@example.org', 'nobody@example.org':
        before = len(box.received)
        answer = await stranger.sends('/forgotten', form='/forgotten', email=email)
        answers.append((answer.status_code, answer.headers['location'], answer.headers.get('set-cookie')))
        if email.startswith('sami'):
            await eventually(lambda before=before: len(box.received) > before)  # type: ignore[misc]
    assert answers[0] == answers[1]
    path = path_in(box)
    used = await stranger.sends('/new-password', form=path, password='an even better battery')
    assert used.headers['location'] == '/'
    assert await stranger.is_signed_in()
    assert not await sami.is_signed_in()
    assert (await stranger.opens(path)).status_code == 410


async def what_a_forger_sends_changes_nothing(school: Server, box: MailBox, visitor: Visitor) -> None:
    before = len(box.received)
    for email in 'x' * 300 + '@example.org', 'a@example.org\r\nBcc: b@example.org', 'no address', '':
        refused = await visitor.fills_in('/forgotten', form='/forgotten', email=email)
        assert refused.status_code == 422, email
        assert 'This is not an e-mail address' in refused.text
    for path in '/confirm', '/confirm?link=made-up', '/confirm?link=%00', '/confirm?link=' + 'x' * 3000:
        assert (await visitor.opens(path)).status_code == 404, path

    page = await visitor.opens('/forgotten')
    visitor.http.headers['host'] = 'evil.example.org'
    await visitor.fills(page, '/forgotten', email='sami@example.org')
    del visitor.http.headers['host']
    await eventually(lambda: len(box.received) > before)
    assert box.link().startswith(f'{PUBLIC_URL}/new-password?link=')
    assert 'evil' not in str(box.received[-1])
    token = box.link().rpartition('=')[2]
    assert token not in school.said()


@pytest.mark.req('M3')
async def test_a_server_that_is_killed_while_it_sends_sends_nothing_twice(school: Server, box: MailBox) -> None:
    box.text_waits_for = asyncio.Event()
    visitor = Visitor(school.origin)
    await visitor.fills_in('/register', form='/register', name='Sami', email='sami@example.org', password=PASSWORD)
    await eventually(lambda: box.is_asked)

    school.kill()
    box.text_waits_for.set()
    server_ahead.put_forward(school.folder, 1)  # the lease of the process that was killed has run out
    school.start()
    await visitor.fills_in('/register', form='/register', name='Lena', email='lena@example.org', password=PASSWORD)
    await eventually(lambda: 'lena@example.org' in box.recipients)

    await eventually(lambda: school.journal('mail sent'))
    assert box.recipients.count('sami@example.org') <= 1
    assert [line['kind'] for line in school.journal('mail sent')] == ['confirm']
    await visitor.http.aclose()
