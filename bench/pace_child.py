"""Measures learning at one's own pace in the services alone: `python -m bench.pace_child <learners> <checkpoints>`.

It runs on the database of the settings, in a process of its own; its last line is JSON: figures by name.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import orjson

from bench import as_served
from bench.crowd import Crowd, open_with
from bench.figures import percentile
from models import Verb
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import database, server_log
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.live import rooms
from services.progress import counters
from services.progress.counters import Repair
from services.study import path, sessions, summary
from services.study.open_pages import SAVE_EVERY

MARKS = 300
LOOKS = 1_000
STUDYING = 500
QUIET = 0.015  # seconds between marks, so that none waits for the commit before it
TAP_EVERY = 0.004
BEAT = 0.001


@dataclass(slots=True)
class Meanwhile:
    """How others fared while something happened; in seconds."""

    waits: list[float] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    """of the event loop, beyond the beat"""


class Study:
    """The course, and people who do something in it."""

    def __init__(self, teacher: Actor, crowd: Crowd) -> None:
        self._teacher = teacher
        self._crowd = crowd
        self._next = 0

    async def mark(self) -> float:
        """Let the next learner complete their next checkpoint; returns the seconds it took."""
        index = self._next = self._next + 1
        checkpoint = self._crowd.checkpoints[self._crowd.done(index)]
        tap = Tap(
            actor=self._crowd.learners[index],
            session_id=None,
            verb=Verb.COMPLETED,
            tap_id=uuid4().hex,
            checkpoint_id=checkpoint,
        )
        began = time.perf_counter()
        await taps.take(tap)
        return time.perf_counter() - began

    @property
    def course_id(self) -> int:
        """The course."""
        return self._crowd.course_id

    async def look(self, query: Callable[[Transaction, Actor | None, int], object], index: int) -> float:
        """Let a learner ask for something of theirs; returns the seconds it took."""
        learner = self._crowd.learners[index * len(self._crowd.learners) // LOOKS]
        began = time.perf_counter()
        await database.read(query, learner, self.course_id)
        return time.perf_counter() - began

    async def study(self, index: int) -> float:
        """Let a learner give a sign of life on a page of theirs; returns the seconds it took."""
        learner, checkpoints = self._crowd.learners[index], self._crowd.checkpoints
        began = time.perf_counter()
        await database.write(sessions.beat, learner, checkpoints[index % len(checkpoints)])
        return time.perf_counter() - began

    async def recalculate(self) -> Repair:
        """Count everything again."""
        return await counters.recalculate(self._teacher, self.course_id)

    async def delete(self, index: int) -> None:
        """Delete a checkpoint."""
        await database.write(checkpoints.delete, self._teacher, self._crowd.checkpoints[index])

    @asynccontextmanager
    async def others(self) -> AsyncIterator[Meanwhile]:
        """Let others tap meanwhile, and watch how long they wait and how long the loop stands still."""
        meanwhile = Meanwhile()
        tapping = asyncio.create_task(self._tap(meanwhile))
        beating = asyncio.create_task(_beat(meanwhile))
        await asyncio.sleep(0.3)
        try:
            yield meanwhile
            await asyncio.sleep(1.0)
        finally:
            tapping.cancel()
            beating.cancel()
            await asyncio.gather(tapping, beating, return_exceptions=True)

    async def _tap(self, meanwhile: Meanwhile) -> None:
        async def one() -> None:
            meanwhile.waits.append(await self.mark())

        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(one())
                await asyncio.sleep(TAP_EVERY)


async def _beat(meanwhile: Meanwhile) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(BEAT)
        meanwhile.stops.append(time.perf_counter() - began - BEAT)


async def measure(learners: int, checkpoints: int) -> dict[str, float]:
    """Build the course and measure everything on it, with its room open, as when somebody looks at its grid."""
    study = Study(*await open_with(learners=learners, checkpoints=checkpoints))
    as_served.tune()
    found: dict[str, float] = {}
    marks = []
    for _ in range(MARKS):
        marks.append(await study.mark())
        await asyncio.sleep(QUIET)
    found['mark p50'], found['mark p95'] = percentile(marks, 50), percentile(marks, 95)
    for name, query in (('continue', path.continue_at), ('summary', summary.summary)):
        looks = [await study.look(query, index) for index in range(LOOKS)]
        found[f'{name} p50'], found[f'{name} p95'] = percentile(looks, 50), percentile(looks, 95)
    found |= await _study_time(study)
    watched = await rooms.enter(study.course_id)
    async with study.others() as meanwhile:
        began, board = time.perf_counter(), watched.board
        await study.delete(5)
        found['deletion'] = time.perf_counter() - began
        while watched.board is board:  # noqa: ASYNC110 - a fresh board has no event
            await asyncio.sleep(0.01)
        found['reload'] = time.perf_counter() - began
    found['wait'], found['stop'] = max(meanwhile.waits), max(meanwhile.stops)
    async with study.others() as meanwhile:
        began = time.perf_counter()
        repair = await study.recalculate()
        found['repair'] = time.perf_counter() - began
    assert repair.changed == 0, repair
    found['repair wait'] = max(meanwhile.waits)
    return found


async def _study_time(study: Study) -> dict[str, float]:
    """Let so many learners study for a while, each with a sign of life as often as a page saves them."""
    await asyncio.gather(*(study.study(index) for index in range(STUDYING)))
    began, cpu = time.perf_counter(), time.process_time()
    signs = []
    for index in range(STUDYING):
        signs.append(asyncio.create_task(study.study(index)))
        await asyncio.sleep(SAVE_EVERY.total_seconds() / STUDYING)
    waits = await asyncio.gather(*signs)
    share = (time.process_time() - cpu) / (time.perf_counter() - began)
    return {'sign p50': percentile(waits, 50), 'sign p95': percentile(waits, 95), 'sign cpu': share}


async def main() -> None:
    """Measure, and print."""
    server_log.set_up()
    try:
        found = await measure(learners=int(sys.argv[1]), checkpoints=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
