"""Programs and mails: a forgotten password, an address that is confirmed, and the mail server of the school."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest

from services.accounts import profiles
from services.core import database
from settings import settings
from tests.api.conftest import APrograms
from tests.factories.mails import mails_go_to, send_due
from tests.factories.people import PASSWORD, an_account, an_admin
from tests.support.mail_box import MailBox, a_mail_box, part_of

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A6', 'B1')]

NEW = 'an even better battery staple'


@pytest.fixture
async def box(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        mails_go_to(box, monkeypatch)
        yield box


def link_in(mail: EmailMessage) -> str:
    found = re.search(r'link=(\S+)', part_of(mail, 'plain'))
    assert found
    return found[1]


async def test_a_program_helps_somebody_who_has_forgotten_their_password(box: MailBox, a_program: APrograms) -> None:
    sami, stranger = (await an_account()).actor, await a_program()
    signed_in = await a_program(of=sami)
    assert (await signed_in.post('/auth/me/email/confirmation')).status_code == 204
    await send_due()
    assert [mail['To'] for mail in box.received] == ['sami@example.org']
    assert (
        await signed_in.put('/auth/me/email/confirmed', json={'link': link_in(box.received[-1])})
    ).status_code == 204
    assert (await signed_in.get('/auth/me')).json()['is_confirmed']
    assert (await signed_in.post('/auth/me/email/confirmation')).status_code == 409

    known, unknown = [
        await stranger.post('/auth/password/forgotten', json={'email': email})
        for email in ('sami@example.org', 'nobody@example.org')
    ]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (204, b'')
    box.received.clear()
    await send_due()
    assert [mail['To'] for mail in box.received] == ['sami@example.org']

    chosen = {'link': link_in(box.received[-1]), 'new_password': NEW}
    assert (await stranger.put('/auth/password', json=chosen | {'new_password': '1234'})).status_code == 422
    assert (await stranger.put('/auth/password', json=chosen)).status_code == 204
    assert (await stranger.put('/auth/password', json=chosen)).status_code == 410
    assert (await signed_in.get('/auth/me')).status_code == 401, 'all devices are signed out'
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        answer = await stranger.post('/auth/login', json={'email': 'sami@example.org', 'password': password})
        assert answer.status_code == status, answer.text


async def test_a_program_of_somebody_else_confirms_nothing(box: MailBox, a_program: APrograms) -> None:
    sami, other = (await an_account()).actor, (await an_account(email='other@example.org')).actor
    await send_due()
    (link,) = [link_in(mail) for mail in box.received if mail['To'] == 'sami@example.org']

    answer = await (await a_program(of=other)).put('/auth/me/email/confirmed', json={'link': link})

    assert answer.status_code == 403
    assert not (await database.read(profiles.own, sami)).is_confirmed


async def test_an_admin_sets_the_mail_server_tries_it_and_sees_what_was_not_sent(
    box: MailBox, monkeypatch: pytest.MonkeyPatch, a_program: APrograms
) -> None:
    for name in box.settings:
        monkeypatch.delenv(name)
    settings.cache_clear()
    admin = await an_admin()
    program = await a_program(of=admin)
    assert (await program.post('/school/mail/test')).status_code == 409
    server = {'host': '127.0.0.1', 'port': box.port, 'security': 'none', 'sender': 'school@example.org'}
    stored = (await program.put('/school/mail', json=server)).json()
    assert stored == server | {'user': '', 'has_password': False, 'is_of_environment': False}
    assert (await program.put('/school/mail', json=server | {'sender': 'nobody'})).status_code == 422
    secret = server | {'user': 'school', 'password': 'a secret of the school'}
    shown = await program.put('/school/mail', json=secret)
    assert shown.json()['has_password']
    assert 'a secret' not in shown.text + (await program.get('/school/mail')).text
    await program.put('/school/mail', json=server)

    email = (await database.read(profiles.own, admin)).email
    assert (await program.post('/school/mail/test')).json() == {'address': email}
    assert box.recipients == [email]
    box.to_recipient = '550 5.1.1 No such person'
    await an_account()  # whose address is to be confirmed
    await send_due()
    (unsent,) = (await program.get('/school/mail/unsent')).json()
    assert (unsent['address'], unsent['next_try_at'], unsent['is_off']) == ('sami@example.org', None, True)
    assert unsent['problem'] == '127.0.0.1 does not take this address: 5.1.1 No such person'

    box.to_recipient = '250 OK'
    assert (await program.post(f'/school/mail/unsent/{unsent["mail_id"]}/send-again')).status_code == 204
    await send_due()
    assert box.recipients[-1] == 'sami@example.org'
    assert (await program.get('/school/mail/unsent')).json() == []
    assert (await program.delete(f'/school/mail/unsent/{unsent["mail_id"]}')).status_code == 404
