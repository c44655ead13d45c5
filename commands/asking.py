"""What all commands have in common: their exit codes, what they ask, and a bar that says how far they are."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

DIFFERS, REFUSED = 1, 2
"""exit codes: something is not as it should be; what was asked for cannot be done"""

Namespace = argparse.Namespace
Say = Callable[[str, int, int], object]


def says_yes() -> bool:
    """Ask before something is done for good; nobody to ask is no yes."""
    try:
        return input('Go on? Type “yes”: ').strip().lower() == 'yes'
    except EOFError:
        return False


@contextmanager
def bar() -> Iterator[Say]:
    """Show a bar on a terminal, and nothing where the output is kept."""
    columns = TextColumn('{task.description:<28.28}'), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task('', total=None)
        yield lambda name, done, of: bar.update(task, description=name, completed=done, total=of)
