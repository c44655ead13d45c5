"""Handing mails over to the mail server, and what went wrong as a sentence that an admin can act on.

Everything has an end after `DEADLINE`, however slowly the server answers, and the event loop never waits.
"""

import asyncio
import os
import re
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage

import aiosmtplib
from aiosmtplib import SMTPResponseException, SMTPServerDisconnected

from models import MailSecurity
from services.core import threads
from services.core.errors import Refused
from services.core.phrases import Phrase, phrase
from services.core.server_address import public_url
from services.core.text import line
from services.mail.letters import host_of
from services.mail.mail_server import MailServer

DEADLINE = 60.0
"""seconds until the text is sent, and as many for what follows"""
PATIENCE = 20.0
"""seconds for one answer of the server"""
MOST_MAILS = 100
"""through one connection; many servers end it after some hundreds"""
LONGEST_SAID = 120
FINAL = 500
"""answers from this number on will be the same the next time"""
NOT_THERE = frozenset({550, 551, 553})
"""final answers that mean the mailbox itself, unless an enhanced status code (RFC 3463) or their words say otherwise"""


class NotSent(Refused):
    """A mail was not handed over, or nobody knows whether it was."""

    def __init__(
        self,
        said: Phrase,
        *,
        is_final: bool = False,
        is_general: bool = False,
        is_open: bool = False,
        is_about_address: bool = False,
        is_unknown: bool = False,
    ):
        super().__init__(said)
        self.is_final = is_final
        """whether trying again is of no use"""
        self.is_general = is_general
        """whether every other mail would fail for the same reason"""
        self.is_open = is_open
        """whether the mail may have arrived all the same"""
        self.is_about_address = is_about_address
        """whether the server has refused this recipient or this mail, while others may go through"""
        self.is_unknown = is_unknown
        """whether there is no such mailbox, so that one answer is enough to write there no more"""


async def trusted(server: MailServer) -> ssl.SSLContext | None:
    """Return whom this machine trusts, for many mails: reading it takes longer than sending one."""
    if server.security is MailSecurity.NONE:
        return None
    return await threads.shared.go_on(new_context)


def new_context() -> ssl.SSLContext:
    """Return whom this machine trusts; TLS 1.2 at least, which some builds of Python leave to OpenSSL."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Connection:
    """A connection to a mail server, through which mails go one after the other.

    Signing in takes longer than a mail. Servers end a connection when they like: between two mails, it is made anew.
    """

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._context: ssl.SSLContext | None = None
        self._client: aiosmtplib.SMTP | None = None
        self._mails = 0

    async def send(self, message: EmailMessage) -> None:
        """Hand a mail over; raises `NotSent`."""
        try:
            async with asyncio.timeout(DEADLINE):
                client = await self._ready()
                await _envelope(client, self.server, message)
            await _hand_over(client, self.server, message)
        except NotSent as why:
            if not why.is_about_address:  # an answer that is late would be taken for that to the next mail
                self.close()
            raise
        except TimeoutError:
            self.close()
            said = phrase('{host} does not answer in time.', host=self.server.host)
            raise NotSent(said, is_general=True) from None
        self._mails += 1

    def close(self) -> None:
        """End the connection; the next mail makes another one."""
        if self._client:
            self._client.close()
        self._client = None

    async def _ready(self) -> aiosmtplib.SMTP:
        """Return a connection that is there, with nothing left in it of a mail that was refused."""
        if self._client and self._mails < MOST_MAILS:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._client.rset()
                return self._client
        self.close()
        self._context = self._context or await trusted(self.server)
        self._client, self._mails = self._made(), 0
        await _connect(self._client, self.server)
        return self._client

    def _made(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.server.host,
            port=self.server.port_used,
            use_tls=self.server.security is MailSecurity.TLS,
            start_tls=self.server.security is MailSecurity.STARTTLS,
            tls_context=self._context,
            local_hostname=host_of(public_url()),
            timeout=PATIENCE,
        )


async def send(server: MailServer, message: EmailMessage) -> None:
    """Hand one mail over; raises `NotSent`."""
    connection = Connection(server)
    try:
        await connection.send(message)
    finally:
        connection.close()


async def _connect(client: aiosmtplib.SMTP, server: MailServer) -> None:
    try:
        await client.connect()
        if server.user:
            await client.login(server.user, server.password)
    except TimeoutError:
        raise
    except aiosmtplib.SMTPAuthenticationError as error:
        said = phrase('{host} does not take this user name and password: {said}', **_facts(server, error))
        raise NotSent(said, is_general=True) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(_why(server, error), is_general=True) from error


def _why(server: MailServer, error: Exception) -> Phrase:
    """Return why there is no connection."""
    causes = [error, error.__cause__, error.__context__]
    distrust = next((each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None)
    if distrust:
        facts = _facts(server, distrust.verify_message)
        return phrase('The certificate of {host} cannot be trusted: {said}', **facts)
    facts = _facts(server, error)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return phrase('There is no encrypted connection to {host}. Does port {port} fit the encryption?', **facts)
    if any(isinstance(each, socket.gaierror) for each in causes):
        return phrase('There is no server called {host}. Check its name.', **facts)
    if server.security is MailSecurity.STARTTLS and 'STARTTLS' in str(error):
        return phrase('{host} offers no STARTTLS at port {port}. Choose another encryption or port.', **facts)
    if refused := next((each for each in causes if isinstance(each, OSError) and each.errno), None):
        said = {'said': os.strerror(refused.errno or 0)}
        return phrase('Nothing answers at {host}, port {port}: {said}', **facts | said)
    return phrase('{host} does not answer at port {port} as a mail server does: {said}', **facts)


async def _envelope(client: aiosmtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    recipient = str(message['To'])
    is_plain = recipient.isascii()
    sender = message['From'].addresses[0].addr_spec
    try:
        if not is_plain and not await _takes_other_scripts(client):
            text = phrase('{host} does not take addresses with such letters before the @.', host=server.host)
            raise NotSent(text, is_final=True)
        await client.mail(sender, options=[] if is_plain else ['SMTPUTF8'])
    except (SMTPResponseException, SMTPServerDisconnected) as error:
        said = phrase('{host} does not take mails from {sender}: {said}', **_facts(server, error))
        raise NotSent(said, is_general=True) from error
    try:
        await client.rcpt(recipient, encoding='ascii' if is_plain else 'utf-8')
    except SMTPServerDisconnected as error:
        said = phrase('{host} has ended the connection: {said}', **_facts(server, error))
        raise NotSent(said, is_general=True) from error
    except SMTPResponseException as error:
        said = phrase('{host} does not take this address: {said}', **_facts(server, error))
        is_unknown = _is_unknown(error.code, error.message)
        raise NotSent(said, is_final=error.code >= FINAL, is_about_address=True, is_unknown=is_unknown) from error


def _is_unknown(code: int, said: str) -> bool:
    """Tell whether an answer means that there is no such mailbox: a policy against the school does not."""
    if code < FINAL:
        return False
    found = _ENHANCED.match(said.strip())
    if not found:
        return code in NOT_THERE and not _POLICY.search(said)
    subject, detail = int(found['subject']), int(found['detail'])
    if (subject, detail) == _ANY_OF_ADDRESS:
        return not _POLICY.search(said)
    return (subject == 1 and detail not in _OF_SENDER) or (subject, detail) == _SWITCHED_OFF


async def _takes_other_scripts(client: aiosmtplib.SMTP) -> bool:
    await client.ehlo()
    return client.supports_extension('smtputf8')


async def _hand_over(client: aiosmtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    """Send the text; what breaks off here may have arrived."""
    try:
        async with asyncio.timeout(DEADLINE):
            await client.data(message.as_bytes())
    except SMTPResponseException as error:
        said = phrase('{host} does not take the mail: {said}', **_facts(server, error))
        raise NotSent(said, is_final=error.code >= FINAL, is_about_address=True) from error
    except (SMTPServerDisconnected, TimeoutError, OSError) as error:
        said = phrase('{host} has not said what became of the mail. It may have arrived.', host=server.host)
        raise NotSent(said, is_open=True, is_final=True) from error


def _facts(server: MailServer, error: Exception | str) -> dict[str, object]:
    said = error.message if isinstance(error, aiosmtplib.SMTPException) else error
    text = said.strerror if isinstance(said, OSError) and said.strerror else str(said)
    short = line(text)[:LONGEST_SAID] or '–'
    return {'host': server.host, 'port': server.port_used, 'sender': server.sender, 'said': short}


_ENHANCED = re.compile(r'5\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})\b')
_OF_SENDER = frozenset({7, 8})
"""details of the subject "addresses" (1) that are about who writes, not about who is written to"""
_ANY_OF_ADDRESS = 1, 0
"""(subject, detail) of something about an address, be it that of the recipient or of the sender"""
_POLICY = re.compile(
    r'relay|sender|spam|junk|block|black ?list|deny ?list|\brbl\b|dnsbl|reputation|polic[iy]|prohibit'
    r'|\bspf\b|dkim|dmarc|verif|authenticat|\bhelo\b|\behlo\b|reverse|\bptr\b|\bip\b|too many|rate limit|https?://',
    re.IGNORECASE,
)
"""Words of those who refuse a school and not a mailbox; many servers say no code, and a mailbox is lost with one."""
_SWITCHED_OFF = 2, 1
"""(subject, detail) of a mailbox that takes nothing at all"""
