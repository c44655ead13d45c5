"""Starts servers and commands in no time: each is a fork of a Python that has imported everything (`warm_python.py`).

It is a process of its own in every other way: it has its folder, its environment and its session, and can be killed.
"""

import json
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

PROGRAM = Path(__file__).with_name('warm_python.py')


class WarmPython:
    """The Python that waits; its first start waits until it has imported everything."""

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        machine = {name: os.environ[name] for name in ('PATH', 'HOME', 'LANG') if name in os.environ}
        command = [sys.executable, str(PROGRAM)]
        self._process = subprocess.Popen(command, stdin=theirs, cwd='/', env=machine, start_new_session=True)
        theirs.close()
        self._one_at_a_time = threading.Lock()

    def start(self, *words: str, folder: Path, environment: dict[str, str], output: IO[bytes]) -> 'Forked':
        """Run a script with words behind it, which writes its output to a file."""
        asked = {'words': words, 'folder': str(folder), 'environment': environment}
        return Forked(self, self._ask(asked, [output.fileno()]))

    def exit_code(self, pid: int) -> int:
        """Return what a process has ended with, once: then its number may be that of another one."""
        return self._ask({'ended': pid}, [])

    def close(self) -> None:
        """Let it end; what it has started goes on."""
        self._asking.close()
        self._process.wait()

    def _ask(self, question: dict[str, object], files: list[int]) -> int:
        with self._one_at_a_time:
            socket.send_fds(self._asking, [json.dumps(question).encode()], files)
            answer = self._asking.recv(1000)
            assert answer, 'the Python that imports the server has ended; standard error says why'
            return int(json.loads(answer))


class Forked:
    """A process that was started, as `subprocess` would give it."""

    def __init__(self, python: WarmPython, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._python = python
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return the exit code, or nothing while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(timeout=0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; returns the exit code, or raises `subprocess.TimeoutExpired` after seconds."""
        if self.returncode is None:
            end = select.poll()
            end.register(self._end, select.POLLIN)
            if not end.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = self._python.exit_code(self.pid)
            os.close(self._end)
        return self.returncode


@cache
def warm_python() -> WarmPython:
    """Return the one of this process, which is started when it is first needed."""
    return WarmPython()


def leave_none() -> None:
    """End it, if it was needed."""
    if warm_python.cache_info().currsize:
        warm_python().close()
        warm_python.cache_clear()
