"""A real mail server on this machine: takes mails, and refuses, waits or dies where a test wants it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.core import clock

USER, PASSWORD = 'school', 'a password for mails'
FROM = 'school@example.org'


@dataclass
class MailBox:
    """What the server has taken, and how it answers.

    Without slots: aiosmtpd looks at all members, which Python 3.11.2 (that of Debian 12) does not let it do with them.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_sender: str = '250 OK'
    to_recipient: str = '250 OK'
    to_text: str = '250 OK'
    """empty: the connection breaks off when everything has arrived"""
    between_mails: str = '250 OK'
    """empty: the connection breaks off when the next mail begins"""
    connections: int = 0
    """how many there were"""
    text_waits_for: asyncio.Event | None = None
    """what the answer to the text waits for"""
    is_asked: bool = False
    """whether a text has arrived"""

    @property
    def settings(self) -> dict[str, str]:
        """What the environment says so that mails come here."""
        return {
            'MAIL_HOST': 'localhost',
            'MAIL_PORT': str(self.port),
            'MAIL_SECURITY': 'none',
            'MAIL_FROM': FROM,
        }

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        if self.to_recipient.startswith('2'):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_RSET(self, server: SMTP, _: Session, __: Envelope) -> str:  # noqa: N802
        if not self.between_mails:
            assert server.transport is not None
            server.transport.abort()
        return self.between_mails or '250 OK'

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        self.is_asked = True
        if self.text_waits_for:
            await self.text_waits_for.wait()
        if self.to_text.startswith('2') or not self.to_text:
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=SMTPUTF8)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            self.recipients += envelope.rcpt_tos
        if not self.to_text:
            assert server.transport is not None
            server.transport.abort()
        return self.to_text or '250 OK'

    def text(self) -> str:
        """Return the text of the newest mail."""
        return part_of(self.received[-1], 'plain')

    def link(self) -> str:
        """Return the address in the newest mail."""
        return next(line for line in self.text().splitlines() if line.startswith('http'))


def part_of(message: EmailMessage, kind: str) -> str:
    """Return the text of a mail, plain or as HTML."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@asynccontextmanager
async def a_mail_box(
    *, tls: ssl.SSLContext | None = None, starttls: bool = False, **more: Any
) -> AsyncIterator[MailBox]:
    """Start a mail server on a free port of this machine."""
    box = MailBox()

    def authenticate(_: SMTP, __: Session, ___: Envelope, ____: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def factory() -> SMTP:
        box.connections += 1
        return SMTP(
            box,
            hostname='mail.example.org',
            enable_SMTPUTF8=more.get('utf8', True),
            tls_context=tls if starttls else None,
            authenticator=authenticate,
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(
        factory, '127.0.0.1', 0, ssl=tls if tls and not starttls else None
    )
    box.port = int(server.sockets[0].getsockname()[1])
    try:
        yield box
    finally:
        server.close()


@asynccontextmanager
async def an_odd_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """Start something on a free port that talks as the test says; returns the port."""
    talks: list[asyncio.Task[None]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.append(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, '127.0.0.1', 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def a_certificate(folder: Path, *, name: str = 'localhost') -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for a host; returns what a server shows, and the file that clients trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / 'certificate.pem', folder / 'key.pem'
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem
