"""Measures a long inbox: `python -m bench.inbox_child <notices>`, on an empty database of the settings.

What a page asks for is timed as it is answered, first the newest notices, then far below, then those with words that no
notice has, for which all are looked at. CPU is that of the process, so that a busy machine says little about it. The
last line is JSON.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import orjson
from sqlalchemy import Engine, insert

from bench import as_served
from bench.crowd import AT, Crowd, open_with
from bench.figures import percentile
from models import Notice, NoticeKind, table
from services.access import Actor
from services.core import database, server_log
from services.core.phrases import phrase, stored
from services.notices import inbox
from services.notices.inbox import Inbox

READERS = 20
"""people with so many notices each; the first one reads"""
LOOKS = 200
NOTHING = 'words that nobody wrote'


async def measure(notices: int) -> dict[str, float]:
    """Return the figures: seconds and CPU for one page of the inbox, read in three ways."""
    _, crowd = await open_with(learners=READERS, checkpoints=2)
    await asyncio.to_thread(_fill, database.engine(), crowd, notices)
    as_served.tune()
    reader = crowd.learners[0]
    newest = (await database.read(inbox.look, reader)).notices[0].notice_id
    found: dict[str, float] = {}
    for name, look in (
        ('first', inbox.look),
        ('below', partial(inbox.look, before=newest - READERS * notices * 9 // 10)),
        ('search', partial(inbox.look, typed=NOTHING)),
    ):
        found |= await _times(name, look, reader)
    return found


async def _times(name: str, look: Callable[..., Inbox], reader: Actor) -> dict[str, float]:
    waits: list[float] = []
    cpu = time.process_time()
    for _ in range(LOOKS):
        began = time.perf_counter()
        await database.read(look, reader)
        waits.append(time.perf_counter() - began)
    return {
        f'{name} p50': percentile(waits, 50),
        f'{name} p95': percentile(waits, 95),
        f'{name} cpu': (time.process_time() - cpu) / LOOKS,
    }


def _fill(engine: Engine, crowd: Crowd, notices: int) -> None:
    """Write notices, those of all readers in turn; one in fifty is unread."""
    title = stored(phrase('Graded: {step}', step='Soil samples'), most=1000)
    rows = [
        {
            'user_id': reader.user_id,
            'kind': NoticeKind.GRADE,
            'object_key': f'step {number}',
            'occurrence': '',
            'course_id': crowd.course_id,
            'title': title,
            'searched': f'graded: soil samples {number}',
            'address': f'/courses/{crowd.course_id}/learn',
            'happened_at': AT + timedelta(seconds=number),
            'written_at': AT + timedelta(seconds=number),
            'read_at': AT + timedelta(days=1) if number % 50 else None,
        }
        for number in range(notices)
        for reader in crowd.learners
    ]
    with engine.begin() as connection:
        connection.execute(insert(table(Notice)), rows)
        connection.exec_driver_sql('ANALYZE')


async def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    try:
        found = await measure(int(sys.argv[1]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
