"""Measures `main.py verify`: `python -m bench.verify <activities> [<learners>]`.

It makes a school in the database of the settings, which must be empty: learners of one course of 40 checkpoints,
everything that they did in the log, and the tables as the log tells them. Then `verify` runs in a process of its own.
The last line is JSON. Goal: 5,000,000 activities in at most 500 MB.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Engine, delete, func, insert, select

import migrations
from bench.build_school import instructor
from bench.crowd import Crowd, gather
from models import Activity, FollowerState, Mode, Verb, table
from services import followers, projections
from services.accounts.sign_ins import Entered
from services.core import database, server_log
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, outline
from services.people import merging, slices
from settings import settings

CHECKPOINTS = 40
FOR_EACH_CHECKPOINT = 25
"""activities from the start of a checkpoint to its end"""
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
ROWS_AT_ONCE = 20_000


async def build(*, activities: int, learners: int) -> Entered:
    """Make the school, and return its instructor."""
    migrations.upgrade(settings().database_url)
    opened = database.open_at(settings().database_url, projections.ALL)
    entered = await instructor()
    teacher = entered.actor
    course_id = await database.write(catalog.create, teacher, title='A course for many')
    (section,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {number}' for number in range(1, CHECKPOINTS + 1))
    await database.write(checkpoints.add, teacher, section.module_id, lines=lines)
    crowd = gather(opened.engines.writing, course_id=course_id, learners=learners)
    _fill(opened.engines.writing, crowd, activities)
    for people in await database.read(lambda tx: list(slices.everybody(tx))):
        await database.write(_rebuild, people.ids)
    return entered


def measure(*options: str) -> dict[str, object]:
    """Run `verify`; returns whether everything agreed, how long it took, and the most memory that it had."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, 'main.py', 'verify', *options], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    return {
        'agrees': os.waitstatus_to_exitcode(status) == 0,
        'seconds': round(time.perf_counter() - began, 1),
        'CPU seconds': round(used.ru_utime + used.ru_stime, 1),
        'peak MB': round(used.ru_maxrss / 1024),
    }


def _fill(engine: Engine, crowd: Crowd, activities: int) -> None:
    rows = _rows(crowd, activities)
    with engine.begin() as connection:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            connection.execute(insert(table(Activity)), some)
        newest = connection.execute(select(func.max(table(Activity).c.id))).scalar()
        connection.execute(delete(table(FollowerState)))  # a migration has begun one of them
        state = {'position': newest, 'is_clearing': False, 'leased_by': '', 'problem': ''}
        connection.execute(delete(table(FollowerState)))  # a migration has made some
        connection.execute(insert(table(FollowerState)), [state | {'name': each.name} for each in followers.ALL])
        connection.exec_driver_sql('ANALYZE')


def _rows(crowd: Crowd, number: int) -> Iterator[dict[str, Any]]:
    """Yield activities as a school makes them: all learners beside each other, some weeks long."""
    for index in range(number):
        turn, who = divmod(index, len(crowd.learners))
        at = AT + timedelta(seconds=index)
        yield {
            **_what(crowd, turn),
            'user_id': crowd.learners[who].user_id,
            'words': '',
            'at': at,
            'happened_at': at,
            'local_date': at.date(),
            'local_hour': at.hour,
        }


def _what(crowd: Crowd, turn: int) -> dict[str, Any]:
    """Return what a learner does in their turn: they enroll, and go through the checkpoints, without completing the
    last.
    """
    if turn == 0:
        enrolled = f'enrolled:{crowd.course_id}'
        return {'tap_id': enrolled, 'verb': Verb.ENROLLED, 'course_id': crowd.course_id} | _NOWHERE
    checkpoint, place = divmod(turn - 1, FOR_EACH_CHECKPOINT)
    verbs = (
        {0: Verb.STARTED}
        if checkpoint >= CHECKPOINTS - 1
        else {0: Verb.STARTED, FOR_EACH_CHECKPOINT - 1: Verb.COMPLETED}
    )
    return {
        'tap_id': f'bench:{turn}',
        'verb': verbs.get(place, Verb.READ if place % 2 else Verb.WATCHED),
        'course_id': crowd.course_id,
        'checkpoint_id': crowd.checkpoints[min(checkpoint, CHECKPOINTS - 1)],
        'mode': Mode.SELF_PACED,
    }


def _rebuild(tx: Transaction, people: frozenset[int]) -> None:
    part = merging.part_of(tx, people, {})
    for projection in tx.projections:
        projection.rebuild(tx, part)


_NOWHERE = {'checkpoint_id': None, 'mode': None}


def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    activities = int(sys.argv[1])
    learners = int(sys.argv[2]) if len(sys.argv) > 2 else max(1, activities // 1000)
    try:
        asyncio.run(build(activities=activities, learners=learners))
    finally:
        database.close()
    snapshot = str(settings().data_dir / 'bench.snapshot')
    runs = {'all': measure(), 'saving': measure('--save', snapshot), 'from it': measure('--from', snapshot)}
    print(orjson.dumps({'activities': activities, 'learners': learners, **runs}).decode())


if __name__ == '__main__':
    main()
