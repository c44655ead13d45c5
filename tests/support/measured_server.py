"""The server, watched: how long each step of its event loop and each piece of work of its writer takes.

What is measured is the processor's time from one beat of its loop to the next, so that a busy machine looks no slower
than an idle one: that of the loop's own thread, and that of the whole process, because a thread that never lets go of
the interpreter stops the loop as well. It writes `routes.json`, which lists all that it answers to, and `steps`, one
line for each step that takes long.
"""

import asyncio
import inspect
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fastapi.routing import iter_route_contexts

import serving
from services.accounts import guessing, passwords
from services.core import own_thread
from services.core.buckets import Buckets
from settings import Settings

NOTED = 0.02
"""seconds from which a step is written down"""
BEAT = 0.001

_checkpoints = Path('steps').open('a', buffering=1)  # noqa: SIM115 - open until the process ends


def note(thread: str, began: float, took: float) -> None:
    """Write down a step that took long."""
    if took > NOTED:
        _checkpoints.write(json.dumps([thread, began, time.monotonic(), took]) + '\n')


def beat(loop: asyncio.AbstractEventLoop, began: float, own: float, all_threads: float) -> None:
    """Note what the loop, and all threads, have done since the last beat, and come again."""
    note('loop', began, time.thread_time() - own)
    note('process', began, time.process_time() - all_threads)
    loop.call_later(BEAT, beat, loop, time.monotonic(), time.thread_time(), time.process_time())


def measured(run: Any) -> Any:
    def timed(task: Any) -> None:
        began, spent = time.monotonic(), time.thread_time()
        run(task)
        note('writer', began, time.thread_time() - spent)

    return timed


def routes() -> list[dict[str, object]]:
    """Return all that the server answers to: path, methods, and the names that may stand behind the question mark."""
    from nicegui import core

    found = []
    for route in [*iter_route_contexts(serving.served.routes), *core.app.routes]:  # type: ignore[attr-defined]
        path, names = getattr(route, 'path', ''), []
        if endpoint := getattr(route, 'endpoint', None):
            names = [name for name in inspect.signature(endpoint).parameters if f'{{{name}' not in path]
        found.append({'path': path, 'methods': sorted(getattr(route, 'methods', None) or []), 'names': names})
    return found


def write_routes() -> None:
    """Write what the server answers to where the test reads it."""
    Path('routes.json').write_text(json.dumps(routes()))


def slow(*_: object, **__: object) -> None:
    """Take what the test asks for, to be found."""
    until = time.thread_time() + float(os.environ['SLOW'])
    while time.thread_time() < until:
        pass


async def welcome(config: Settings) -> None:
    write_routes()
    loop = asyncio.get_running_loop()
    loop.call_later(BEAT, beat, loop, time.monotonic(), time.thread_time(), time.process_time())
    await serving.welcome(config)


def without_limits() -> None:
    """Let everybody try as often as they like: what is measured is how long one try takes."""
    passwords.ROUNDS = 4
    Buckets.take = Buckets.check = lambda *_: None  # type: ignore[method-assign]
    guessing.Guesses.count = lambda *_: None  # type: ignore[method-assign]


def make_something_slow() -> None:
    """Make what a field goes through slow, where a test wants to see that it is found."""
    if 'SLOW' in os.environ:
        from services.people import joining

        look_up = joining.read_name
        joining.read_name = lambda typed: (slow(), look_up(typed))[1]  # type: ignore[attr-defined]


if __name__ == '__main__':
    from ui import server

    def build(**parts: Any) -> Any:
        serving.served = _build(**parts)  # type: ignore[attr-defined]
        return serving.served  # type: ignore[attr-defined]

    _build, server.build = server.build, build
    own_thread._Task.run = measured(own_thread._Task.run)  # type: ignore[method-assign]
    without_limits()
    make_something_slow()
    serving.serve(welcome)
