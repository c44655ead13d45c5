"""Measures the mails of a Sunday: `python -m bench.summaries_child <parents>`, on an empty database of the settings.

Each parent has a child that has done something this week. The clock says that it is Sunday evening. The mails go to a
mail server of this machine in a process of its own; the last line is JSON.
"""

import asyncio
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from multiprocessing import get_context
from uuid import uuid4

import orjson
import time_machine
from sqlalchemy import Engine, insert

import migrations
from bench import as_served
from bench.build_school import instructor
from bench.crowd import AT, Crowd, gather
from bench.mails_child import note_stops, serve
from models import ParentLink, ParentSummary, Role, User, Verb, table
from services import projections, timed
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import database, server_log
from services.courses import catalog, checkpoints, outline
from services.enums import MailSecurity
from services.mail import delivery, mail_server
from services.mail.mail_server import MailServer
from services.parents import summaries
from settings import settings

CHECKPOINTS = 10
IN_ONE_GO = 50
PARENTS_FROM = 1_000_000
"""the first of their ids"""
SUNDAY = datetime.combine((AT + timedelta(days=6 - AT.weekday())).date(), hour(17, 5), UTC)
"""of the week in which the children have done something"""


async def measure(parents: int, port: int) -> dict[str, float]:
    """Return the figures: until all mails are in the outbox, until they are sent, and how long the loop stood still."""
    crowd = await _build(parents)
    await asyncio.to_thread(_give_parents, database.engine(), crowd)
    for start in range(0, parents, IN_ONE_GO):
        children = enumerate(crowd.learners[start : start + IN_ONE_GO], start)
        await asyncio.gather(*(_learn(crowd, index, child) for index, child in children))
    mail_server.remember(
        MailServer(host='127.0.0.1', port=port, security=MailSecurity.NONE, sender='school@example.org')
    )
    as_served.tune()
    stops: list[float] = []
    beating = asyncio.create_task(note_stops(stops))
    began, cpu = time.perf_counter(), time.process_time()
    put = await summaries.put_due()
    middle = time.perf_counter()
    sent = await delivery.send_due(timed.MAILS, timed.SENT)
    ended, busy = time.perf_counter(), time.process_time() - cpu
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    return {
        'put': put,
        'sent': sent,
        'writing': middle - began,
        'sending': ended - middle,
        'cpu': busy,
        'longest stop': max(stops),
    }


async def _learn(crowd: Crowd, index: int, child: Actor) -> None:
    checkpoint = crowd.checkpoints[crowd.done(index)]
    await taps.take(
        Tap(actor=child, session_id=None, verb=Verb.COMPLETED, tap_id=uuid4().hex, checkpoint_id=checkpoint)
    )


async def _build(children: int) -> Crowd:
    opened = database.open_at(settings().database_url, projections.ALL)
    teacher = (await instructor()).actor
    course_id = await database.write(catalog.create, teacher, title='A course for many')
    (section,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {number}' for number in range(1, CHECKPOINTS + 1))
    await database.write(checkpoints.add, teacher, section.module_id, lines=lines)
    return await asyncio.to_thread(gather, opened.engines.writing, course_id=course_id, learners=children)


def _give_parents(engine: Engine, crowd: Crowd) -> None:
    ids = range(PARENTS_FROM, PARENTS_FROM + len(crowd.learners))
    people = [
        {
            'id': parent_id,
            'name': f'Parent {parent_id}',
            'plain_name': f'parent {parent_id}',
            'role': Role.PARENT,
            'email': f'parent{parent_id}@example.org',
            'email_confirmed_at': AT,
            'password_hash': 'x' * 60,
            'time_zone': 'UTC',
            'language': '',
            'created_at': AT,
            'updated_at': AT,
        }
        for parent_id in ids
    ]
    links = [
        {'parent_id': parent_id, 'child_id': child.user_id, 'linked_at': AT}
        for parent_id, child in zip(ids, crowd.learners, strict=True)
    ]
    with engine.begin() as connection:
        connection.execute(insert(table(User)), people)
        connection.execute(insert(table(ParentLink)), links)
        connection.execute(
            insert(table(ParentSummary)), [{'parent_id': parent_id, 'is_wanted': True} for parent_id in ids]
        )


def main() -> None:
    """Run the mail server beside, and measure."""
    server_log.set_up('ERROR')
    migrations.upgrade(settings().database_url)
    ours, theirs = get_context('spawn').Pipe()
    server = get_context('spawn').Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = int(ours.recv())
    with time_machine.travel(SUNDAY):
        found = asyncio.run(measure(int(sys.argv[1]), port))
    database.close()
    server.terminate()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    main()
