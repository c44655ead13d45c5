"""Sending what waits: one mail after the other, each marked before it leaves, each failure kept with its reason."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from email.errors import MessageError
from email.message import EmailMessage
from types import MappingProxyType

from sqlalchemy import select
from sqlmodel import col

from models import MailKind, User
from services import access
from services.access import Actor
from services.core import clock, database, jobs, threads
from services.core.errors import Invalid, Refused
from services.core.jobs import Kind
from services.core.phrases import phrase
from services.core.text import line
from services.core.transaction import Transaction
from services.mail import letters, mail_server, outbox, refused, smtp
from services.mail.letters import Addressed, Composer, Later, Letter, Sent
from services.mail.mail_server import MailServer
from services.mail.outbox import Taken
from services.mail.smtp import Connection, NotSent

NAME = 'mails'
LOOK_EVERY = timedelta(seconds=30)
NOTHING: Mapping[MailKind, Sent] = MappingProxyType({})


def kind(composers: Mapping[MailKind, Composer], sent: Mapping[MailKind, Sent] = NOTHING) -> Kind:
    """Return the job that sends what waits; `composers` say what each kind of mail says, `sent` notes that it went."""

    async def work(_: str) -> None:
        await send_due(composers, sent)

    return Kind(name=NAME, work=work, repeats=LOOK_EVERY)


def hurry() -> None:
    """Let this process send at once what was written just now."""
    jobs.hurry(NAME)


async def send_due(composers: Mapping[MailKind, Composer], sent: Mapping[MailKind, Sent] = NOTHING) -> int:
    """Send what waits; returns how many were sent. Ends early where the mail server itself is the trouble."""
    if not (mail_server.is_ready() and await database.read(outbox.is_due)):
        return 0
    await database.write(outbox.fail_lost)
    count, connection, gone = 0, Connection(MailServer()), list[Taken]()
    try:
        while True:
            if connection.server != mail_server.current():
                connection.close()
                connection = Connection(mail_server.current())
            noted = [database.write(_finish, each, sent.get(each.kind)) for each in gone]
            taking = database.write(_take, composers, connection.server)
            (taken, message), _ = await asyncio.gather(taking, asyncio.gather(*noted))
            gone.clear()
            if taken is None:
                return count
            if message is None:
                continue
            if clock.now() >= taken.until:  # this process stood still: an admin decides about it
                await database.write(outbox.fail_lost)
                continue
            try:
                await connection.send(message)
            except NotSent as why:
                await database.write(outbox.put_off, taken, why)
                if why.is_general:
                    return count
            else:
                gone.append(taken)  # noted in the commit that takes the next one
                count += 1
    finally:
        connection.close()


async def send_test(actor: Actor | None) -> str:
    """Send a mail to the address of an admin now; returns the address. Raises `NotSent` with what went wrong."""
    to = await database.read(_admin, actor)
    if not mail_server.current().host:
        raise Refused('Save the mail server first.')
    await smtp.send(mail_server.current(), await _written(TEST, to))
    await database.write(_note_test, actor)
    return to.address


def _take(
    tx: Transaction, composers: Mapping[MailKind, Composer], server: MailServer
) -> tuple[Taken | None, EmailMessage | None]:
    """Take the next mail, and write it; a mail that nobody needs any more is forgotten at once."""
    taken = outbox.take(tx) if mail_server.is_ready() else None
    if taken is None:
        return None, None
    letter = composers[taken.kind](tx, taken.to)
    if letter is None:
        outbox.finish(tx, taken)
        tx.note('mail not needed', mail=taken.mail_id, kind=taken.kind)
        return taken, None
    if isinstance(letter, Later):
        outbox.wait(tx, taken, until=letter.at)
        return taken, None
    try:
        return taken, letters.written(letter, taken.to, sender=server.sender)
    except (ValueError, MessageError) as error:  # nobody else's mail waits behind one that cannot be written
        said = phrase('This mail cannot be written: {said}', said=line(str(error)))
        outbox.put_off(tx, taken, NotSent(said, is_final=True))
        return taken, None


def _finish(tx: Transaction, taken: Taken, sent: Sent | None) -> None:
    if sent:
        sent(tx, taken.to)
    outbox.finish(tx, taken)
    refused.arrived(tx, taken.to.address)
    tx.note('mail sent', mail=taken.mail_id, kind=taken.kind, user=taken.to.user_id)


async def _written(letter: Letter, to: Addressed) -> EmailMessage:
    return await threads.shared.go_on(letters.written, letter, to, sender=mail_server.current().sender)


def _admin(tx: Transaction, actor: Actor | None) -> Addressed:
    actor = access.admin(tx, actor)
    email, language = tx.execute(select(col(User.email), col(User.language)).where(col(User.id) == actor.user_id)).one()
    if not email:
        raise Invalid('Your account has no e-mail address. Add one on your account page first.')
    return Addressed(address=email, user_id=actor.user_id, language=language)


def _note_test(tx: Transaction, actor: Actor | None) -> None:
    tx.note('test mail sent', by=access.admin(tx, actor).user_id)


TEST = Letter(
    subject=phrase('A test mail of your school'),
    before=(phrase('This mail says that mails are sent. You have asked for it on the page of your school.'),),
)
"""What is sent to somebody who asks whether mails are sent."""
