"""Measures how fast a follower catches up while others tap: `python -m bench.followers <activities>`.

It runs on the database of the settings, which must be empty, in a process of its own; its last line is JSON.
Goals: 5,000 activities a second, with 50 taps a second whose p99 stays below 40 ms (SQLite, synchronous=FULL).
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Engine, insert

from bench import as_served
from bench.crowd import Crowd, open_with
from bench.figures import percentile
from models import Activity, Mode, Verb, table
from services.activity import taps
from services.activity.following import Running
from services.activity.taps import Tap
from services.analytics import daily_totals
from services.core import database, server_log

LEARNERS, CHECKPOINTS = 500, 40
TAP_EVERY = 0.02
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
VERBS = (Verb.STARTED, Verb.COMPLETED, Verb.READ, Verb.WATCHED)


async def measure(*, activities: int) -> dict[str, float]:
    """Return the figures: taps alone, and while so many activities are caught up."""
    _, crowd = await open_with(learners=LEARNERS, checkpoints=CHECKPOINTS)
    await asyncio.to_thread(_fill, database.engine(), crowd, activities)
    as_served.tune()
    alone = await tap_for(crowd, 5.0)
    running = Running(daily_totals.FOLLOWER)
    tapping = asyncio.create_task(tap_for(crowd, None))
    began, cpu = time.perf_counter(), time.process_time()
    taken = await running.catch_up()
    seconds = time.perf_counter() - began
    busy = (time.process_time() - cpu) / seconds
    tapping.cancel()
    beside = await tapping
    return {
        'taken': taken,
        'activities per second': taken / seconds,
        'share of a core': busy,
        'slice': running.pace.size,
        'taps beside it': len(beside),
        **{f'tap {name} p{p} ms': 1000 * percentile(waits, p)
           for name, waits in (('alone', alone), ('beside', beside)) for p in (50, 99)},
    }  # fmt: skip


async def tap_for(crowd: Crowd, seconds: float | None) -> list[float]:
    """Tap at a steady rate, for so long or until cancelled; returns how long each receipt took."""
    waits: list[float] = []
    pending: set[asyncio.Task[None]] = set()

    async def one(index: int) -> None:
        began = time.perf_counter()
        verb = Verb.COMPLETED if index % 2 else Verb.UNDONE
        tap = Tap(
            actor=crowd.learners[index % len(crowd.learners)],
            session_id=None,
            verb=verb,
            tap_id=uuid4().hex,
            checkpoint_id=crowd.checkpoints[index % len(crowd.checkpoints)],
        )
        await taps.take(tap)
        waits.append(time.perf_counter() - began)

    began, index = time.perf_counter(), 0
    try:
        while seconds is None or time.perf_counter() - began < seconds:
            index += 1
            task = asyncio.create_task(one(index))
            pending.add(task)
            task.add_done_callback(pending.discard)
            await asyncio.sleep(began + index * TAP_EVERY - time.perf_counter())
    except asyncio.CancelledError:
        pass
    await asyncio.gather(*pending)
    return waits


def _fill(engine: Engine, crowd: Crowd, number: int) -> None:
    with engine.begin() as connection:
        rows: list[dict[str, Any]] = []
        for row in _rows(crowd, number):
            rows.append(row)
            if len(rows) == 10_000:
                connection.execute(insert(table(Activity)), rows)
                rows = []
        if rows:
            connection.execute(insert(table(Activity)), rows)


def _rows(crowd: Crowd, number: int) -> Iterator[dict[str, Any]]:
    """Yield activities as a school makes them: many learners at once, some weeks long."""
    for index in range(number):
        at = AT + timedelta(seconds=index)
        yield {
            'user_id': crowd.learners[(index * 7) % LEARNERS].user_id,
            'tap_id': f'bench:{index}',
            'verb': VERBS[index % len(VERBS)],
            'course_id': crowd.course_id,
            'checkpoint_id': crowd.checkpoints[index % CHECKPOINTS],
            'mode': Mode.SELF_PACED,
            'words': '',
            'at': at,
            'happened_at': at,
            'local_date': at.date(),
            'local_hour': at.hour,
        }


async def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    try:
        found = await measure(activities=int(sys.argv[1]))
    finally:
        database.close()
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


if __name__ == '__main__':
    asyncio.run(main())
