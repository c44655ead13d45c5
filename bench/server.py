"""A real server process: started, waited for, observed, and stopped by its id whatever happens."""

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import aiohttp
import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 300.0  # seconds; migrations run at start, and the machine may be busy with something else
STOP_TIMEOUT = 15.0


class DidNotStart(Exception):
    """The server ended, or did not answer in time; the message ends with what it wrote last."""


class Home:
    """Folder, port and environment for one server after the other; a context manager that removes the folder."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix='waymark-bench-', ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.port = free_port()
        self.origin = f'http://127.0.0.1:{self.port}'
        self.log = self.folder / 'server.log'
        self.pauses = self.folder / 'pauses.txt'
        self.commits = self.folder / 'commits.txt'
        self.looks = self.folder / 'looks.txt'
        self.database = self.folder / 'waymark.db'
        self.environment = {
            **os.environ,
            'HOST': '127.0.0.1',
            'PORT': str(self.port),
            'PUBLIC_URL': self.origin,
            'DATA_DIR': str(self.folder),
            'DATABASE_URL': f'sqlite:///{self.database}',
            'LOG_LEVEL': 'INFO',
            'BENCH_GC_REPORT': str(self.pauses),
            'BENCH_COMMIT_REPORT': str(self.commits),
            'BENCH_LOOKS_REPORT': str(self.looks),
            'PYTHONUNBUFFERED': '1',
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()


class Server:
    """A server at home; an async context manager that starts it, waits until it is healthy, and ends it."""

    def __init__(self, home: Home, command: Sequence[str]) -> None:
        self.home = home
        self.origin = home.origin
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._start()
        try:
            await self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self.stop()
        if kind is not None and issubclass(kind, Exception):
            print(f'the server said last:\n{self.last_words()}')

    def stop(self) -> None:
        """End the process, politely first; safe to call twice."""
        if self._process is None or self._process.poll() is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._process.send_signal(number)
            try:
                self._process.wait(timeout=STOP_TIMEOUT)
                return
            except subprocess.TimeoutExpired:
                continue

    def kill(self) -> None:
        """End the process without a warning, as kill -9 does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def cpu(self) -> float:
        """Seconds of processor time that the process has used so far, to the microsecond."""
        assert self._process is not None
        # the kernel's clock of another process; psutil's figures come in steps of 10 ms
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def memory(self) -> float:
        """Resident memory in MB."""
        assert self._process is not None
        return float(psutil.Process(self._process.pid).memory_info().rss) / 1e6

    async def settled_memory(self, *, patience: float = 15.0) -> float:
        """Resident memory in MB once it has not moved by more than half a percent for two seconds."""
        deadline = time.monotonic() + patience
        before = self.memory()
        while time.monotonic() < deadline:
            await asyncio.sleep(2)
            now = self.memory()
            if abs(now - before) < 0.005 * before:
                return now
            before = now
        return before

    async def quiet(self, *, share: float = 0.02, patience: float = 20.0) -> None:
        """Wait until the process uses almost no processor time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            before = self.cpu()
            await asyncio.sleep(0.5)
            if self.cpu() - before < 0.5 * share:
                return

    def longest_pause(self, since: float, until: float) -> float:
        """The longest stop of the garbage collector between two moments of `time.monotonic`, in seconds."""
        lines = self.home.pauses.read_text().splitlines() if self.home.pauses.exists() else []
        pauses = [(float(start), float(seconds)) for start, seconds, _ in (line.split() for line in lines)]
        return max((seconds for start, seconds in pauses if since <= start <= until), default=0.0)

    def commits(self) -> list[float]:
        """When each commit was on disk, in seconds of `time.time`."""
        return [float(line) for line in self.home.commits.read_text().split()] if self.home.commits.exists() else []

    def looks(self, since: float, until: float) -> float:
        """The share of a core that presence and lagging took between two moments of `time.monotonic`."""
        lines = self.home.looks.read_text().splitlines() if self.home.looks.exists() else []
        reports = [(float(at), float(total)) for at, total in (line.split() for line in lines)]
        within = [(at, total) for at, total in reports if since <= at <= until]
        if len(within) < 2:
            return 0.0
        (first, least), *_, (last, most) = within
        return (most - least) / (last - first)

    def last_words(self) -> str:
        """The end of what the server has written."""
        return self.home.log.read_text(errors='replace')[-3000:] if self.home.log.exists() else ''

    def _start(self) -> None:
        allow_many_sockets()
        with self.home.log.open('ab') as log:
            # a session of its own, so that Ctrl-C reaches only us and we can end it in order
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self.home.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            while time.monotonic() < deadline and self.running:
                try:
                    async with session.get(f'{self.origin}/health') as response:
                        if response.status == 200:
                            return
                except (TimeoutError, aiohttp.ClientError):
                    pass
                await asyncio.sleep(0.1)
        raise DidNotStart(f'{" ".join(self._command)}\n{self.last_words()}')


def launched(script: str) -> list[str]:
    """The command that starts a script of ours under observation."""
    return [sys.executable, '-m', 'bench.launch', script]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])


def allow_many_sockets() -> None:
    """Raise the number of open files to what the system permits: 1,000 students are 1,000 sockets on either side."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
