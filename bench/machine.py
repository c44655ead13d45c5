"""How fast this machine is: a fixed piece of Python and of SQLite work, beside the times of the reference machine."""

import math
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

ROUNDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Milliseconds of CPU for the two pieces of work."""

    python: float
    sqlite: float

    def times_slower_than(self, other: 'Speed') -> float:
        """Return how many times slower this machine is, both pieces counted alike."""
        return math.sqrt(self.python / other.python * self.sqlite / other.sqlite)


REFERENCE = Speed(python=10.0, sqlite=9.7)
"""The fastest of 45 rounds on two cores that were shared with others; times in CPU, not by the clock. To be written
anew from what a quiet reference machine prints."""


def measure() -> Speed:
    """Time both pieces of work on this machine; the fastest round is the one that others have disturbed least."""
    return Speed(python=_fastest(_python), sqlite=_fastest(_sqlite))


def _fastest(work: Callable[[], None]) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return min(times)


def _python() -> None:
    """Make, change, sort and encode small objects, as a server of pages does."""
    for number in range(300):
        rows = [
            {'key': (number * 31 + place) % 97, 'name': f'Student {place:04}', 'marks': [place] * 5}
            for place in range(30)
        ]
        rows.sort(key=lambda row: (row['key'], row['name']))
        orjson.loads(orjson.dumps({str(row['key']): row for row in rows}))


def _sqlite() -> None:
    """Write and find rows one by one, in memory, so that no disk is measured."""
    connection = sqlite3.connect(':memory:', isolation_level=None)
    connection.execute(
        'CREATE TABLE work (id INTEGER PRIMARY KEY, person INTEGER, step INTEGER, UNIQUE (person, step))'
    )
    for number in range(1500):
        connection.execute('BEGIN')
        connection.execute('INSERT INTO work (person, step) VALUES (?, ?)', (number % 50, number))
        connection.execute('SELECT count(*) FROM work WHERE person = ?', (number % 50,)).fetchone()
        connection.execute('COMMIT')
    connection.close()
