"""Mails go one after the other through one connection, whatever became of the mail before."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.core.phrases import phrase
from services.enums import MailSecurity
from services.mail import letters, smtp
from services.mail.letters import Addressed, Letter
from services.mail.mail_server import MailServer
from services.mail.smtp import Connection, NotSent
from tests.factories.mails import a_mail, mails_go_to, send_due
from tests.support.mail_box import FROM, PASSWORD, USER, MailBox, a_mail_box

pytestmark = [pytest.mark.usefixtures('data_dir'), pytest.mark.req('M3')]

LETTER = Letter(subject=phrase('A letter'), before=(phrase('It says something.'),))


@pytest.fixture
async def box() -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        yield box


@pytest.fixture
async def connection(box: MailBox) -> AsyncIterator[Connection]:
    server = MailServer(
        host='localhost', port=box.port, security=MailSecurity.NONE, user=USER, password=PASSWORD, sender=FROM
    )
    connection = Connection(server)
    yield connection
    connection.close()


async def send(connection: Connection, *people: str) -> None:
    for name in people:
        to = Addressed(address=f'{name}@example.org')
        await connection.send(letters.written(LETTER, to, sender=connection.server.sender))


async def why_not(connection: Connection, name: str) -> NotSent:
    with pytest.raises(NotSent) as problem:
        await send(connection, name)
    return problem.value


async def test_mails_go_through_one_connection_up_to_a_number(
    box: MailBox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, 'MOST_MAILS', 3)

    await send(connection, 'a', 'b', 'c')
    assert box.connections == 1
    await send(connection, 'd')

    assert (box.connections, len(box.received)) == (2, 4)


@pytest.mark.parametrize('ends', ['', '421 Too many mails'])
async def test_a_server_that_ends_the_connection_between_two_mails_gets_each_once(
    box: MailBox, connection: Connection, ends: str
) -> None:
    box.between_mails = ends

    await send(connection, 'a', 'b', 'c')

    assert [mail['To'] for mail in box.received] == ['a@example.org', 'b@example.org', 'c@example.org']
    assert box.connections == 3


async def test_a_mail_that_is_refused_leaves_nothing_behind_for_the_next_one(
    box: MailBox, connection: Connection
) -> None:
    await send(connection, 'a')
    box.to_recipient = '550 5.1.1 No such person'
    assert (await why_not(connection, 'b')).is_unknown
    box.to_recipient, box.to_text = '250 OK', '554 No'
    assert (await why_not(connection, 'c')).is_about_address
    box.to_text = '250 OK'
    await send(connection, 'd')

    assert [mail['To'] for mail in box.received] == ['a@example.org', 'd@example.org']
    assert [box.recipients, box.connections] == [['a@example.org', 'd@example.org'], 1]


async def test_an_answer_that_comes_too_late_is_not_taken_for_that_to_the_next_mail(
    box: MailBox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(connection, 'a')
    monkeypatch.setattr(smtp, 'DEADLINE', 0.2)
    box.text_waits_for = asyncio.Event()
    assert (await why_not(connection, 'b')).is_open
    box.text_waits_for.set()
    box.text_waits_for, box.to_recipient = None, '550 5.1.1 No such person'
    monkeypatch.setattr(smtp, 'DEADLINE', 20.0)

    assert (await why_not(connection, 'c')).is_unknown
    assert box.connections == 2


@pytest.mark.usefixtures('db')
async def test_what_waits_is_sent_through_one_connection(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    mails_go_to(box, monkeypatch)
    for number in range(5):
        await a_mail(f'person{number}@example.org')

    assert await send_due() == 5
    assert box.connections == 1
