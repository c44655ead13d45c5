"""A mail as it is written: a subject and sentences, put into the language of the person who gets it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from email_validator import validate_email

from services.core import clock, languages, school
from services.core.phrases import Phrase
from services.core.text import line
from services.core.transaction import Transaction
from services.mail import mail_text

LONGEST_SCHOOL = 80
ONE_CLICK = 'List-Unsubscribe=One-Click'
"""what a mail program posts when its person unsubscribes (RFC 8058)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """To whom a mail goes, and in which language."""

    address: str
    user_id: int | None = None
    """whose account it is about; None where somebody has only typed an address"""
    language: str = ''
    """code; empty for that of the school"""
    mail_id: int = 0
    """the row of the mail, once it has one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of several things that a mail is about, with the page to which it leads."""

    title: Phrase | str
    body: Phrase | str = ''
    link: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says. Nothing in one to an unconfirmed address was chosen by a stranger: no name, no title."""

    subject: Phrase
    before: tuple[Phrase, ...]
    link: str = ''
    """an address on a line of its own"""
    items: tuple[Item, ...] = ()
    """with them the mail is in HTML as well"""
    after: tuple[Phrase, ...] = ()
    name: str = ''
    """what stands for this mail in its `Message-ID`, the same each time that it is tried; empty for a random one"""
    unsubscribe: str = ''
    """an address at which its person ends such mails, without a sign-in"""
    language: str = ''
    """code of the language that the person has chosen; empty for the one in which the mail was asked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """That a mail is not sent now, but at a moment."""

    at: datetime


Composer = Callable[[Transaction, Addressed], Letter | Later | None]
"""Returns what a mail says now, or None if there is nothing to be said any more."""

Sent = Callable[[Transaction, Addressed], None]
"""Notes in the tables of a subject that one of its mails was sent."""


def written(letter: Letter, to: Addressed, *, sender: str) -> EmailMessage:
    """Return a mail that can be sent; headers with line breaks cannot come about (`ValueError`)."""
    reader = languages.translations(letter.language or to.language or school.current().language or 'en')
    name = line(school.current().name)[:LONGEST_SCHOOL]
    recipient = on_the_wire(to.address)
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    message['From'] = Address(display_name=_as_sender(name), addr_spec=on_the_wire(sender))
    message['To'] = recipient
    message['Subject'] = line(letter.subject.spoken(reader))
    message['Date'] = format_datetime(clock.now())
    host = on_the_wire(sender).rpartition('@')[2]
    message['Message-ID'] = f'<{letter.name}@{host}>' if letter.name else make_msgid(domain=host)
    message['Auto-Submitted'] = 'auto-generated'
    if letter.unsubscribe:
        message['List-Unsubscribe'] = f'<{letter.unsubscribe}>'
        if letter.unsubscribe.startswith('https://'):  # RFC 8058 knows no other
            message['List-Unsubscribe-Post'] = ONE_CLICK
    message.set_content(mail_text.plain(letter, reader, name))
    if letter.items:
        code = letter.language or to.language or school.current().language or 'en'
        message.add_alternative(mail_text.in_html(letter, reader, name, language=code), subtype='html')
    return message


def on_the_wire(address: str) -> str:
    """Return an address with its host in ASCII; it is not ASCII only if what stands before the @ is not.

    Raises `ValueError` for what is not one address.
    """
    found = validate_email(address, check_deliverability=False, test_environment=True)
    return found.ascii_email or f'{found.local_part}@{found.ascii_domain}'


def _as_sender(name: str) -> str:
    """Return the name of the school without the signs that mean something where mails say whom they come from."""
    return ' '.join(name.translate(_SIGNS).split())


def host_of(address: str) -> str:
    """Return the host of the address of this school, by which its server introduces itself to others."""
    return urlsplit(address).hostname or 'localhost'


_SIGNS = str.maketrans(dict.fromkeys('"<>()[]{}:;@\\,=?', ' '))
"""with many of them, Python folds the header so that the address is lost"""
