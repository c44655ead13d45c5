"""The server that sends the mails of the school: what the environment says, else what an admin has stored.

The stored values are read when the server starts and when they change (`mail_settings.py`), so that nothing waits for
the database here.
"""

from dataclasses import dataclass, field

from models import MailSecurity
from services.core.server_address import public_url
from settings import settings

USUAL_PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """How mails are handed over; without a host none are sent."""

    host: str = ''
    port: int = 0
    """0 for the usual one of the kind of encryption"""
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ''
    password: str = field(default='', repr=False)
    sender: str = ''
    """the address from which mails come"""

    @property
    def port_used(self) -> int:
        """The port that is connected to."""
        return self.port or USUAL_PORTS[self.security]


def current() -> MailServer:
    """Return the server that sends mails now."""
    return of_environment() or _stored[-1]


def of_environment() -> MailServer | None:
    """Return the server that the environment names; it wins, and then an admin changes nothing."""
    config = settings()
    if not config.mail_host:
        return None
    return MailServer(
        host=config.mail_host,
        port=config.mail_port,
        security=MailSecurity(config.mail_security),
        user=config.mail_user,
        password=config.mail_password,
        sender=config.mail_from,
    )


def is_ready() -> bool:
    """Tell whether mails are sent here: there is a server, and an address of this school for the links in them."""
    return bool(current().host and public_url())


def remember(stored: MailServer) -> None:
    """Use this stored server from now on in this process."""
    _stored[-1] = stored


_stored = [MailServer()]
