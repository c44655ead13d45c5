"""The mail server as an admin sees and changes it; its password is stored sealed and shown to nobody."""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from models import MailSecurity, SchoolSettings
from services import access
from services.access import Actor
from services.core import database, sealed
from services.core.errors import Invalid, Refused
from services.core.server_address import LOCAL
from services.core.text import line, read_address
from services.core.transaction import Transaction
from services.mail import mail_server
from services.mail.mail_server import MailServer

ONLY = 1
"""the id of the one row"""
LONGEST_HOST = 253
LONGEST_USER = 254
LONGEST_PASSWORD = 500
HIGHEST_PORT = 65535
PURPOSE = 'mail server'


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownServer:
    """The mail server as an admin sees it; of the password only whether there is one."""

    host: str
    port: int
    security: MailSecurity
    user: str
    sender: str
    has_password: bool
    is_of_environment: bool
    """whether the environment of the server says all this, so that nothing can be changed here"""


def own(tx: Transaction, actor: Actor | None) -> ShownServer:
    """Return the mail server to an admin."""
    access.admin(tx, actor)
    given = mail_server.of_environment()
    used = given or stored(tx)
    return ShownServer(
        host=used.host,
        port=used.port,
        security=used.security,
        user=used.user,
        sender=used.sender,
        has_password=bool(used.password),
        is_of_environment=given is not None,
    )


def stored(tx: Transaction) -> MailServer:
    """Return what is stored of the mail server."""
    row = tx.session.get(SchoolSettings, ONLY)
    if row is None:
        return MailServer()
    return MailServer(
        host=row.mail_host,
        port=row.mail_port,
        security=row.mail_security,
        user=row.mail_user,
        password=sealed.unseal(row.mail_password, purpose=PURPOSE),
        sender=row.mail_sender,
    )


async def edit(
    actor: Actor | None, *, host: str, port: str, security: str, user: str, password: str, sender: str
) -> None:
    """Store the mail server; it is used in this process at once. An empty password leaves the stored one as it is.

    An empty host switches mails off, and everything that was stored goes.
    """
    mail_server.remember(await database.write(_edit, actor, host, port, security, user, password, sender))


async def load() -> None:
    """Read what is stored, as when the server starts, or when another process may have changed it."""
    mail_server.remember(await database.read(stored))


def _edit(
    tx: Transaction, actor: Actor | None, host: str, port: str, security: str, user: str, password: str, sender: str
) -> MailServer:
    actor = access.admin(tx, actor)
    if mail_server.of_environment():
        raise Refused('The environment of this server says how mails are sent. Change it there.')
    row = tx.session.get(SchoolSettings, ONLY) or SchoolSettings(id=ONLY, created_at=tx.now, updated_at=tx.now)
    before = sealed.unseal(row.mail_password, purpose=PURPOSE) if _is_for(row, host, user) else ''
    server = _checked(host, port, security, user, password or before, sender) if host.strip() else MailServer()
    row.mail_host, row.mail_port, row.mail_security = server.host, server.port, server.security
    row.mail_user, row.mail_sender = server.user, server.sender
    row.mail_password = sealed.seal(server.password, purpose=PURPOSE)
    row.updated_at = tx.now
    tx.session.add(row)
    tx.session.flush()
    tx.note('mail server changed', by=actor.user_id, host=server.host)
    return server


def _is_for(row: SchoolSettings, host: str, user: str) -> bool:
    """Tell whether the stored password is for this server and user: nobody else is ever shown it, another host too."""
    return (row.mail_host, row.mail_user) == (line(host[:1000]).lower(), line(user[:1000]))


def _checked(host: str, port: str, security: str, user: str, password: str, sender: str) -> MailServer:
    host, user, port = line(host[:1000]).lower(), line(user[:1000]), port.strip()
    if len(host) > LONGEST_HOST or not _HOST.fullmatch(host):
        raise Invalid('This is not the name of a server. It looks like smtp.example.org.', field='host')
    if port and not (re.fullmatch('[0-9]{1,5}', port) and 1 <= int(port) <= HIGHEST_PORT):
        raise Invalid(
            'A port is a number from 1 to {most}; leave it empty for the usual one.', most=HIGHEST_PORT, field='port'
        )
    if security not in set(MailSecurity):
        raise Invalid('Choose one of the kinds of encryption of the list.', field='security')
    if len(user) > LONGEST_USER:
        raise Invalid('This name is too long; use at most {most} characters.', most=LONGEST_USER, field='user')
    _check_password(password, host, security, user)
    return MailServer(
        host=host,
        port=int(port or 0),
        security=MailSecurity(security),
        user=user,
        password=password if user else '',
        sender=_check_sender(sender),
    )


def _check_password(password: str, host: str, security: str, user: str) -> None:
    if len(password) > LONGEST_PASSWORD or not password.isprintable():
        raise Invalid('This password is too long, or has signs that no keyboard has.', field='password')
    if user and not password:
        raise Invalid('Type the password that belongs to this user name.', field='password')
    if user and security == MailSecurity.NONE and host not in LOCAL:
        raise Invalid('Without encryption others could read the password. Choose STARTTLS or TLS.', field='security')


def _check_sender(typed: str) -> str:
    try:
        found = validate_email(read_address(typed), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid('This is not an e-mail address. It looks like school@example.org.', field='sender') from error
    if not found.ascii_email:
        raise Invalid(
            'Choose an address with plain letters before the @; not every server takes others.', field='sender'
        )
    return found.ascii_email.lower()


_HOST = re.compile(r'[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?|[0-9a-f:.]+')
