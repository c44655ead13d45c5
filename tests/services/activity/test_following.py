"""Followers of the log: nothing is skipped and nothing is taken twice, whatever is killed and however many follow."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, DailyTotal, DayPart, FollowerState, Verb
from services import projections, verify
from services.activity import following, recording
from services.activity.following import Follower, Lag, Pace, Running
from services.activity.log import Entry
from services.analytics import daily_totals
from services.core import database, hub
from services.core.events import Recorded
from services.core.transaction import Transaction
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, tap, undo
from tests.factories.study import arrive, beat, leave
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('N1')]

ROUNDS = 20
CHECKOUT = Path(__file__).parents[3]
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_a_day_is_summed_by_kind_and_part_of_the_day() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class()
        checkpoint = klass.checkpoints[0]
        await tap(klass, checkpoint)
        await undo(klass, checkpoint)
        await arrive(klass.learner, checkpoint)
        clock.shift(100)
        await beat(klass.learner, checkpoint)
        await leave(klass.learner, klass.course_id)
        clock.move_to(MORNING + timedelta(hours=10))
        await arrive(klass.learner, checkpoint)
        clock.shift(60)
        await beat(klass.learner, checkpoint)
        await leave(klass.learner, klass.course_id)

    await Running(daily_totals.FOLLOWER).catch_up()

    rows = await totals(klass.learner.user_id)
    day = MORNING.date()
    assert (day, Verb.STUDIED, DayPart.MORNING, 1, 100, 1) in rows
    assert (day, Verb.STUDIED, DayPart.EVENING, 1, 60, 1) in rows
    counts = {(verb, count) for on, verb, _, count, *_ in rows if on == day}
    assert counts >= {(Verb.SIGNED_IN, 1), (Verb.COMPLETED, 1), (Verb.UNDONE, 1)}
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_each_activity_is_taken_once_and_in_order() -> None:
    klass = await a_class()
    taken: list[int] = []
    follower = Follower(name='dummy', take=lambda _tx, some: taken.extend(each.id for each in some), clear=nothing)
    running = Running(follower)
    await running.catch_up()
    await tap(klass, klass.checkpoints[0])

    assert await running.catch_up() > 0
    assert await running.catch_up() == 0

    ids = await database.read(
        lambda tx: tx.execute(select(col(Activity.id)).order_by(col(Activity.id))).scalars().all()
    )
    assert taken == ids


async def test_two_processes_at_once_take_nothing_twice() -> None:
    klass = await a_class()
    await many(klass, 300)
    both = Running(daily_totals.FOLLOWER), Running(daily_totals.FOLLOWER)

    taken = await asyncio.gather(*(each.catch_up() for each in both))

    assert sum(taken) == await length()
    await assert_log_and_projections_agree()


async def test_who_takes_over_waits_until_the_lease_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    first, second = Running(daily_totals.FOLLOWER), Running(daily_totals.FOLLOWER)
    await first.catch_up()
    await tap(klass, klass.checkpoints[0])

    assert await second.catch_up() == 0
    monkeypatch.setattr(following, 'LEASE', timedelta())
    assert await first.catch_up() > 0
    await tap(klass, klass.checkpoints[1])
    assert await second.catch_up() > 0
    await assert_log_and_projections_agree()


@pytest.mark.req('O2')
async def test_who_does_not_have_the_lease_waits_for_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each process that shows a class would ask the database twenty times a second for nothing."""
    klass = await a_class()
    here, elsewhere = Running(daily_totals.FOLLOWER), Running(daily_totals.FOLLOWER)
    await elsewhere.catch_up()
    await tap(klass, klass.checkpoints[0])
    await here.catch_up()
    assert 0 < here.held_for <= following.LEASE.total_seconds()
    await give_lease('')
    await here.catch_up()
    assert here.held_for == 0

    looks: Counter[str] = Counter()

    async def counted(running: Running, *, in_this_turn: bool) -> int:
        looks[running.follower.name] += in_this_turn
        running.held_for = 1_000.0 if running.follower.name == 'held' else 0.0
        return 0

    monkeypatch.setattr(Running, 'catch_up', counted)
    monkeypatch.setattr(following, 'LOOK_EVERY', 0.001)
    tasks = following.start([replace(daily_totals.FOLLOWER, name=name) for name in ('held', 'free')])
    for number in range(2, 5):
        await tap(klass, klass.checkpoints[number % 2])
        await eventually(partial(reached, looks, 'free', number))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert looks['held'] == 1


async def test_followers_look_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []

    async def note(running: Running) -> None:
        turns.append(running.turn)

    monkeypatch.setattr(Running, 'keep_following', note)
    await asyncio.gather(*following.start([daily_totals.FOLLOWER] * 5))

    for late in (0.0, 0.013, 1.7, 86_400.0):  # the same commit has let them all go on at this moment
        waits = sorted(following.until_turn(turn, turns[0] + late) for turn in turns)
        apart = [after - before for before, after in pairwise(waits)]
        assert apart == pytest.approx([following.LOOK_EVERY / 5] * 4, abs=1e-6)
        assert 0 < waits[0] <= waits[-1] <= following.LOOK_EVERY


async def test_where_nothing_happens_it_looks_seldom_and_after_a_tap_at_its_next_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []
    as_shipped = Running.catch_up

    async def counted(running: Running, *, in_this_turn: bool) -> int:
        looks.append(await as_shipped(running, in_this_turn=in_this_turn))
        return looks[-1]

    monkeypatch.setattr(Running, 'catch_up', counted)
    monkeypatch.setattr(following, 'LOOK_EVERY', 0.001)
    monkeypatch.setattr(following, 'UNTOLD', 1_000_000)
    klass = await a_class()
    (task,) = following.start([daily_totals.FOLLOWER])
    await eventually(lambda: looks)
    assert sum(looks) > 0, 'what was there before is looked for at once'
    assert len(looks) == 1

    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: len(looks) > 1 and looks[-1])
    task.cancel()
    await asyncio.wait([task])
    assert not hub._everywhere, 'nobody is told any more'


@pytest.mark.both_databases
async def test_what_comes_during_a_turn_waits_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a class taps there is always more: each tap would have a slice, and a commit, of its own."""
    klass = await a_class()
    taken: list[int] = []
    follower = Follower(name='dummy', take=lambda _tx, some: taken.append(len(some)), clear=nothing)
    running = Running(follower)
    await running.catch_up()
    running.pace.size = 100
    await many(klass, 130)
    read = database.read

    async def read_and_tap(*asked: object) -> object:
        found = await read(*asked)  # type: ignore[arg-type]
        await many(klass, 2)
        return found

    monkeypatch.setattr(following.database, 'read', read_and_tap)
    taken.clear()
    monkeypatch.setattr(Pace, 'took', lambda *_: None)

    assert await running.catch_up(in_this_turn=True) == 132
    assert taken == [100, 32], 'two came while the first slice was read'
    assert await running.catch_up(in_this_turn=True) == 2


@pytest.mark.both_databases
async def test_only_on_a_long_way_the_writer_is_held_longer() -> None:
    running = Running(daily_totals.FOLLOWER)
    pace = running.pace
    for _ in range(20):
        pace.took(100, following.SLICE_SECONDS)
    usual = pace.size
    for _ in range(following.LONG_WAY // 100):
        pace.took(100, following.SLICE_SECONDS)
    assert pace.size > 3 * usual, 'whose slices are short spends most of a long way on beginning them'

    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    await running.catch_up()
    pace.took(100, following.SLICE_SECONDS)
    assert pace.size < 3 * usual, 'and what comes by the way is taken in short ones again'


async def test_a_slice_that_fails_leaves_no_trace_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    monkeypatch.setattr(following, 'LOOK_EVERY', 0.01)
    monkeypatch.setattr(following, 'AGAIN_AFTER', 0.01)
    await Running(daily_totals.FOLLOWER).catch_up()
    await tap(klass, klass.checkpoints[0])
    before = await totals(klass.learner.user_id)

    def break_down(tx: Transaction, some: list[Recorded]) -> None:
        daily_totals.take(tx, some)
        raise ValueError('out of luck')

    broken = Running(Follower(name=daily_totals.FOLLOWER.name, take=break_down, clear=nothing))
    await give_lease(broken.name)
    with pytest.raises(ValueError, match='out of luck'):
        await broken.catch_up()
    await broken._note(ValueError('out of luck'))

    assert await totals(klass.learner.user_id) == before
    (lag,) = await lags()
    assert lag.behind > 0
    assert lag.problem == 'ValueError: out of luck'


@pytest.mark.both_databases
async def test_it_is_made_anew_while_the_school_is_open() -> None:
    klass = await a_class()
    await many(klass, 50)
    running = Running(daily_totals.FOLLOWER)
    await running.catch_up()
    await database.write(spoil)

    await database.write(following.rebuild, daily_totals.FOLLOWER)
    (lag,) = await lags()
    assert lag.is_clearing
    assert lag.behind >= await length()
    await tap(klass, klass.checkpoints[0])
    await running.catch_up()

    assert [(each.behind, each.is_clearing) for each in await lags()] == [(0, False)]
    await assert_log_and_projections_agree()


async def test_what_was_spoiled_is_found(db: object) -> None:
    await a_class()
    await Running(daily_totals.FOLLOWER).catch_up()
    await database.write(spoil)

    (line,) = await database.read(verify.differences)
    assert line.startswith('daily total')


async def test_killed_in_the_middle_of_a_slice_nothing_is_skipped_or_doubled(url: str) -> None:
    klass = await a_class()
    dice = random.Random(url)
    child = a_child(url)
    positions: list[int] = []
    try:
        for _ in range(ROUNDS):
            await many(klass, 200)
            await give_lease('')
            database.close()
            kill_while_it_follows(child, dice.randrange(1, 20), dice.random() / 100)
            database.open_at(url, projections.ALL)
            (lag,) = await lags()
            positions.append(lag.position)
            await assert_log_and_projections_agree()
    finally:
        child.kill()
        child.communicate()

    assert len(set(positions)) > ROUNDS / 2, 'it must have come somewhere in most rounds'
    await give_lease('')
    await Running(daily_totals.FOLLOWER).catch_up()
    assert sum(each.count for each in await all_totals()) == await length()
    await assert_log_and_projections_agree()


def reached(looks: Counter[str], name: str, number: int) -> bool:
    return looks[name] >= number


def a_child(url: str) -> 'subprocess.Popen[bytes]':
    return subprocess.Popen(
        [sys.executable, '-m', 'tests.support.follower_child', url],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def kill_while_it_follows(child: 'subprocess.Popen[bytes]', slices: int, moment: float) -> None:
    """Kill it a moment after it has begun so many slices."""
    assert child.stdin
    assert child.stdout
    child.stdin.write(b'go\n')
    child.stdin.flush()
    pid = int(child.stdout.readline())
    begun = [child.stdout.readline() for _ in range(slices)]
    time.sleep(moment)  # so that it dies at any point of a slice
    os.kill(pid, signal.SIGKILL)
    begun += iter(child.stdout.readline, b'dead\n')
    assert set(begun) == {b'slice\n'}


async def many(klass: ClassAtHand, number: int) -> None:
    entries = [
        Entry(
            user_id=klass.learner.user_id,
            tap_id=uuid4().hex,
            verb=Verb.READ,
            course_id=klass.course_id,
            happened_at=MORNING + timedelta(hours=7 * index),
        )
        for index in range(number)
    ]
    await database.write(recording.record, entries)


async def totals(user_id: int) -> list[tuple[date, Verb, DayPart, int, int, int]]:
    return [
        (row.local_date, row.verb, row.part, row.count, row.seconds, row.sessions)
        for row in await all_totals()
        if row.user_id == user_id
    ]


async def all_totals() -> list[DailyTotal]:
    return await database.read(lambda tx: list(tx.session.scalars(select(DailyTotal))))


async def length() -> int:
    return await database.read(lambda tx: tx.execute(select(func.count(col(Activity.id)))).scalar_one())


async def lags() -> list[Lag]:
    return await database.read(following.lags, [daily_totals.FOLLOWER])


async def give_lease(to: str) -> None:
    """Let another process have the lease."""

    def give(tx: Transaction) -> None:
        for state in tx.session.scalars(select(FollowerState)):
            state.leased_by = to
            state.leased_until = state.leased_until if to else None
            tx.session.add(state)

    await database.write(give)


def spoil(tx: Transaction) -> None:
    row = tx.session.scalars(select(DailyTotal)).first()
    assert row
    row.count += 1
    tx.session.add(row)


def nothing(_tx: Transaction) -> bool:
    return False
