"""Starts a server script as `python -m bench.launch <script>` and writes down what only the process itself can see.

BENCH_GC_REPORT=<file>: one line per pause of the garbage collector, `<start> <seconds> <generation>`.
BENCH_COMMIT_REPORT=<file>: one line per commit of a writer, `<wall clock>` right after the database has answered.
The start is in seconds of `time.monotonic`, which all processes of a machine share.
"""

import gc
import os
import runpy
import sys
import time
from pathlib import Path

NOTEWORTHY = 0.001  # seconds: shorter pauses are nobody's trouble, and writing them down would be


def main() -> None:
    """Install what the environment asks for, then be the script."""
    if report := os.environ.get('BENCH_GC_REPORT'):
        watch_pauses(Path(report))
    if report := os.environ.get('BENCH_COMMIT_REPORT'):
        watch_commits(Path(report))
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


if __name__ == '__main__':
    main()
