"""A mail as it is written: a subject and sentences, put into the language of the person who gets it."""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from email_validator import validate_email

from services.core import clock, languages, school
from services.core.database import Transaction
from services.core.phrases import Phrase
from services.core.text import line

LONGEST_SCHOOL = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """To whom a mail goes, and in which language."""

    address: str
    user_id: int | None = None
    """whose account it is about; None where somebody has only typed an address"""
    language: str = ''
    """code; empty for that of the school"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says. Nothing in it was chosen by a stranger: no name, no title, no address of a request."""

    subject: Phrase
    before: tuple[Phrase, ...]
    link: str = ''
    """an address on a line of its own"""
    after: tuple[Phrase, ...] = ()
    language: str = ''
    """code of the language that the person has chosen; empty for the one in which the mail was asked for"""


Composer = Callable[[Transaction, Addressed], Letter | None]
"""Returns what a mail says now, or None if there is nothing to be said any more."""


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
    message['Message-ID'] = make_msgid(domain=on_the_wire(sender).rpartition('@')[2])
    message['Auto-Submitted'] = 'auto-generated'
    paragraphs = [each.spoken(reader) for each in letter.before]
    paragraphs += [letter.link] if letter.link else []
    paragraphs += [each.spoken(reader) for each in letter.after]
    message.set_content('\n\n'.join([*paragraphs, f'-- \n{name}']) + '\n')
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
