"""What is due is done once, by one process at a time, whatever is killed meanwhile."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from models import Job, Throttle
from services import timed
from services.accounts import throttle
from services.accounts.first_step import sign_in
from services.core import clock, database, hub, jobs
from services.core.database import Database
from services.core.errors import NotFound, NotSaved, NotSignedIn, WrongPassword
from services.core.events import CourseChanged, PersonHidden
from services.core.jobs import Kind, Taken
from services.core.phrases import phrase, recalled
from tests.factories.people import a_student, an_admin, an_instructor, another_device, sign_out
from tests.support.eventually import PATIENCE, eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('O1'), pytest.mark.both_databases]

CHECKOUT = Path(__file__).parents[3]
MINUTE = timedelta(minutes=1)


class Done:
    """Work that notes what it was called with, and fails as often as it is told to."""

    def __init__(self, *problems: Exception) -> None:
        self.keys: list[str] = []
        self._problems = list(problems)

    async def __call__(self, key: str) -> None:
        self.keys.append(key)
        if self._problems:
            raise self._problems.pop(0)


def a_kind(work: Callable[[str], Awaitable[object]], *, repeats: timedelta | None = None, name: str = 'test') -> Kind:
    return Kind(name=name, work=work, repeats=repeats)


async def waiting() -> Sequence[Job]:
    return await database.read(lambda tx: tx.session.scalars(select(Job).order_by(Job.id)).all())  # type: ignore[arg-type]


async def put(*keys: str, name: str = 'test', after: timedelta = timedelta()) -> None:
    for key in keys:
        await database.write(jobs.put, name, key, due_at=clock.now() + after)


async def test_a_job_is_done_once_when_it_is_due() -> None:
    done = Done()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await put('later', after=MINUTE)
        await put('now')

        assert await jobs.run_due([a_kind(done)]) == 1
        travelling.shift(MINUTE)
        assert await jobs.run_due([a_kind(done)]) == 1
        assert await jobs.run_due([a_kind(done)]) == 0

    assert done.keys == ['now', 'later']
    assert await waiting() == []


async def test_a_job_that_is_put_twice_is_moved_and_one_that_is_put_while_it_runs_is_done_again() -> None:
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await put('moved')
        await put('moved', after=MINUTE)
        done = Done()
        assert await jobs.run_due([a_kind(done)]) == 0
        travelling.shift(MINUTE)

        async def puts_itself_once(key: str) -> None:
            await done(key)
            if len(done.keys) == 1:
                await put('moved', after=MINUTE)

        assert await jobs.run_due([a_kind(puts_itself_once)]) == 1
        travelling.shift(MINUTE)
        assert await jobs.run_due([a_kind(puts_itself_once)]) == 1
    assert await waiting() == []


async def test_what_repeats_is_due_again_after_a_while() -> None:
    done = Done()
    kind = a_kind(done, repeats=MINUTE)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        for _ in range(2):
            assert await jobs.run_due([kind]) == 1
            assert await jobs.run_due([kind]) == 0
            travelling.shift(MINUTE)

    (job,) = await waiting()
    assert (job.attempts, job.problem, job.lease_until) == (0, '', None)
    assert job.done_at is not None


async def test_what_fails_keeps_its_reason_and_waits_longer_each_time() -> None:
    full = OSError(28, 'No space left on device')
    done = Done(full, NotSaved('The database is away. Try again soon.'), ZeroDivisionError())
    kind = a_kind(done)
    reasons = []
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await put('x')
        for wait in 10, 20, 40:
            assert await jobs.run_due([kind]) == 1
            reasons.append(str(recalled((await waiting())[0].problem)))
            travelling.shift(wait - 1)
            assert await jobs.run_due([kind]) == 0
            travelling.shift(1)
        assert await jobs.run_due([kind]) == 1

    assert reasons == [
        'The system says: No space left on device.',
        'The database is away. Try again soon.',
        'It failed unexpectedly (ZeroDivisionError). The log of the server says where.',
    ]
    assert await waiting() == []


async def test_a_wait_is_never_longer_than_a_quarter_of_an_hour() -> None:
    done = Done(*(ZeroDivisionError() for _ in range(30)))
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await put('x')
        for _ in range(30):
            assert await jobs.run_due([a_kind(done)]) == 1
            travelling.shift(jobs.LONGEST_WAIT)


async def test_a_lease_keeps_others_away_until_it_runs_out() -> None:
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await put('x')
        first = await take('first')
        assert first
        assert await take('second') is None
        travelling.shift(jobs.LEASE / 2)
        assert await database.write(jobs.renew, first)
        travelling.shift(jobs.LEASE / 2)
        assert await take('second') is None
        travelling.shift(jobs.LEASE)

        second = await take('second')

        assert second
        assert not await database.write(jobs.renew, first)
        await database.write(jobs.finish, first, repeats=None)
        await database.write(jobs.put_off, first, phrase('It was too slow.'))
        (job,) = await waiting()
        assert (job.holder, job.problem, job.attempts) == ('second', '', 2)
        await database.write(jobs.finish, second, repeats=None)
    assert await waiting() == []


async def take(holder: str) -> Taken | None:
    return await database.write(jobs.take, 'test', holder)


async def test_a_process_that_ends_in_the_middle_lets_go_of_its_job() -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def work(_: str) -> None:
        begun.set()
        await never.wait()

    await put('long')
    running = jobs.start([a_kind(work)])
    await begun.wait()
    (held,) = await waiting()
    await jobs.end([running])

    (job,) = await waiting()
    assert running.cancelled(), 'nothing is left to do when the database is closed'
    assert held.lease_until is not None
    assert (job.lease_until, job.holder, job.attempts) == (None, '', 0)
    done = Done()
    assert await jobs.run_due([a_kind(done)]) == 1
    assert done.keys == ['long']


async def test_work_whose_lease_was_lost_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, 'LEASE', timedelta(seconds=0.03))
    stopped = asyncio.Event()

    async def hangs(_: str) -> None:
        await database.write(lambda tx: tx.execute(Job.__table__.update().values(holder='another')))  # type: ignore[attr-defined]
        try:
            await asyncio.sleep(3600)
        finally:
            stopped.set()

    await put('x')
    running = asyncio.create_task(jobs.run_due([a_kind(hangs)]))
    await asyncio.wait_for(stopped.wait(), PATIENCE)
    monkeypatch.setattr(jobs, 'LEASE', timedelta(hours=1))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_process_that_stood_still_after_it_took_a_job_does_not_begin_what_another_one_may_do() -> None:
    done = Done()
    await put('x')
    with time_machine.travel(clock.now(), tick=False) as travelling:
        taken = await take('stopped')
        assert taken
        travelling.shift(jobs.LEASE)
        assert await jobs.run_due([a_kind(done)]) == 1
        assert done.keys == ['x']
        await jobs._do(a_kind(done), taken)
    assert done.keys == ['x']
    assert await waiting() == []


async def a_child(url: str, how: str) -> Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-m', 'tests.support.jobs_child', url, how), stdin=PIPE, stdout=PIPE, cwd=CHECKOUT
    )
    assert process.stdout
    assert await process.stdout.readline() == b'ready\n'
    return process


async def test_two_processes_do_nothing_twice(url: str, db: Database) -> None:
    keys = [f'job {number}' for number in range(40)]
    await put(*keys)
    both = [await a_child(url, 'works') for _ in range(2)]

    said = await asyncio.gather(*(each.communicate(b'\n') for each in both))
    done = [out.decode().splitlines() for out, _ in said]

    assert [each.returncode for each in both] == [0, 0]
    assert sorted(done[0] + done[1]) == sorted(keys)
    assert await waiting() == []


async def test_a_process_that_was_killed_leaves_its_job_to_the_next(url: str, db: Database) -> None:
    await put('x')
    child = await a_child(url, 'hangs')
    assert child.stdin
    assert child.stdout
    child.stdin.write(b'\n')
    assert await child.stdout.readline() == b'x\n'
    child.kill()
    await child.wait()
    done = Done()

    assert await jobs.run_due([a_kind(done)]) == 0
    with time_machine.travel(clock.now() + jobs.LEASE + timedelta(seconds=1), tick=False):
        assert await jobs.run_due([a_kind(done)]) == 1

    assert done.keys == ['x']
    assert await waiting() == []


async def test_the_worker_does_what_is_due_and_hurries_when_asked_to() -> None:
    done, other = Done(), Done(ZeroDivisionError())
    await put('left by the last process')
    kinds = [a_kind(done), a_kind(done, repeats=timedelta(days=1), name='daily'), a_kind(other, name='other')]
    await put('fails', name='other')
    worker = jobs.start(kinds)
    await eventually(lambda: len(done.keys) == 2 and other.keys)
    assert set(done.keys) == {'left by the last process', ''}

    done.keys.clear()
    jobs.hurry('daily')
    await eventually(lambda: done.keys)

    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert done.keys == ['']


async def test_only_jobs_that_something_wakes_are_asked_at_each_tap() -> None:
    done, watching = Done(), len(hub._everywhere)
    hourly = timedelta(hours=1)
    woken = Kind(name='woken', work=done, repeats=hourly, woken_by=lambda event: isinstance(event, CourseChanged))
    worker = jobs.start([a_kind(Done(), name='other'), woken])
    await eventually(lambda: done.keys == [''])

    assert len(hub._everywhere) == watching + 1
    hub.publish([PersonHidden(course_id=1, user_id=1, hidden=True)])
    hub.publish([CourseChanged(course_id=1)])
    await eventually(lambda: done.keys == ['', ''])

    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
    assert len(hub._everywhere) == watching


async def test_every_goes_on_after_a_failure(server_log_lines: list[dict[str, object]]) -> None:
    times = 0

    async def fails_at_first() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise ZeroDivisionError

    task = jobs.every(0.001, 'looking', fails_at_first)
    await eventually(lambda: times > 2)
    task.cancel()

    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['looking failed']


async def test_an_admin_sees_what_waits_and_failed_and_has_it_tried_again() -> None:
    admin = await an_admin()
    done = Done(OSError(28, 'No space left on device'))
    await put('x', name='uploads')
    await put('y', name='classes', after=MINUTE)
    await jobs.run_due([a_kind(done, name='uploads')])

    failed, waits = await database.read(timed.of_school, admin)
    assert (str(failed.name), str(failed.problem)) == (
        'Clearing away files that no step uses',
        'The system says: No space left on device.',
    )
    assert (str(waits.name), str(waits.problem)) == ('Ending forgotten classes', '')
    assert await jobs.run_due([a_kind(done, name='uploads')]) == 0
    assert await database.write(timed.try_again, admin, failed.job_id) == 'uploads'
    assert await jobs.run_due([a_kind(done, name='uploads')]) == 1
    with pytest.raises(NotFound):
        await database.write(timed.try_again, admin, failed.job_id)


async def test_only_an_admin_sees_them() -> None:
    await put('x')
    gone = await another_device(of=await an_admin())
    await sign_out(actor=gone)

    for actor in await a_student(), await an_instructor(), gone, None:
        with pytest.raises((NotFound, NotSignedIn)):
            await database.read(timed.of_school, actor)
        with pytest.raises((NotFound, NotSignedIn)):
            await database.write(timed.try_again, actor, 1)
    assert (await waiting())[0].problem == ''


async def test_every_kind_has_a_name_on_screen_and_does_its_work() -> None:
    kinds = timed.kinds()

    assert {kind.name for kind in kinds} == set(timed.WORDS)
    assert await jobs.run_due(kinds) == len([kind for kind in kinds if kind.repeats]), 'others wait until they are put'
    assert {(job.problem, job.attempts) for job in await waiting()} == {('', 0)}


@pytest.mark.req('O7')
async def test_what_somebody_typed_at_the_door_is_forgotten() -> None:
    async def remembered() -> list[str]:
        return list(await database.read(lambda tx: tx.execute(select(Throttle.key)).scalars()))  # type: ignore[call-overload]

    with time_machine.travel(clock.now(), tick=False) as travelling:
        with pytest.raises(WrongPassword):
            await sign_in(email='typed@example.org', password='a guess', device='Phone')
        await jobs.run_due(timed.kinds())
        assert len(await remembered()) == 2
        assert not any('typed' in key for key in await remembered())
        travelling.shift(throttle.FORGOTTEN_AFTER + timedelta(seconds=1))
        await jobs.run_due(timed.kinds())
        assert await remembered() == []
