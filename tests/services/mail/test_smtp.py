"""Handing a mail over to a real server: what is taken, and what is said when it is not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models import MailSecurity
from services.core import school
from services.core.phrases import phrase
from services.core.school import School
from services.mail import letters, smtp
from services.mail.letters import Addressed, Letter
from services.mail.mail_server import MailServer
from services.mail.smtp import NotSent
from tests.support.eventually import PATIENCE
from tests.support.mail_box import FROM, PASSWORD, USER, MailBox, a_certificate, a_mail_box, an_odd_server

pytestmark = [pytest.mark.usefixtures('data_dir'), pytest.mark.req('A6', 'M3')]

LETTER = Letter(
    subject=phrase('A link for a new password'),
    before=(phrase('Choose one on this page.'),),
    link='https://waymark.example.org/new-password?link=' + 'x' * 120,
)


@pytest.fixture
async def box() -> AsyncIterator[MailBox]:
    async with a_mail_box() as box:
        yield box


def server_at(
    port: int, *, security: MailSecurity = MailSecurity.NONE, user: str = '', password: str = ''
) -> MailServer:
    return MailServer(host='localhost', port=port, security=security, user=user, password=password, sender=FROM)


async def send(server: MailServer, *, to: str = 'sami@example.org') -> None:
    await smtp.send(server, letters.written(LETTER, Addressed(address=to), sender=server.sender))


async def why_not(server: MailServer, *, to: str = 'sami@example.org') -> NotSent:
    with pytest.raises(NotSent) as problem:
        await asyncio.wait_for(send(server, to=to), PATIENCE)
    return problem.value


async def test_a_mail_arrives_as_plain_text_with_its_link_whole(box: MailBox) -> None:
    school.remember(School(name='Schule „Am Hügel“'))

    await send(server_at(box.port))

    (mail,) = box.received
    assert box.recipients == ['sami@example.org']
    assert mail['From'] == 'Schule „Am Hügel“ <school@example.org>'
    assert mail['Subject'] == 'A link for a new password'
    assert mail['Auto-Submitted'] == 'auto-generated'
    assert mail.get_content_type() == 'text/plain'
    assert box.link() == LETTER.link
    assert 'Schule „Am Hügel“' in box.text()


async def test_user_and_password_are_shown_to_the_server_only_and_must_be_right(box: MailBox) -> None:
    await send(server_at(box.port, user=USER, password=PASSWORD))
    wrong = await why_not(server_at(box.port, user=USER, password='a guess'))

    assert len(box.received) == 1
    assert str(wrong).startswith('localhost does not take this user name and password')
    assert 'a guess' not in str(wrong)
    assert wrong.is_general
    assert not wrong.is_final


@pytest.mark.parametrize('security', [MailSecurity.TLS, MailSecurity.STARTTLS])
async def test_an_encrypted_connection_is_used_if_the_certificate_is_right(
    security: MailSecurity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = a_certificate(tmp_path)
    async with a_mail_box(tls=context, starttls=security is MailSecurity.STARTTLS) as box:
        distrusted = await why_not(server_at(box.port, security=security))
        monkeypatch.setenv('SSL_CERT_FILE', str(trusted))
        await send(server_at(box.port, security=security, user=USER, password=PASSWORD))

        assert str(distrusted).startswith('The certificate of localhost cannot be trusted: self-signed')
        assert len(box.received) == 1


async def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = a_certificate(tmp_path, name='elsewhere.example.org')
    monkeypatch.setenv('SSL_CERT_FILE', str(trusted))
    async with a_mail_box(tls=context) as box:
        why = await why_not(server_at(box.port, security=MailSecurity.TLS))

    assert 'cannot be trusted' in str(why)
    assert 'localhost' in str(why)
    assert not box.received


@pytest.mark.parametrize(
    ('security', 'said'),
    [
        (MailSecurity.STARTTLS, 'localhost offers no STARTTLS at port'),
        (MailSecurity.TLS, 'There is no encrypted connection to localhost.'),
    ],
)
async def test_without_encryption_nothing_is_sent_where_it_was_asked_for(
    box: MailBox, security: MailSecurity, said: str
) -> None:
    why = await why_not(server_at(box.port, security=security, user=USER, password=PASSWORD))

    assert str(why).startswith(said)
    assert not box.received


@pytest.mark.parametrize(
    ('field', 'answer', 'is_final', 'is_general', 'said'),
    [
        ('to_sender', '550 Not you', False, True, 'localhost does not take mails from school@example.org: Not you'),
        ('to_recipient', '550 No such person', True, False, 'localhost does not take this address: No such person'),
        ('to_recipient', '450 Later', False, False, 'localhost does not take this address: Later'),
        ('to_text', '554 Looks like spam', True, False, 'localhost does not take the mail: Looks like spam'),
        ('to_text', '451 Full', False, False, 'localhost does not take the mail: Full'),
        ('to_text', '', True, False, 'localhost has not said what became of the mail. It may have arrived.'),
    ],
)
async def test_what_the_server_refuses_is_said_with_its_words(
    box: MailBox, field: str, answer: str, is_final: bool, is_general: bool, said: str
) -> None:
    setattr(box, field, answer)

    why = await why_not(server_at(box.port))

    assert str(why) == said
    assert (why.is_final, why.is_general, why.is_open) == (is_final, is_general, answer == '')


async def test_a_server_that_does_not_answer_is_given_up(box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, 'PATIENCE', 1.5)  # a busy machine needs some of it before the text is sent
    box.text_waits_for = asyncio.Event()

    async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with an_odd_server(says_nothing) as port:
        silent = await why_not(server_at(port))
    unsaid = await why_not(server_at(box.port))
    box.text_waits_for.set()

    assert str(silent) == 'localhost does not answer in time.'
    assert silent.is_general
    assert unsaid.is_open, 'the text had been sent, so it may have arrived'


async def test_a_server_that_drips_its_answers_is_given_up_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, 'DEADLINE', 0.5)
    monkeypatch.setattr(smtp, 'PATIENCE', 600)  # so that the end of everything together is what counts

    async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b'220-wait\r\n')
            await writer.drain()
            await asyncio.sleep(0.02)

    async with an_odd_server(drips) as port:
        why = await why_not(server_at(port))

    assert why.is_general


@pytest.mark.parametrize('greeting', [b'HTTP/1.1 400 Bad Request\r\n\r\n', b'\xff\x00\r\n', b'554 go away\r\n', b''])
async def test_what_is_no_mail_server_is_called_so(greeting: bytes) -> None:
    async def greets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with an_odd_server(greets) as port:
        why = await why_not(server_at(port))

    assert f'localhost does not answer at port {port} as a mail server does' in str(why)


async def test_endless_answers_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, 'DEADLINE', 5)

    async def floods(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b'x' * 65536)
            await writer.drain()

    async with an_odd_server(floods) as port:
        why = await why_not(server_at(port))

    assert len(str(why)) < 280


async def test_where_nothing_listens_that_is_said() -> None:
    async with an_odd_server(None) as port:  # type: ignore[arg-type]
        pass

    why = await why_not(server_at(port))
    unknown = await why_not(MailServer(host='nowhere.invalid', port=25, security=MailSecurity.NONE, sender=FROM))

    assert str(why) == f'Nothing answers at localhost, port {port}: Connection refused'
    assert str(unknown) == 'There is no server called nowhere.invalid. Check its name.'


async def test_addresses_of_other_scripts_arrive_where_the_server_can(box: MailBox) -> None:
    await send(server_at(box.port), to='amina@bücher.example')
    await send(server_at(box.port), to='阿明@例子.example')

    assert box.recipients == ['amina@xn--bcher-kva.example', '阿明@xn--fsqu00a.example']
    async with a_mail_box(utf8=False) as plain:
        why = await why_not(server_at(plain.port), to='阿明@例子.example')
    assert why.is_final
    assert 'such letters before the @' in str(why)


@pytest.mark.parametrize(
    'name', ['Evil\r\nBcc: everybody@example.org', 'a\u2028b\x00c', '"><' * 20, 'é' * 300, ',;<>@()']
)
async def test_no_name_of_a_school_adds_a_header(box: MailBox, name: str) -> None:
    school.remember(School(name=name))

    await send(server_at(box.port))

    (mail,) = box.received
    assert sorted(set(mail.keys())) == sorted({*mail.keys()} & KNOWN)
    assert box.recipients == ['sami@example.org']
    assert [each.addr_spec for each in mail['From'].addresses] == ['school@example.org']


@pytest.mark.parametrize('address', ['sami@example.org\r\nBcc: x@example.org', 'sami@example.org, eve@example.org'])
async def test_no_address_adds_a_header_or_a_recipient(box: MailBox, address: str) -> None:
    with pytest.raises(ValueError, match=r'must|valid|cannot'):
        await send(server_at(box.port), to=address)

    assert box.recipients == []


def test_tls_is_never_older_than_it_should_be() -> None:
    assert smtp.new_context().minimum_version >= ssl.TLSVersion.TLSv1_2


KNOWN = {
    'From',
    'To',
    'Subject',
    'Date',
    'Message-ID',
    'Auto-Submitted',
    'MIME-Version',
    'Content-Type',
    'Content-Transfer-Encoding',
    'X-Peer',
    'X-MailFrom',
    'X-RcptTo',
}
