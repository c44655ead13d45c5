"""Measures a night of predictions: `python -m bench.night_child <learners> <courses>`.

Everybody takes every course. It runs on the database of the settings, in a process of its own; its last line is JSON:
seconds, megabytes, and for how long the event loop stood still at most.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine, update

import migrations
from bench import as_served
from bench.build_school import instructor
from bench.crowd import write_rows
from models import Checkpoint, Course, Enrollment, Mode, PredictionRun, Progress, User, table
from services import projections
from services.analytics.prediction import nightly
from services.core import database, server_log
from services.courses import catalog, checkpoints, outline
from settings import settings

CHECKPOINTS = 24
BEAT = 0.001
FIRST = 10_000
"""the id of the first learner"""


async def measure(*, learners: int, courses: int) -> dict[str, float]:
    """Build the school, and predict for all of it twice: at first everything is new, then nothing."""
    url = settings().database_url
    migrations.upgrade(url)
    opened = database.open_at(url, projections.ALL)
    teacher = (await instructor()).actor
    now = datetime.now(UTC)
    for number in range(courses):
        course_id = await database.write(catalog.create, teacher, title=f'Course {number}')
        (section,) = await database.read(outline.sections, teacher, course_id)
        lines = '\n'.join(f'Step {checkpoint}' for checkpoint in range(CHECKPOINTS))
        ids = await database.write(checkpoints.add, teacher, section.module_id, lines=lines)
        await asyncio.get_running_loop().run_in_executor(
            None, _fill, opened.engines.writing, course_id, ids, learners, number == 0, now
        )
    as_served.tune()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time()
    first, first_stop = await _night()
    cpu = time.process_time() - cpu
    with opened.engines.writing.connect() as connection:
        connection.execute(update(table(PredictionRun)).values(made_at=now - timedelta(days=2)))
        connection.commit()
    second, second_stop = await _night()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        'first': first,
        'cpu': cpu,
        'second': second,
        'stop': max(first_stop, second_stop),
        'memory': memory,
        'memory before': before,
    }


async def _night() -> tuple[float, float]:
    stops: list[float] = []
    beating = asyncio.create_task(_beat(stops))
    began = time.perf_counter()
    await nightly.make_all()
    seconds = time.perf_counter() - began
    beating.cancel()
    return seconds, max(stops)


async def _beat(stops: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(BEAT)
        stops.append(time.perf_counter() - began - BEAT)


def _fill(
    engine: Engine, course_id: int, checkpoints: list[int], learners: int, with_people: bool, now: datetime
) -> None:
    """Let everybody take a course whose checkpoints are due one a week, half of them until now."""
    begins = now - timedelta(weeks=CHECKPOINTS // 2)
    people = range(FIRST, FIRST + learners)
    with engine.connect() as connection:
        for number, checkpoint in enumerate(checkpoints):
            due = {'due_at': begins + timedelta(weeks=number + 1)}
            connection.execute(update(table(Checkpoint)).where(table(Checkpoint).c.id == checkpoint).values(**due))
        connection.execute(update(table(Course)).where(table(Course).c.id == course_id).values(counted=CHECKPOINTS))
        connection.commit()
    if with_people:
        write_rows(engine, User, ({
            'id': who, 'name': f'Learner {who}', 'plain_name': f'learner {who}', 'role': 'student',
            'created_at': begins, 'updated_at': begins,
        } for who in people))  # fmt: skip
    write_rows(engine, Enrollment, ({
        'course_id': course_id, 'user_id': who, 'enrolled_at': begins, 'done': _done(who), 'percent': 0,
        'is_hidden': False, 'weekly_goal': 5, 'extra_percent': 0, 'custom': '{}',
    } for who in people))  # fmt: skip
    write_rows(engine, Progress, _progress(course_id, checkpoints, people, begins))


def _done(who: int) -> int:
    """How many checkpoints a learner has done: most are with the course, one in three is behind."""
    return CHECKPOINTS // 2 + who % 3 if who % 3 else who % (CHECKPOINTS // 2) + 1


def _progress(course_id: int, checkpoints: list[int], people: range, begins: datetime) -> Iterator[dict[str, Any]]:
    for who in people:
        for number in range(_done(who)):
            at = begins + timedelta(weeks=number, days=who % 9)
            yield {
                'user_id': who, 'course_id': course_id, 'checkpoint_id': checkpoints[number],
                'mode': Mode.SELF_PACED.value, 'started_at': at, 'completed_at': at, 'duration_seconds': 0,
            }  # fmt: skip


async def main() -> None:
    """Measure, and print."""
    server_log.set_up()
    try:
        found = await measure(learners=int(sys.argv[1]), courses=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
