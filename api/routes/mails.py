"""`/api/school/mail`: the server that sends the mails of the school, and mails that were not sent; for admins."""

from datetime import datetime

from pydantic import Field

from api.auth import Person
from api.subject import Subject
from api.types import Body, Id, Shape
from services.core import database
from services.enums import MailKind, MailSecurity
from services.mail import delivery, mail_settings, outbox
from services.mail.mail_settings import (
    HIGHEST_PORT,
    LONGEST_HOST,
    LONGEST_PASSWORD,
    LONGEST_USER,
    ShownServer,
)
from services.mail.outbox import Trouble

router = Subject(prefix='/school/mail', tags=['mails'])


class MailServerForm(Body):
    """How mails are handed over. An empty host switches mails off, and everything that was stored goes."""

    host: str = Field(max_length=LONGEST_HOST, examples=['smtp.example.org'])
    port: int | None = Field(default=None, ge=1, le=HIGHEST_PORT, strict=True, description='null for the usual one')
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = Field(default='', max_length=LONGEST_USER, description='empty if the server asks for none')
    password: str = Field(
        default='',
        max_length=LONGEST_PASSWORD,
        description='stored sealed and never shown; empty leaves the stored one, if host and user stay as they are',
    )
    sender: str = Field(default='', max_length=254, examples=['school@example.org'])


class TestMail(Shape):
    """To which address the mail server has taken a mail."""

    address: str


class UnsentMail(Shape):
    """A mail that was not sent, and why."""

    mail_id: int
    kind: MailKind
    address: str
    problem: str
    since: datetime
    next_try_at: datetime | None = Field(description='null where it has failed for good')
    is_off: bool = Field(description='whether no notices are sent to this address any more')


@router.get('')
async def mail_server(actor: Person) -> ShownServer:
    """The mail server of the school; of its password only whether there is one."""
    return await database.read(mail_settings.own, actor)


@router.put('')
async def edit_mail_server(server: MailServerForm, actor: Person) -> ShownServer:
    """Store the mail server; it is used at once. Where the environment of the server names one, nothing changes."""
    await mail_settings.edit(
        actor,
        host=server.host,
        port=str(server.port or ''),
        security=server.security.value,
        user=server.user,
        password=server.password,
        sender=server.sender,
    )
    return await database.read(mail_settings.own, actor)


@router.post('/test')
async def send_test_mail(actor: Person) -> TestMail:
    """Send a mail to the admin who asks; a refusal says what is wrong with the mail server."""
    return TestMail(address=await delivery.send_test(actor))


@router.get('/unsent')
async def unsent(actor: Person) -> tuple[UnsentMail, ...]:
    """The mails that were not sent, the newest first, and when each is tried again, if it is."""
    return tuple(map(_unsent, await database.read(outbox.of_school, actor)))


@router.post('/unsent/{mail_id}/send-again', status_code=204)
async def send_again(mail_id: Id, actor: Person) -> None:
    """Have a mail sent now that was not sent; an address to which nothing was sent any more is used again."""
    await database.write(outbox.send_again, actor, mail_id=mail_id)
    delivery.hurry()


@router.delete('/unsent/{mail_id}', status_code=204)
async def drop(mail_id: Id, actor: Person) -> None:
    """Forget a mail that was not sent."""
    await database.write(outbox.drop, actor, mail_id=mail_id)


def _unsent(trouble: Trouble) -> UnsentMail:
    return UnsentMail(
        mail_id=trouble.mail_id,
        kind=trouble.kind,
        address=trouble.address,
        problem=str(trouble.problem),
        since=trouble.since,
        next_try_at=trouble.next_try_at,
        is_off=trouble.is_off,
    )
