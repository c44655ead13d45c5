"""Writing the archive of a month: what leaves the log, person by person, into a file of its own."""

import gzip
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import ColumnElement, Row, func, select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import col

from models import Activity, HeldStatement, table, verbs_where
from services.activity import archive
from services.core.transaction import Transaction

READ_AT_ONCE = 5_000
LEVEL = 6
"""of compression: 9 takes twice as long for a few percent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month that is over, and the ids of the log between which its activities are."""

    month: date
    first_id: int
    last_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where one person is in a file that is being written."""

    user_id: int
    place: int
    size: int
    rows: int


def write(tx: Transaction, span: Span, into: Path) -> list[Part]:
    """Write the file of a month, person by person, onto the disk; returns where each is. Without people, it is gone."""
    log = table(Activity)
    as_kept = [type_coerce(column, NullType()).label(column.name) for column in log.c]
    leaving = select(*as_kept).where(*_leaves(span)).order_by(log.c.user_id, log.c.id)
    found = tx.connection.execute(leaving.execution_options(yield_per=READ_AT_ONCE))
    rows = (_row(row) for row in found)
    with os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'wb') as file:
        parts = list(_written(groupby(rows, key=lambda row: int(row['user_id'])), file))
        file.flush()
        os.fsync(file.fileno())
    if not parts:
        into.unlink()
    return parts


def _written(people: Iterable[tuple[int, Iterable[dict[str, Any]]]], file: IO[bytes]) -> Iterator[Part]:
    for user_id, rows in people:
        theirs = list(rows)
        stays = set({(row['course_id'], row['checkpoint_id']): row['id'] for row in theirs}.values())
        leaving = [orjson.dumps(row) for row in theirs if row['id'] not in stays]
        if leaving:
            packed = gzip.compress(b'\n'.join(leaving) + b'\n', compresslevel=LEVEL, mtime=0)
            yield Part(user_id=user_id, place=file.tell(), size=file.write(packed), rows=len(leaving))


def _row(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return the columns of an activity as JSON has them.

    To read them by their types and write them again takes three times as long; SQLite has moments as text.
    """
    columns = dict(zip(_NAMES, row, strict=True))
    for name in _MOMENTS:
        if isinstance(moment := columns[name], str):
            columns[name] = f'{moment[:10]}T{moment[11:]}+00:00'
    return columns


def _leaves(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Return what leaves the log, and the last of each person at each checkpoint, which stays.

    That last one tells, without the archive, when somebody was last at work.
    """
    start = datetime.combine(span.month, datetime.min.time(), UTC)
    end = datetime.combine(later(span.month, 1), datetime.min.time(), UTC)
    return (
        col(Activity.id).between(span.first_id, span.last_id),
        col(Activity.at) >= start,
        col(Activity.at) < end,
        col(Activity.verb).in_(verbs_where(lambda traits: traits.can_be_archived)),
        col(Activity.about_id).is_(None),
        col(Activity.words) == '',
        col(Activity.id).not_in(select(col(HeldStatement.activity_id))),
    )


def number(tx: Transaction, span: Span) -> int:
    """Return how many activities of a month leave the log."""
    checkpoint = col(Activity.user_id), col(Activity.course_id), col(Activity.checkpoint_id)
    checkpoints = select((func.count() - 1).label('leaving')).where(*_leaves(span)).group_by(*checkpoint).subquery()
    return int(tx.execute(select(func.coalesce(func.sum(checkpoints.c.leaving), 0))).scalar_one())


def put_in_place(part: Path, target: Path) -> str:
    """Give a file that is on the disk its name, on the disk too; returns its SHA-256."""
    sha256 = archive.digest(part)
    part.replace(target)
    for folder in target.parent, target.parent.parent:
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
    return sha256


def later(month: date, months: int) -> date:
    """Return the first day of a month that is so many months later."""
    year, place = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, place + 1, 1)


_NAMES = tuple(table(Activity).c.keys())
_MOMENTS = 'at', 'happened_at'
