"""Which tests one worker runs after each other, and in which order the rings come, when xdist shares them out.

xdist's own groups write their name into the ids of tests, which pytest 9.2 makes no use of: marks have no effect.
"""

import time
from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

RINGS = 'browser', 'demo', 'docs', 'services', 'web', 'api', 'ui'
"""
Chromium is busy from the beginning, what measures a server comes when Chromium is done, and the end is of many short
tests, which all workers share.
"""
ONE_SERVER = {'browser', 'web'}
"""rings whose tests share a server, and Chromium: each worker has its own, which starts in no time, and takes a file"""
FULL_SCHOOL = {'test_axe.py', 'test_pictures.py'}
"""files of the browser whose tests share a school that takes long to fill: one worker takes both"""
ONE_PREPARATION = {'test_words_on_screen.py', 'test_what_pages_tell.py', 'test_database.py', 'test_durability.py'}
"""files whose tests share a school, or a PostgreSQL on a disk"""
DATABASES = '-sqlite', '-postgresql', 'sqlite-', 'postgresql-'


class Sharing(LoadScopeScheduling):
    """Gives a worker the next test, or all that share something."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


class LastWorkers:
    """Says how long each worker had something to do: a worker that ends long before another shares badly."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController) -> None:
        self._seconds[node.gateway.id] = time.monotonic() - self._began

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for worker, seconds in sorted(self._seconds.items()):
            terminalreporter.write_line(f'{worker} was busy until {seconds:.0f} s')


def together(nodeid: str) -> str:
    """Return what the tests of one worker have in common: a school, a file, or one route of the schema."""
    path = PurePosixPath(nodeid.partition('::')[0])
    ring = ring_of(path)
    if ring == 'browser' and path.name in FULL_SCHOOL:
        return 'full school'
    if ring in ONE_SERVER:
        return str(path)
    if path.name in ONE_PREPARATION:
        return path.name
    return _on_any_database(nodeid) if path.name == 'test_schema.py' else nodeid


def place_of(nodeid: str) -> tuple[int, bool]:
    """Return where a test comes: by its ring, and within it what is shared before what is single."""
    path = PurePosixPath(nodeid.partition('::')[0])
    ring = ring_of(path)
    return RINGS.index(ring) if ring in RINGS else len(RINGS), path.name not in ONE_PREPARATION | FULL_SCHOOL


def ring_of(path: PurePosixPath) -> str:
    """Return the folder under `tests` that a file belongs to, or nothing."""
    return next((part for before, part in pairwise(path.parts) if before == 'tests'), '')


def _on_any_database(nodeid: str) -> str:
    for name in DATABASES:
        nodeid = nodeid.replace(name, '')
    return nodeid
