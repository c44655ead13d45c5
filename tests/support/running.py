"""The real server, as a process of its own: started, waited for, killed, frozen, started again on the same data."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

import httpx
import orjson
import psutil

from services import projections
from services.access import Actor
from services.accounts import sign_ins
from services.core import database
from services.live import rooms
from tests.support.templates import migrated_file
from tests.support.warm_starts import Forked, warm_python

ROOT = Path(__file__).resolve().parents[2]
SECRET = 'a secret that is only good for tests'
METRICS_TOKEN = 'only monitoring knows this and it is long'
START_PATIENCE = 600.0
STOP_PATIENCE = 120.0
"""seconds; nothing takes that long, but the machine may be busy with something else"""


class Server:
    """One installation of Waymark: a folder, a port, and the process that serves them, if it runs."""

    def __init__(
        self, folder: Path, *, script: str = 'main.py', is_new: bool = False, is_cold: bool = False, **settings: str
    ) -> None:
        """Settings are named as in `.env`; those that are empty are left out.

        A server that `is_new` makes its tables itself when it starts, which takes seconds; others find them there. One
        that `is_cold` is started as an operator does it; others are forked from a Python that has imported everything.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data_dir = folder / 'data'
        self.port = free_port()
        self.origin = f'http://127.0.0.1:{self.port}'
        self.database_url = settings.pop('DATABASE_URL', f'sqlite:///{self.data_dir / "waymark.db"}')
        self._script = script
        self._is_new = is_new
        self._is_cold = is_cold
        self._settings = {
            'HOST': '127.0.0.1',
            'PORT': str(self.port),
            'DATA_DIR': str(self.data_dir),
            'DATABASE_URL': self.database_url,
            'SECRET_KEY': SECRET,
            **settings,
        }
        self._process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the process is given: its settings, and nothing else of this machine's but what Python needs."""
        machine = {name: os.environ[name] for name in ('PATH', 'HOME', 'LANG') if name in os.environ}
        return {**machine, **{name: value for name, value in self._settings.items() if value}}

    def start(self) -> None:
        """Start the process and wait until it answers; one that never does is not left behind."""
        self.launch()
        try:
            self.wait_until_healthy()
        except BaseException:
            self.kill()
            raise

    def wait_until_healthy(self) -> None:
        """Wait until a process that was started answers."""
        deadline = time.monotonic() + START_PATIENCE
        while not self.is_healthy():
            assert self.is_running, f'the server has ended:\n{self.said()}'
            assert time.monotonic() < deadline, f'the server does not answer:\n{self.said()}'
            time.sleep(0.05)

    def bring_tables(self) -> None:
        """Put a database without people where the server will look for its own, unless one is there."""
        file = self.data_dir / 'waymark.db'
        if self.environment.get('DATABASE_URL', f'sqlite:///{file}') == f'sqlite:///{file}' and not file.exists():
            self.data_dir.mkdir(exist_ok=True)
            shutil.copy(migrated_file(), file)

    def launch(self) -> None:
        """Start the process without waiting; nothing of this machine's environment or `.env` reaches it."""
        if not self._is_new:
            self.bring_tables()
        with (self.folder / 'log').open('ab') as log:
            self._process = self._started(log)

    def _started(self, output: IO[bytes], *words: str) -> subprocess.Popen[bytes] | Forked:
        command = [str(ROOT / self._script), *words]
        if not self._is_cold:
            return warm_python().start(*command, folder=self.folder, environment=self.environment, output=output)
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    async def command(self, *words: str) -> tuple[int, str]:
        """Type a command of the operator beside the server; returns its exit code, and what it prints."""
        with tempfile.TemporaryFile(dir=self.folder) as output:
            code = await asyncio.to_thread(self._started(output, *words).wait)
            output.seek(0)
            return code, output.read().decode().strip()

    def stop(self) -> None:
        """Ask the process to end, as an operator would, and insist if it does not."""
        if self.is_running:
            self.resume()
            self._signal(signal.SIGTERM)
            try:
                self._wait()
            except subprocess.TimeoutExpired:
                self.kill()

    def terminate(self) -> None:
        """Ask the process to end, and do not wait."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Pull the plug."""
        self._signal(signal.SIGKILL)
        self._wait()

    def pause(self) -> None:
        """Freeze the process, so that it answers nothing until it is resumed."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self._signal(signal.SIGCONT)

    def wait_until_ended(self) -> int:
        """Wait for the process to end by itself; returns its exit code. One that does not is not left behind."""
        try:
            return self._wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_healthy(self) -> bool:
        """Whether the server answers that all is well."""
        try:
            return httpx.get(f'{self.origin}/health', timeout=5, verify=False).status_code == 200
        except httpx.TransportError:
            return False

    def memory(self) -> int:
        """Return how many bytes of memory the process holds."""
        assert self._process is not None
        return int(psutil.Process(self._process.pid).memory_info().rss)

    @property
    def most_memory(self) -> int:
        """Return the most bytes of memory that the process has ever had."""
        assert self._process
        status = Path(f'/proc/{self._process.pid}/status').read_text()
        return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith('VmHWM')))

    def said(self) -> str:
        """Return everything that all its processes have written."""
        log = self.folder / 'log'
        return log.read_text(errors='replace') if log.exists() else ''

    def journal(self, event: str = '', *, after: int = 0) -> list[dict[str, object]]:
        """Return the lines of its journal, all or those about one event, which stand `after` so many letters."""
        lines = [orjson.loads(line) for line in self.said()[after:].splitlines() if line.startswith('{')]
        return [line for line in lines if not event or line['event'] == event]

    @asynccontextmanager
    async def at_hand(self) -> AsyncIterator[None]:
        """Let this process use the same database, for what is to be there before anybody looks."""
        database.open_at(self.database_url, projections.ALL)
        try:
            yield
        finally:
            rooms.close_all()
            database.close()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        if self.is_running:
            os.kill(self._process.pid, number)

    def _wait(self) -> int:
        assert self._process is not None
        return self._process.wait(timeout=STOP_PATIENCE)


@contextmanager
def a_pair(folder: Path, database_url: str, redis_url: str, **settings: str) -> Iterator[tuple[Server, Server]]:
    """Run two processes of one installation, which take all the time that they need for ending."""
    first, second = (
        Server(
            folder / each,
            script='tests/web/unhurried_server.py',
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            DATA_DIR=str(folder / 'data'),
            METRICS_TOKEN=METRICS_TOKEN,
            **settings,
        )
        for each in ('first', 'second')
    )
    try:
        first.launch()  # both at once: one makes the tables, the other waits
        second.start()
        first.wait_until_healthy()
        yield first, second
    finally:
        first.stop()
        second.stop()


async def token_of(actor: Actor) -> str:
    """Sign somebody in on one more device; returns what its cookie holds."""
    entered = await database.write(sign_ins.enter, actor.user_id, 'Browser')
    return entered.token


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])
