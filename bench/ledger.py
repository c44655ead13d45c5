"""What the database holds in the end, read with a connection of our own, against what students were told."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.student import Tap

LOGGED = """
SELECT users.name, CAST(activities.checkpoint_id AS TEXT), COUNT(*)
FROM activities JOIN users ON users.id = activities.user_id
WHERE activities.verb = 'completed' GROUP BY users.name, activities.checkpoint_id
"""
PROJECTED = """
SELECT users.name, CAST(progress.checkpoint_id AS TEXT), COUNT(*)
FROM progress JOIN users ON users.id = progress.user_id
WHERE progress.completed_at IS NOT NULL GROUP BY users.name, progress.checkpoint_id
"""
DONE = """
SELECT users.name, CAST(progress.checkpoint_id AS TEXT)
FROM progress JOIN users ON users.id = progress.user_id
WHERE progress.completed_at IS NOT NULL
"""
PEER = 'SELECT student, checkpoint, COUNT(*) FROM progress GROUP BY student, checkpoint'


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """How many acknowledged taps are missing, and how many checkpoints are there more than once."""

    acknowledged: int
    lost: int
    doubled: int


def audit(database: Path, query: str, taps: Iterable[Tap]) -> Audit:
    """Compare the receipts with one of the queries above."""
    with closing(sqlite3.connect(f'file:{database}?mode=ro', uri=True)) as connection:
        return _compared(connection.execute(query), taps)


def audit_postgres(url: str, query: str, taps: Iterable[Tap]) -> Audit:
    """The same on PostgreSQL."""
    with psycopg.connect(url.replace('+psycopg', '')) as connection:
        return _compared(connection.execute(query.encode()), taps)


def _compared(rows: Iterable[tuple[str, str, int]], taps: Iterable[Tap]) -> Audit:
    counts = {(student, checkpoint): count for student, checkpoint, count in rows}
    acknowledged = {(tap.student, tap.checkpoint) for tap in taps if tap.answered is not None}
    return Audit(
        acknowledged=len(acknowledged),
        lost=len(acknowledged - counts.keys()),
        doubled=sum(count > 1 for count in counts.values()),
    )


def done(database: Path) -> dict[str, set[str]]:
    """Which checkpoints each student has completed, by name."""
    found: dict[str, set[str]] = {}
    with closing(sqlite3.connect(f'file:{database}?mode=ro', uri=True)) as connection:
        for student, checkpoint in connection.execute(DONE):
            found.setdefault(student, set()).add(checkpoint)
    return found
