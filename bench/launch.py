"""Starts a server script as `python -m bench.launch <script>` and writes down what only the process itself can see.

BENCH_GC_REPORT=<file>: one line per pause of the garbage collector, `<start> <seconds> <generation>`.
BENCH_COMMIT_REPORT=<file>: one line per commit of a writer, `<wall clock>` right after the database has answered.
BENCH_LOOKS_REPORT=<file>: at most twice a second a line of the processor time that presence and lagging have taken
since the start, `<now> <seconds>`.
The start is in seconds of `time.monotonic`, which all processes of a machine share.
"""

import gc
import os
import runpy
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec('P')
T = TypeVar('T')

LOOKS = ('follow', '_look')
PRESENCE = ('begin', 'join', 'arrive', 'lose', 'regain', 'leave', 'act', 'pass_time', 'take_moved', 'counts', 'shown')
NOTEWORTHY = 0.001  # seconds: shorter pauses are nobody's trouble, and writing them down would be


def main() -> None:
    """Install what the environment asks for, then be the script."""
    if report := os.environ.get('BENCH_GC_REPORT'):
        watch_pauses(Path(report))
    if report := os.environ.get('BENCH_COMMIT_REPORT'):
        watch_commits(Path(report))
    if report := os.environ.get('BENCH_LOOKS_REPORT'):
        watch_looks(Path(report))
    script = sys.argv[1]
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(script).resolve().parent)
    runpy.run_path(script, run_name='__main__')


def watch_pauses(report: Path) -> None:
    """Write down every pause of the garbage collector."""
    lines = report.open('a', buffering=1)
    started = 0.0

    def note(phase: str, info: dict[str, int]) -> None:
        nonlocal started
        if phase == 'start':
            started = time.monotonic()
        elif (pause := time.monotonic() - started) > NOTEWORTHY:
            lines.write(f'{started:.6f} {pause:.6f} {info["generation"]}\n')

    gc.callbacks.append(note)


def watch_commits(report: Path) -> None:
    """Write down when each commit was on disk."""
    from sqlalchemy.engine.default import DefaultDialect
    from sqlalchemy.engine.interfaces import DBAPIConnection

    lines = report.open('a', buffering=1)
    commit = DefaultDialect.do_commit

    def do_commit(dialect: DefaultDialect, connection: DBAPIConnection) -> None:
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        if connection.total_changes:  # SQLite's own count; readers have none
            lines.write(f'{time.time():.6f}\n')

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def watch_looks(report: Path) -> None:
    """Write down what it costs to know who is here and who needs a look."""
    from services.live.alerts.monitor import AlertMonitor
    from services.live.presence import Presences

    lines = report.open('a', buffering=1)
    total, told, depth = 0.0, 0.0, 0

    def watched(work: Callable[P, T]) -> Callable[P, T]:
        @wraps(work)
        def work_and_count(*args: P.args, **kwargs: P.kwargs) -> T:
            nonlocal total, told, depth
            began, depth = time.thread_time(), depth + 1
            try:
                return work(*args, **kwargs)
            finally:
                depth -= 1
                if not depth:
                    total += time.thread_time() - began
                    if (now := time.monotonic()) - told > 0.5:
                        told = now
                        lines.write(f'{now:.6f} {total:.6f}\n')

        return work_and_count

    for part, names in ((AlertMonitor, LOOKS), (Presences, PRESENCE)):
        for name in names:
            setattr(part, name, watched(getattr(part, name)))


if __name__ == '__main__':
    main()
