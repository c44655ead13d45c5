"""Work that is done later or again and again: rows in one table, each taken by one process at a time.

`start` runs the kinds of jobs that a process knows. A job is taken with a lease, done outside of any transaction, and
finished; a process that was killed lets its lease run out, and another one does the job. So the work itself must bear
to be begun again: what it has done already, it finds in its own tables.

`every` is for what belongs to one process, such as looking after its connections: it leaves no row.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import Job
from models import table as table_of
from services.core import clock, database, hub, server_log
from services.core.errors import DomainError
from services.core.events import Event
from services.core.phrases import Phrase, phrase, stored
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

LEASE = timedelta(seconds=30)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
LOOK_EVERY = 15.0
"""seconds after which a process looks at the latest for what is due, as another process may have put it there"""
SOON = 0.05
"""seconds after which it looks again where another process was faster"""
LONGEST_PROBLEM = 280
LAST_MOMENT = 1.0
"""seconds for letting go of jobs when the process ends; a database that does not answer is not waited for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of job: what it is called, what it does with a key, and how often if it repeats."""

    name: str
    work: Callable[[str], Awaitable[object]]
    repeats: timedelta | None = None
    woken_by: Callable[[Event], bool] | None = None
    """what happens in this process that lets a repeating job be done at once"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A job that this process holds."""

    job_id: int
    key: str
    holder: str
    due_at: datetime
    attempts: int
    until: datetime
    """how long it is held, unless `renew` says otherwise"""


def every(
    seconds: float, name: str, work: Callable[[], Awaitable[object]], *, at_once: bool = True
) -> asyncio.Task[None]:
    """Do something now and every few seconds until the task is cancelled; a failure is written to the server log."""

    async def keep_doing() -> None:
        if not at_once:
            await asyncio.sleep(seconds)
        while True:
            server_log.begin_request()
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next time it may work
                server_log.write_problem(f'{name} failed', error)
            await asyncio.sleep(seconds)

    return asyncio.get_running_loop().create_task(keep_doing(), name=name)


def start(kinds: Sequence[Kind]) -> asyncio.Task[None]:
    """Do the jobs of these kinds from now on, each kind beside the others, until the task is cancelled."""
    return asyncio.get_running_loop().create_task(_run_all(kinds), name='jobs')


async def end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """End what this module has started, and wait for a moment until jobs that were begun are let go of."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=LAST_MOMENT)


async def run_due(kinds: Sequence[Kind]) -> int:
    """Do all jobs of these kinds that are due now; returns how many were tried."""
    return sum([(await _run(kind))[0] for kind in kinds])


def put(tx: Transaction, kind: str, key: str, *, due_at: datetime) -> None:
    """Have a job done at a moment; one that waits already is moved there."""
    values = _fresh(kind, key, due_at)
    moved = {'due_at': due_at, 'attempts': 0, 'problem': ''}
    dialect = sqlite if tx.connection.dialect.name == 'sqlite' else postgresql
    tx.execute(dialect.insert(_jobs).values(**values).on_conflict_do_update(index_elements=['kind', 'key'], set_=moved))


def hurry(name: str) -> None:
    """Let this process look at once for jobs of a kind, and do the repeating one of them now."""
    for event in _hurried.get(name, ()):
        event.set()


def try_again(tx: Transaction, job_id: int) -> str | None:
    """Make a job due now that has failed; returns its kind, or None if there is no such job."""
    job = tx.session.get(Job, job_id)
    if job is None:
        return None
    job.due_at, job.attempts = tx.now, 0
    tx.session.add(job)
    return job.kind


def take(tx: Transaction, kind: str, holder: str, *, hurry: bool = False) -> Taken | None:
    """Take the job of a kind that has been due for longest, and hold it for `LEASE`; None if there is none."""
    is_due = col(Job.due_at) <= tx.now
    if hurry:  # what has failed waits all the same
        is_due |= (col(Job.key) == '') & (col(Job.problem) == '')
    waiting = select(Job).where(col(Job.kind) == kind, is_due, _is_free(tx.now))
    job: Job | None = tx.execute(
        waiting.order_by(col(Job.due_at), col(Job.id)).limit(1).with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if job is None:
        return None
    job.lease_until, job.holder, job.attempts = tx.now + LEASE, holder, job.attempts + 1
    tx.session.add(job)
    return Taken(
        job_id=job.id, key=job.key, holder=holder, due_at=job.due_at, attempts=job.attempts, until=job.lease_until
    )


def renew(tx: Transaction, taken: Taken) -> bool:
    """Hold a job for longer; returns whether it is still held."""
    return bool(tx.change(update(Job).where(*_mine(taken)).values(lease_until=tx.now + LEASE)))


def finish(tx: Transaction, taken: Taken, *, repeats: timedelta | None) -> None:
    """Let go of a job that has worked: it is due again after a while, or gone unless it was put anew meanwhile."""
    untouched = *_mine(taken), col(Job.due_at) == taken.due_at
    if repeats is None:
        tx.execute(delete(Job).where(*untouched))
    else:
        tx.execute(update(Job).where(*untouched).values(due_at=tx.now + repeats))
    tx.execute(update(Job).where(*_mine(taken)).values(**_RELEASED, attempts=0, problem='', done_at=tx.now))


def release(tx: Transaction, taken: Taken) -> None:
    """Let go of a job in the middle of it, as the process ends: another one begins it again at once."""
    tx.execute(update(Job).where(*_mine(taken)).values(**_RELEASED, attempts=taken.attempts - 1))


def put_off(tx: Transaction, taken: Taken, problem: Phrase) -> None:
    """Let go of a job that has failed, with the reason; it is due again after a wait that doubles each time."""
    wait = min(FIRST_WAIT * 2 ** min(taken.attempts - 1, 16), LONGEST_WAIT)
    kept = stored(problem, most=LONGEST_PROBLEM)
    tx.execute(update(Job).where(*_mine(taken)).values(**_RELEASED, problem=kept, due_at=tx.now + wait))
    tx.note('job failed', job=taken.job_id, attempts=taken.attempts, problem=str(problem)[:LONGEST_PROBLEM])


@database.quick
def next_due(tx: Transaction, kind: str) -> datetime | None:
    """Return when a job of a kind can be taken next."""
    rows = _WAITING.rows(tx.connection, kind=kind)
    return min((max(due_at, lease_until or due_at) for due_at, lease_until in rows), default=None)


async def _run_all(kinds: Sequence[Kind]) -> None:
    async with asyncio.TaskGroup() as running:  # which ends when all of them have ended
        for kind in kinds:
            running.create_task(_keep_running(kind))


async def _keep_running(kind: Kind) -> None:
    changed = asyncio.Event()
    changed.set()  # what the last process left is looked for at once

    stop = _wake(changed, kind.woken_by) if kind.woken_by else None
    _hurried.setdefault(kind.name, []).append(changed)
    try:
        while True:
            is_hurried = changed.is_set()
            changed.clear()
            server_log.begin_request()
            try:
                _, wait = await _run(kind, hurry=is_hurried)
            except Exception as error:  # noqa: BLE001 - the database is in trouble, and soon it may not be
                server_log.write_problem('jobs failed', error, kind=kind.name)
                wait = LOOK_EVERY
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), wait)
    finally:
        if stop:
            stop()
        _hurried[kind.name].remove(changed)


def _wake(changed: asyncio.Event, is_reason: Callable[[Event], bool]) -> Callable[[], None]:
    """Set an event when something happens that is a reason; each watcher is called for each tap of the school."""

    def happened(events: Sequence[Event]) -> None:
        if any(map(is_reason, events)):
            changed.set()

    return hub.watch_everywhere(happened)


async def _run(kind: Kind, *, hurry: bool = False) -> tuple[int, float]:
    """Do what is due; returns how many jobs were tried, and for how many seconds nothing is.

    It looks before it takes, beside the writer: nearly always nothing is due.
    """
    tried = 0
    while True:
        due_at = await database.read(next_due, kind.name)
        if due_at is None and kind.repeats is not None:
            await database.write(_add, kind.name)
            continue
        if due_at is None:
            return tried, LOOK_EVERY
        left = (due_at - clock.now()).total_seconds()
        is_due = left <= 0 or hurry
        taken = await database.write(take, kind.name, uuid4().hex, hurry=hurry) if is_due else None
        if taken is None:
            return tried, min(max(left, SOON), LOOK_EVERY)
        await _do(kind, taken)
        tried, hurry = tried + 1, False


async def _do(kind: Kind, taken: Taken) -> None:
    if clock.now() >= taken.until:  # this process stood still since it took the job
        server_log.write('job lost', kind=kind.name, job=taken.job_id)
        return
    work = asyncio.ensure_future(kind.work(taken.key))
    renewing = asyncio.get_running_loop().create_task(_keep_renewing(taken, work))
    try:
        await work
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) and task.cancelling():
            with suppress(DomainError):  # else the lease runs out
                await database.write(release, taken)
            raise
        server_log.write('job lost', kind=kind.name, job=taken.job_id)  # another process holds it now
    except Exception as error:  # noqa: BLE001 - whatever it was, it is kept with the job, and tried again
        if not isinstance(error, DomainError):
            server_log.write_problem('job failed', error, kind=kind.name)
        await database.write(put_off, taken, _sentence(error))
    else:
        await database.write(finish, taken, repeats=kind.repeats)
    finally:
        renewing.cancel()


async def _keep_renewing(taken: Taken, work: 'asyncio.Future[object]') -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            if not await database.write(renew, taken):
                work.cancel()
        except DomainError as error:
            server_log.write_problem('lease not renewed', error, job=taken.job_id)


def _add(tx: Transaction, kind: str) -> None:
    dialect = sqlite if tx.connection.dialect.name == 'sqlite' else postgresql
    tx.execute(dialect.insert(_jobs).values(**_fresh(kind, '', tx.now)).on_conflict_do_nothing())


def _sentence(error: Exception) -> Phrase:
    if isinstance(error, DomainError):
        return error.sentence
    if isinstance(error, OSError) and error.strerror:
        return phrase('The system says: {reason}.', reason=error.strerror)
    kind = type(error).__name__
    return phrase('It failed unexpectedly ({error}). The log of the server says where.', error=kind)


def _fresh(kind: str, key: str, due_at: datetime) -> dict[str, object]:
    return {'kind': kind, 'key': key, 'due_at': due_at, 'holder': '', 'attempts': 0, 'problem': ''}


def _is_free(now: datetime) -> ColumnElement[bool]:
    return col(Job.lease_until).is_(None) | (col(Job.lease_until) <= now)


def _mine(taken: Taken) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Job.id) == taken.job_id, col(Job.holder) == taken.holder


_jobs = table_of(Job)
_WAITING = Prepared(select(_jobs.c.due_at, _jobs.c.lease_until).where(_jobs.c.kind == bindparam('kind')))
_RELEASED = {'lease_until': None, 'holder': ''}
_hurried: dict[str, list[asyncio.Event]] = {}
