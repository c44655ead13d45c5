"""Measures the dashboards of a school: `python -m bench.dashboards_child <learners> <courses>`.

Each learner takes five courses, and the log has a hundred activities for each of them. It runs on the database of the
settings, which must be empty, in a process of its own; its last line is JSON, all times in seconds.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Engine

import migrations
from bench import as_served, raw_log, term, term_rows
from bench.build_school import staff
from bench.crowd import Crowd
from bench.figures import percentile
from bench.followers import tap_for
from bench.term import Term
from models import DailyTotal, table
from services import projections
from services.access import Actor
from services.accounts.sign_ins import Entered
from services.activity.following import Running
from services.analytics import choices, daily_totals, educator, learner, school, watch
from services.analytics.prediction import nightly
from services.core import clock, database, server_log
from services.core.transaction import Transaction
from services.courses import catalog
from services.enums import CheckpointKind
from services.people import joining
from services.reports.exports import school_months
from settings import settings
from ui.shell.request import COOKIE

NEWCOMER = 'Anna Newcomer'
LOOKS = 30
"""at each dashboard"""
PEER_LOOKS = 5
ALONE = 3.0
"""seconds of taps alone, to compare with"""
TIMES = 10
"""times as many activities, for which the dashboards are looked at again"""

Look = Callable[[Transaction, int], object]


async def measure(*, learners: int, courses: int) -> dict[str, Any]:
    """Make the school, count its totals while learners tap, and look at its dashboards; then at ten times as much."""
    engine, made, admin, teacher = await _build(learners, courses)
    as_served.tune()
    found: dict[str, float] = await _rebuild(made)
    await nightly.make_all()
    with engine.begin() as connection:
        connection.exec_driver_sql('ANALYZE')  # as PostgreSQL does by itself within a minute
    looks = _looks(made, admin)
    cpu = time.process_time()
    await database.read(looks['admin'], 0)
    found['admin first cpu'] = time.process_time() - cpu
    for name, look in looks.items():
        waits, work = await _timed(look)
        found |= {f'{name} p50': percentile(waits, 50), f'{name} p95': percentile(waits, 95)}
        found |= {f'{name} cpu': percentile(work, 50), f'{name} cpu p95': percentile(work, 95)}
    found |= await _time_of_all_courses(admin)
    peers = _peers(engine, made)
    for name, ask in peers.items():
        found[f'peer {name} cpu'] = percentile([await _cpu(ask, number) for number in range(PEER_LOOKS)], 50)
    _grow(engine)
    for name, look in looks.items():
        _, work = await _timed(look)
        found[f'{name} growth'] = percentile(work, 50) / found[f'{name} cpu']
    return {'figures': found, **await _for_browsers(made, teacher)}


async def _build(learners: int, courses: int) -> tuple[Engine, Term, Actor, Entered]:
    url = settings().database_url
    migrations.upgrade(url)
    engine = database.open_at(url, projections.ALL).engines.writing
    admin, teacher = await staff()
    made = await term.plan(teacher.actor, learners=learners, courses=courses, now=clock.now())
    await asyncio.get_running_loop().run_in_executor(None, term_rows.write, engine, made)
    return engine, made, admin.actor, teacher


async def _for_browsers(made: Term, teacher: Entered) -> dict[str, Any]:
    """Return a course, who teaches it, and a learner who has just come and has done nothing yet."""
    course_id = next(iter(made.courses))
    code = (await database.read(catalog.facts, teacher.actor, course_id)).code
    joined = await database.write(joining.join_as_guest, code=code, name=NEWCOMER, device='bench')
    assert joined.entered is not None
    return {
        'course_id': course_id,
        'teacher': {COOKIE: teacher.token},
        'newcomer': {COOKIE: joined.entered.token},
    }


async def _rebuild(made: Term) -> dict[str, float]:
    """Count all totals from the log while fifty taps a second go on."""
    course_id, checkpoints = next(iter(made.courses.items()))
    there = [who for index, who in enumerate(made.learners) if course_id in made.taken(index)]
    marked = (
        checkpoint for place, checkpoint in enumerate(checkpoints) if term.kind_at(place) is CheckpointKind.MARKER
    )
    crowd = Crowd(course_id=course_id, checkpoints=tuple(marked), learners=tuple(there))
    alone = await tap_for(crowd, ALONE)
    tapping = asyncio.create_task(tap_for(crowd, None))
    began, cpu = time.perf_counter(), time.process_time()
    taken = await Running(daily_totals.FOLLOWER).catch_up()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    tapping.cancel()
    beside = await tapping
    return {
        'activities': taken,
        'rebuild': seconds,
        'rebuild cpu': cpu,
        'tap alone p99': percentile(alone, 99),
        'tap beside p50': percentile(beside, 50),
        'tap beside p99': percentile(beside, 99),
    }


def _looks(made: Term, admin: Actor) -> dict[str, Look]:
    """Return what each page reads, with the number of the look."""
    ids = list(made.courses)

    def course(tx: Transaction, number: int) -> object:
        course_id = ids[number % len(ids)]
        figures = educator.of_course(tx, made.teacher, course_id)
        watched = watch.of_course(
            tx, made.teacher, course_id, title=figures.title, rows=figures.matrix, needs=figures.needs
        )
        return figures, watched, choices.done(tx, made.teacher, course_id)

    def own(tx: Transaction, number: int) -> object:
        index = number * 7 % len(made.learners)
        taken = made.taken(index)
        return learner.own(tx, made.learners[index], taken[number % len(taken)])

    return {'educator': course, 'learner': own, 'admin': lambda tx, _: school.of_school(tx, admin)}


async def _timed(look: Look) -> tuple[list[float], list[float]]:
    """Look so many times; returns how long each took, and how much of that was work of this process."""
    waits, work = [], []
    for number in range(-3, LOOKS):
        began, cpu = time.perf_counter(), time.process_time()
        await database.read(look, number)
        if number >= 0:  # the first ones compile statements
            waits.append(time.perf_counter() - began)
            work.append(time.process_time() - cpu)
    return waits, work


async def _time_of_all_courses(admin: Actor) -> dict[str, float]:
    """Read `/school/time` for a year: one course after the other."""
    began, cpu = time.perf_counter(), time.process_time()
    await school_months.of_school(admin, since=(clock.now() - timedelta(days=330)).date())
    return {'school time': time.perf_counter() - began, 'school time cpu': time.process_time() - cpu}


def _peers(engine: Engine, made: Term) -> dict[str, Callable[[int], object]]:
    log, ids, today = raw_log.RawLog(engine=engine), list(made.courses), clock.now().date()
    return {
        'educator': lambda number: log.educator(ids[number % len(ids)], today),
        'learner': lambda number: log.learner(made.taken(number)[0], made.learners[number].user_id),
        'admin': lambda _: log.school(today),
    }


async def _cpu(ask: Callable[[int], object], number: int) -> float:
    cpu = time.process_time()
    await asyncio.get_running_loop().run_in_executor(None, ask, number)
    return time.process_time() - cpu


def _grow(engine: Engine) -> None:
    """Let there have been nine such terms before, in what the dashboards could read of them: the daily totals."""
    names = ', '.join(table(DailyTotal).columns.keys())
    with engine.connect() as connection:
        is_postgres = engine.dialect.name == 'postgresql'
        if is_postgres:  # that the learners are there was checked when the first term was counted
            connection.exec_driver_sql('SET LOCAL session_replication_role = replica')
        first = connection.exec_driver_sql('SELECT min(local_date) FROM daily_totals').scalar()
        for number in range(1, TIMES):
            # a week more than the term has: today, when learners have just tapped, is a day of it as well
            days = (term.WEEKS + 1) * 7 * number
            earlier = f'local_date - {days}' if is_postgres else f"date(local_date, '-{days} days')"
            connection.exec_driver_sql(
                f'INSERT INTO daily_totals ({names}) SELECT {names.replace("local_date", earlier)}'
                f" FROM daily_totals WHERE local_date >= '{first}'"
            )
        connection.exec_driver_sql('ANALYZE')
        connection.commit()


async def main() -> None:
    """Measure, and print."""
    server_log.set_up('ERROR')
    try:
        found = await measure(learners=int(sys.argv[1]), courses=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
