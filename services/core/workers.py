"""Processes of our own that do what might never end: a question that takes too long ends its process.

A worker reads one question per line and answers with one line each, both JSON. One thread at a time may ask it.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


class WorkerFailed(Exception):
    """There is no answer, and there will be none."""


class Worker:
    """A process that is started when it is first asked, and anew after it has failed."""

    def __init__(self, program: Path, *, patience: float) -> None:
        self._program = program
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def ask(self, question: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer; raises `WorkerFailed` if there is none in time."""
        process = self._running()
        try:
            answer: dict[str, Any] = json.loads(self._exchanged(process, json.dumps(question).encode() + b'\n'))
        except (OSError, ValueError) as error:
            self.end()
            raise WorkerFailed(str(error) or type(error).__name__) from None
        return answer

    def end(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with suppress(OSError), process:  # waits for it, and closes its pipes
                pass

    def _exchanged(self, process: subprocess.Popen[bytes], question: bytes) -> bytes:
        """Write as the process reads, then read as it writes, so that neither waits for a process that does nothing."""
        assert process.stdin
        assert process.stdout
        deadline = time.monotonic() + self._patience
        while question:
            _wait([], [process.stdin], deadline)
            question = question[os.write(process.stdin.fileno(), question[: select.PIPE_BUF]) :]
        answer = bytearray()
        while not answer.endswith(b'\n'):
            _wait([process.stdout], [], deadline)
            piece = os.read(process.stdout.fileno(), 65_536)
            if not piece:
                raise ValueError('the process has ended')
            answer += piece
        return bytes(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, '-I', str(self._program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
            )
        return self._process


def _wait(readable: list[Any], writable: list[Any], deadline: float) -> None:
    ready = select.select(readable, writable, [], max(0.0, deadline - time.monotonic()))
    if not any(ready):
        raise TimeoutError('it takes too long')
