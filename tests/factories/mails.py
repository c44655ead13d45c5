"""A school that sends mails, and mails that wait."""

from collections.abc import Mapping

import pytest

from models import MailKind
from services import timed
from services.core import database
from services.core.phrases import phrase
from services.mail import delivery, outbox
from services.mail.letters import Addressed, Letter
from settings import settings
from tests.support.mail_box import MailBox

PUBLIC_URL = 'https://waymark.example.org'


def mails_go_to(box: MailBox, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """Let the environment say that mails of this school go to a server."""
    given: Mapping[str, str] = {'PUBLIC_URL': PUBLIC_URL, **box.settings, **more}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


async def a_mail(address: str = 'sami@example.org', *, kind: MailKind = MailKind.CHANGED) -> None:
    """Have a mail sent that says the same to everybody."""
    await database.write(outbox.put, kind, Addressed(address=address))


async def send_due() -> int:
    """Send what waits, as the job does; returns how many were sent."""
    return await delivery.send_due(timed.MAILS, timed.SENT)


A_LETTER = Letter(subject=phrase('Something'), before=(phrase('Something was done.'),))
