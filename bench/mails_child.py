"""Measures how fast mails with notices leave: `python -m bench.mails_child <mails>`.

Each goes to somebody else, to a mail server of this machine in a process of its own. It runs on the database of the
settings, which must be empty; its last line is JSON. A heartbeat notes for how long the event loop stood still.
"""

import asyncio
import sys
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import insert, select
from sqlmodel import col

import migrations
from bench import as_served
from models import Course, Enrollment, Notice, NoticeKind, Role, User, table
from services import projections, timed
from services.core import database, server_log
from services.core.phrases import phrase, stored
from services.core.transaction import Transaction
from services.enums import MailSecurity
from services.mail import delivery, mail_server
from services.mail.mail_server import MailServer
from services.notices import mailing
from settings import settings

BEAT = 0.005
NOTICES = 3
"""in each mail"""


class Taker:
    """Takes every mail."""

    async def handle_DATA(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802 - what aiosmtpd calls
        """Say that a mail is taken."""
        return '250 OK'


def serve(said: Connection) -> None:
    """Be the mail server."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taker(), hostname='localhost'), '127.0.0.1', 0)
        said.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def measure(mails: int) -> dict[str, float]:
    """Return the figures: from notices to mails, from mails to the server, and how long the loop stood still."""
    await database.write(_build, mails)
    as_served.tune()
    stops: list[float] = []
    beating = asyncio.create_task(note_stops(stops))
    began, cpu = time.perf_counter(), time.process_time()
    collected = await mailing.collect_due()
    middle = time.perf_counter()
    sent = await delivery.send_due(timed.MAILS, timed.SENT)
    ended, busy = time.perf_counter(), time.process_time() - cpu
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    return {
        'sent': sent,
        'collected per second': collected / (middle - began),
        'sent per second': sent / (ended - middle),
        'share of a core': busy / (ended - began),
        'longest stop': max(stops),
    }


def _build(tx: Transaction, mails: int) -> None:
    """Write people in a course, with notices that are due."""
    then = tx.now - timedelta(hours=1)
    common = {'created_at': then, 'updated_at': then}
    course = Course(owner_id=1, title='Soil', code='ABCDEF', created_at=then, updated_at=then)
    people = [
        {
            'name': f'Learner {number}',
            'plain_name': f'learner {number}',
            'role': Role.STUDENT,
            'email': f'learner{number}@example.org',
            'email_confirmed_at': then,
            'password_hash': 'x' * 60,
            **common,
        }
        for number in range(mails)
    ]
    tx.execute(insert(table(User)).values(time_zone='', language=''), people)
    ids = list(tx.session.scalars(select(col(User.id)).order_by(col(User.id))))
    course.owner_id = ids[0]
    tx.session.add(course)
    tx.session.flush()
    places = [{'course_id': course.id, 'user_id': id_, 'enrolled_at': then} for id_ in ids]
    tx.execute(insert(table(Enrollment)), places)
    title = stored(phrase('Graded: {step}', step='Soil samples'), most=1000)
    notices = [
        {
            'user_id': id_,
            'kind': NoticeKind.GRADE,
            'object_key': f'step {number}',
            'occurrence': '',
            'course_id': course.id,
            'title': title,
            'address': f'/courses/{course.id}/learn',
            'happened_at': then,
            'written_at': then,
            'mail_due_at': then,
        }
        for id_ in ids
        for number in range(NOTICES)
    ]
    tx.execute(insert(table(Notice)), notices)


async def note_stops(stops: list[float]) -> None:
    """Note for how long the event loop stood still, until cancelled."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(BEAT)
        stops.append(time.perf_counter() - began - BEAT)


def main() -> None:
    """Run the mail server beside, and measure."""
    server_log.set_up('ERROR')
    migrations.upgrade(settings().database_url)
    ours, theirs = get_context('spawn').Pipe()
    server = get_context('spawn').Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    mail_server.remember(
        MailServer(host='127.0.0.1', port=int(ours.recv()), security=MailSecurity.NONE, sender='school@example.org')
    )
    database.open_at(settings().database_url, projections.ALL)
    found = asyncio.run(measure(int(sys.argv[1])))
    database.close()
    server.terminate()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    main()
