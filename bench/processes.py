"""One class spread over several processes on PostgreSQL: what a tap costs, and when another process shows it."""

import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

import psutil  # type: ignore[import-untyped]

from bench import school
from bench.figures import Table, percentile
from bench.live import close_all, each, open_page
from bench.load import steady
from bench.postgres import Postgres, postgres_server
from bench.server import Home, Server, free_port
from bench.student import Student
from bench.watcher import Watcher

COUNTS = (1, 2, 4)
STUDENTS = 500
CHECKPOINTS = 30
PER_SECOND = 200.0
SECONDS = 5.0


async def processes_round(table: Table) -> None:
    """The same class on one, two and four processes; and on one alone without Redis."""
    await _class(table, count=1, with_redis=False)
    for count in COUNTS:
        await _class(table, count=count, with_redis=True)


class Redis:
    """A Redis that keeps nothing."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f'redis://127.0.0.1:{self._port}'
        self._process: subprocess.Popen[bytes] | None = None
        self._spent = 0.0

    def start(self) -> None:
        """Start it, empty."""
        program = shutil.which('redis-server') or 'redis-server'
        self._process = subprocess.Popen(
            [program, '--port', str(self._port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End it at once."""
        if self._process:
            self._spent = self.cpu()
            self._process.kill()
            self._process.wait()
            self._process = None

    def cpu(self) -> float:
        """Seconds of processor time that it has used."""
        return self._spent + (sum(psutil.Process(self._process.pid).cpu_times()[:2]) if self._process else 0.0)


@dataclass(slots=True, kw_only=True)
class Spread:
    """A class whose students are spread over processes, and an instructor who looks at the last of them."""

    servers: list[Server]
    students: list[Student]
    watcher: Watcher
    database: Postgres
    redis: Redis


@asynccontextmanager
async def spread(*, count: int, students: int, with_redis: bool = True) -> AsyncIterator[Spread]:
    """Open a class on so many processes, with everybody connected."""
    with postgres_server() as database, _redis() as redis, Home() as first:
        shared = {
            'DATABASE_URL': database.url,
            'DATA_DIR': str(first.folder),
            'SECRET_KEY': secrets.token_hex(),
            **({'REDIS_URL': redis.url} if with_redis else {}),
        }
        async with AsyncExitStack() as stack:
            homes = [first, *(stack.enter_context(Home()) for _ in range(count - 1))]
            for home in homes:
                home.environment |= shared
            course = await school.prepare(first, checkpoints=CHECKPOINTS)
            servers = [await stack.enter_async_context(Server(home, [sys.executable, 'main.py'])) for home in homes]
            everybody = [Student(f'Student {n:04}', servers[n % count].origin) for n in range(students)]
            watcher = Watcher(servers[-1].origin, course.instructor)
            try:
                await watcher.open(course.live_path)
                await each(everybody, lambda student: student.join(course.code))
                await each(everybody, open_page)
                for server in servers:
                    await server.quiet()
                yield Spread(servers=servers, students=everybody, watcher=watcher, database=database, redis=redis)
            finally:
                await close_all([*everybody, watcher])


async def _class(table: Table, *, count: int, with_redis: bool) -> None:
    name = f'{count}' if with_redis else 'alone'
    async with spread(count=count, students=STUDENTS, with_redis=with_redis) as at:
        await _tap(table, name, at)


async def _tap(table: Table, name: str, at: Spread) -> None:
    before = [server.cpu() for server in at.servers], _postgres_cpu(), at.redis.cpu()
    outcome = await steady(at.students, per_second=PER_SECOND, seconds=SECONDS)
    taps = max(1, len(outcome.taps))
    own = sum(server.cpu() - was for server, was in zip(at.servers, before[0], strict=True))
    table.ours(f'processes {name} cpu', 1000 * own / taps)
    table.ours(f'processes {name} postgres', 1000 * (_postgres_cpu() - before[1]) / taps)
    table.ours(f'processes {name} redis', 1000 * (at.redis.cpu() - before[2]) / taps)
    elsewhere = {student.name for student in at.students if student.origin != at.watcher.origin}
    seen = replace(outcome, taps=[tap for tap in outcome.taps if tap.student in elsewhere or len(at.servers) == 1])
    table.ours(f'processes {name} grid p99', 1000 * percentile(seen.grid_delays(at.watcher.arrived), 99))
    table.ours('processes unseen', sum((tap.student, tap.checkpoint) not in at.watcher.arrived for tap in outcome.taps))
    table.ours('processes unanswered', outcome.unanswered)
    print(f'  {name}: {outcome}', flush=True)


@contextmanager
def _redis() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory(prefix='waymark-bench-redis-') as folder:
        redis = Redis(folder)
        redis.start()
        try:
            yield redis
        finally:
            redis.stop()


def _postgres_cpu() -> float:
    """Seconds of processor time of all PostgreSQL servers of this machine."""
    found = (each for each in psutil.process_iter(['name', 'cpu_times']) if each.info['name'] == 'postgres')
    return sum(sum(each.info['cpu_times'][:2]) for each in found if each.info['cpu_times'])
