"""The processes that look into PDFs (`page_worker.py`), each led by one thread.

A question that takes too long ends its process, and is not asked again for a while.
"""

import asyncio
import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from services.core import server_log
from services.core.errors import Busy, Refused

T = TypeVar('T')
Facts = dict[str, str | int | float]

PATIENCE = 8.0
"""Seconds after which a page is given up."""
TRY_AGAIN = 300.0
"""Seconds for which a page that was given up is left alone."""
PROCESSES = 2
MOST_WAITING = 300
"""Pages in line: a class that turns to other pages of the same document, which are drawn once and then kept."""


class NotDrawn(Refused):
    """This page cannot be shown."""

    def __init__(self) -> None:
        super().__init__('This page cannot be shown as a picture. You can still save the whole file and open it.')


async def once(key: object, work: Callable[[], T]) -> T:
    """Do work that asks, in one of the threads; who wants the same meanwhile waits for the same.

    Raises `Busy` where too much waits already.
    """
    if _given_up.get(key, 0) > time.monotonic():
        raise NotDrawn
    future: Future[Any] | None = _going_on.get(key)
    if future is None:
        if len(_going_on) >= MOST_WAITING:
            raise Busy(seconds=10)
        future = _going_on[key] = _threads.submit(work)
        future.add_done_callback(lambda _: _going_on.pop(key, None))
    try:
        done: T = await asyncio.shield(asyncio.wrap_future(future))
    except NotDrawn:
        _give_up(key)
        raise
    return done


def ask(question: Facts) -> Facts:
    """Return what the process of this thread answers; raises `NotDrawn` if it cannot, or not in time."""
    process = _process()
    try:
        answer = _answer(process, question)
    except (OSError, ValueError) as error:
        _end(process)
        answer = {'problem': str(error) or type(error).__name__}
    if 'problem' in answer:
        server_log.write('page not drawn', index=question['index'], file=question['source'], problem=answer['problem'])
        raise NotDrawn
    return answer


def close() -> None:
    """End the processes; the next question starts new ones."""
    global _threads
    threads, _threads = _threads, _new_threads()
    threads.shutdown(wait=False, cancel_futures=True)
    for process in list(_processes.values()):
        _end(process)  # so that nobody waits for its answer
    threads.shutdown()
    for process in list(_processes.values()):
        _end(process)  # somebody had just begun to ask
    _given_up.clear()


def _answer(process: subprocess.Popen[bytes], question: Facts) -> Facts:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(question).encode() + b'\n')
    process.stdin.flush()
    answers, _, _ = select.select([process.stdout], [], [], PATIENCE)
    if not answers:
        raise TimeoutError('it takes too long')
    answer: Facts = json.loads(process.stdout.readline())
    return answer


def _process() -> subprocess.Popen[bytes]:
    own = threading.get_ident()
    process = _processes.get(own)
    if process and process.poll() is not None:
        _end(process)
        process = None
    if process is None:
        program = Path(__file__).with_name('page_worker.py')
        process = _processes[own] = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, '-I', str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    for own in [own for own, each in _processes.items() if each is process]:
        del _processes[own]
    process.kill()
    with suppress(OSError), process:  # waits for it, and closes its pipes
        pass


def _give_up(key: object) -> None:
    now = time.monotonic()
    for past in [each for each, until in _given_up.items() if until < now]:
        del _given_up[past]
    _given_up[key] = now + TRY_AGAIN


def _new_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(PROCESSES, thread_name_prefix='pages')


_threads = _new_threads()
_processes: dict[int, subprocess.Popen[bytes]] = {}
"""by the thread that leads each"""
_going_on: dict[object, Future[Any]] = {}
_given_up: dict[object, float] = {}
"""what is not asked again, and until when"""
