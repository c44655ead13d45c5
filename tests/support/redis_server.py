"""A Redis server of the tests' own, which can be stopped and started again."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.eventually import PATIENCE
from tests.support.running import free_port
from tests.support.servers import skip_or_insist


class RedisServer:
    """One server on a port of this machine; it keeps nothing."""

    def __init__(self, folder: Path, program: str) -> None:
        self.port = free_port()
        self.url = f'redis://127.0.0.1:{self.port}'
        self._folder = folder
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        ask = [self._program, '--port', str(self.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
        self._process = subprocess.Popen(ask, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, 'Redis does not answer'
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once, as when its machine loses power."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False


@pytest.fixture(scope='module')
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A server that runs, of one file of tests."""
    program = shutil.which('redis-server')
    server = RedisServer(
        tmp_path_factory.mktemp('redis'),
        program or skip_or_insist('Redis is not installed; on Debian: apt install redis'),
    )
    server.start()
    yield server
    server.stop()
