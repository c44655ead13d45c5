"""Measures what follows a tap: `python -m bench.motivation_child <seconds>`, on an empty database of the settings.

A thousand learners have learned on six days in a row, so that the first tap of each earns a badge. Half of them tap
while nobody follows the log, the others while everything does: points, badges, notices, totals. Its last line is JSON.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import func, insert, select
from sqlmodel import col

from bench import as_served
from bench.crowd import Crowd, open_with
from bench.figures import percentile
from models import Activity, FollowerState, Mode, Verb, table
from services import followers
from services.access import Actor
from services.activity import following, taps
from services.activity.following import Running
from services.activity.taps import Tap
from services.core import clock, database, hub, server_log
from services.core.events import Event, Recorded
from services.core.transaction import Transaction
from services.motivation import moments

LEARNERS, CHECKPOINTS = 1_000, 40
PER_SECOND = 200
DAYS_BEFORE = 6
LOOK_EVERY = 0.05
PATIENCE = 20.0
FRIDAY = 4


class Screens:
    """The learners who wait for a congratulation: when each began to tap, and how long it took to come."""

    def __init__(self, learners: Sequence[Actor]) -> None:
        self.began: dict[int, float] = {}
        self.waits: dict[int, float] = {}
        self._actors = {who.user_id: who for who in learners}
        self._looking: set[asyncio.Task[None]] = set()

    def happened(self, events: Sequence[Event]) -> None:
        """Look for a moment as a page does when a badge was earned."""
        for event in events:
            if isinstance(event, Recorded) and event.verb is Verb.BADGE_EARNED and event.user_id in self.began:
                task = asyncio.create_task(self._look(event.user_id))
                self._looking.add(task)
                task.add_done_callback(self._looking.discard)

    async def all_seen(self, seconds: float) -> None:
        """Wait until everybody who has tapped was congratulated, or for so long."""
        for _ in range(int(seconds / LOOK_EVERY)):
            if len(self.waits) == len(self.began):
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self, user_id: int) -> None:
        if await database.write(moments.take, self._actors[user_id]):
            self.waits.setdefault(user_id, time.perf_counter() - self.began[user_id])


async def measure(seconds: float) -> dict[str, float]:
    """Return the figures: taps alone, taps with all followers, how far those are behind, and when a badge is seen."""
    _, crowd = await open_with(learners=LEARNERS, checkpoints=CHECKPOINTS)
    engine = database.engine()
    await asyncio.to_thread(_fill, engine, crowd)
    for each in followers.ALL:
        await Running(each).catch_up()
    await _let_go()
    as_served.tune()
    half = LEARNERS // 2
    cpu = time.process_time()
    alone = await tap_for(crowd, range(half), seconds)
    cpu_alone = (time.process_time() - cpu) / seconds
    for each in followers.ALL:
        await Running(each).catch_up()
    await _let_go()

    screens = Screens(crowd.learners)
    stop = hub.watch_everywhere(screens.happened)
    running = following.start(followers.ALL)
    looks: list[Look] = []
    looking = asyncio.create_task(_look_at_followers(looks))
    cpu = time.process_time()
    beside = await tap_for(crowd, range(half, LEARNERS), seconds, screens)
    cpu_beside = (time.process_time() - cpu) / seconds
    await screens.all_seen(PATIENCE)
    for task in (looking, *running):
        task.cancel()
    await asyncio.gather(looking, *running, return_exceptions=True)
    stop()
    lags = sorted(_lags(looks)) or [0.0]
    waits = sorted(screens.waits.values())
    return {
        'taps': len(beside),
        'badges': len(waits),
        'badges missing': len(screens.began) - len(waits),
        'badge p50': percentile(waits, 50),
        'badge p99': percentile(waits, 99),
        'lag p50': percentile(lags, 50),
        'lag most': lags[-1],
        'cpu alone': cpu_alone,
        'cpu': cpu_beside,
        **{
            f'receipt {name} p{p}': percentile(waits, p)
            for name, waits in (('alone', alone), ('beside', beside))
            for p in (50, 99)
        },
    }


async def tap_for(crowd: Crowd, who: range, seconds: float, screens: Screens | None = None) -> list[float]:
    """Let some learners tap in turn at a steady rate; returns how long each receipt took."""
    waits: list[float] = []
    pending: set[asyncio.Task[None]] = set()

    async def one(index: int, verb: Verb) -> None:
        actor, began = crowd.learners[index], time.perf_counter()
        if screens:
            screens.began.setdefault(actor.user_id, began)
        checkpoint = crowd.checkpoints[crowd.done(index)]
        await taps.take(Tap(actor=actor, session_id=None, verb=verb, tap_id=uuid4().hex, checkpoint_id=checkpoint))
        waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    for number in range(int(seconds * PER_SECOND)):
        turn, place = divmod(number, len(who))
        task = asyncio.create_task(one(who[place], Verb.UNDONE if turn % 2 else Verb.COMPLETED))
        pending.add(task)
        task.add_done_callback(pending.discard)
        await asyncio.sleep(began + (number + 1) / PER_SECOND - time.perf_counter())
    await asyncio.gather(*pending)
    return waits


Look = tuple[float, int, tuple[int, ...]]
"""(moment, newest id of the log, the position of each follower)"""


async def _look_at_followers(looks: list[Look]) -> None:
    while True:
        newest, positions = await database.read(_positions)
        looks.append((time.perf_counter(), newest, positions))
        await asyncio.sleep(LOOK_EVERY)


def _positions(tx: Transaction) -> tuple[int, tuple[int, ...]]:
    newest = tx.execute(select(func.max(col(Activity.id)))).scalar() or 0
    names = [each.name for each in followers.ALL]
    found = tx.execute(select(col(FollowerState.position)).where(col(FollowerState.name).in_(names)))
    return newest, tuple(found.scalars())


def _lags(looks: Sequence[Look]) -> Iterator[float]:
    """Yield for each look how old the oldest activity is that a follower has not taken."""
    for at, newest, positions in looks:
        oldest = min(positions, default=newest)
        if oldest < newest:
            yield at - next(moment for moment, known, _ in looks if known > oldest)
        else:
            yield 0.0


async def _let_go() -> None:
    """Let the followers be moved by others again, as after a restart."""
    await database.write(_end_leases)


def _end_leases(tx: Transaction) -> None:
    for state in tx.session.scalars(select(FollowerState)):
        state.leased_by, state.leased_until = '', None
        tx.session.add(state)


def _fill(engine: Any, crowd: Crowd) -> None:
    """Write the days before: each learner has joined a class on each of them."""
    with engine.begin() as connection:
        connection.execute(
            insert(table(Activity)),
            [
                {
                    'user_id': who.user_id,
                    'tap_id': f'bench:{at.date()}',
                    'verb': Verb.COMPLETED,
                    'course_id': crowd.course_id,
                    'checkpoint_id': crowd.checkpoints[crowd.done(index)],
                    'mode': Mode.SELF_PACED,
                    'words': '',
                    'at': at,
                    'happened_at': at,
                    'local_date': at.date(),
                    'local_hour': at.hour,
                }
                for at in _days_before(clock.now())
                for index, who in enumerate(crowd.learners)
            ],
        )


def _days_before(now: datetime) -> list[datetime]:
    """Return the last school days before today, oldest first."""
    days = [now - timedelta(days=number) for number in range(1, 2 * DAYS_BEFORE)]
    return [day for day in days if day.weekday() <= FRIDAY][:DAYS_BEFORE][::-1]


async def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    try:
        found = await measure(float(sys.argv[1]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
