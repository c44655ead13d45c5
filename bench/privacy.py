"""Erasing a learner with a long past beside taps of others, and what it costs to write a look down."""

import os
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from bench import as_served
from bench.figures import Table
from bench.tapping import course_with, person, tapping
from commands import tables
from models import Activity, Role, Verb, table
from services import access, projections
from services.access import Actor
from services.core import clock, database
from services.core.transaction import Transaction
from services.privacy import erasing
from settings import settings

ACTIVITIES, HELP_EVERY, LOOKS = 50_000, 10, 300
AT_ONCE = 5_000
PEOPLE = ('Ada Admin', Role.ADMIN), ('Sam Rivera', Role.STUDENT), ('Tom Tall', Role.STUDENT)


async def privacy_rounds(result: Table, rounds: int) -> None:
    """Erase one learner after the other, each in a school of its own on the disk."""
    as_served.tune()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix='waymark-bench-', dir=Path(__file__).parent) as folder:
            os.environ['DATA_DIR'] = folder
            settings.cache_clear()
            tables.migrate(settings())
            database.open_at(settings().database_url, projections.ALL)
            try:
                await _round(result)
            finally:
                database.close()
    settings.cache_clear()


async def _round(result: Table) -> None:
    admin, sam, tom = [await database.write(person, *who) for who in PEOPLE]
    course_id, checkpoint = await course_with(admin, sam, tom)
    for start in range(0, ACTIVITIES, AT_ONCE):
        await database.write(_remember, sam, course_id, start)

    async with tapping(tom, checkpoint) as waits:
        began = time.perf_counter()
        await erasing.erase(admin, sam.user_id)
        await erasing.purge(sam.user_id)
        result.ours('erase 50,000', time.perf_counter() - began)
    result.ours('erase wait', 1000 * max(waits))

    plain, noted = [await _looks(admin, course_id, note=note) for note in (False, True)]
    result.ours('look', 1000 * (noted - plain))


def _remember(tx: Transaction, sam: Actor, course_id: int, start: int) -> None:
    """Write activities down as they are in the log; every tenth asked for help in words."""
    rows = [
        {
            'user_id': sam.user_id,
            'tap_id': f'past-{number}',
            'verb': Verb.HELP_ASKED if number % HELP_EVERY == 0 else Verb.STUDIED,
            'course_id': course_id,
            'words': 'Where is the key?' if number % HELP_EVERY == 0 else '',
            'at': tx.now,
            'happened_at': tx.now,
            'local_date': tx.now.date(),
            'local_hour': tx.now.hour,
        }
        for number in range(start, start + AT_ONCE)
    ]
    tx.execute(insert(table(Activity)), rows)


async def _looks(admin: Actor, course_id: int, *, note: bool) -> float:
    """Return the median seconds of a small read, with or without a row that says who looked."""

    def look(tx: Transaction) -> object:
        if note:
            access.note_look(tx, admin, 'people', course=course_id)
        return clock.now()

    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        await database.read(look)
        took.append(time.perf_counter() - began)
    return statistics.median(took)
