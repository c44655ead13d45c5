"""Moving activities between the log and the files of the archive, some in each transaction, either way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, delete, insert, select, update
from sqlmodel import col

from models import Activity, ArchivedMonth, ArchivedPart, table
from services.activity import archive
from services.core.database import Transaction

ROWS_AT_ONCE = 400
"""of the log, in one transaction: what waits for it waits for a few milliseconds"""
PARTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some activities of one person that a file has, and how many of theirs have left the log before and after that."""

    month: date
    user_id: int
    before: int
    after: int
    lines: Sequence[bytes]


def check(tx: Transaction) -> None:
    """Raise `Refused` if a file is damaged of which not everything has left the log yet."""
    for month in tx.session.scalars(select(ArchivedMonth).where(col(ArchivedMonth.month).in_(_unfinished()))):
        archive.check(month)


def left(tx: Transaction) -> list[Piece]:
    """Return what is to be deleted from the log next."""
    return [
        Piece(month=each.month, user_id=each.user_id, before=at, after=at + len(some), lines=some)
        for each, lines in _parts(tx, col(ArchivedPart.month).in_(_unfinished()), _IS_LEFT)
        for at in range(each.gone, each.rows, ROWS_AT_ONCE)
        for some in (lines[at : at + ROWS_AT_ONCE],)
    ]


def gone(tx: Transaction) -> list[Piece]:
    """Return what is to be put back into the log next, of each person the newest first."""
    return [
        Piece(month=each.month, user_id=each.user_id, before=at, after=at - len(some), lines=some)
        for each, lines in _parts(tx, col(ArchivedPart.gone) > 0)
        for at in range(each.gone, 0, -ROWS_AT_ONCE)
        for some in (lines[max(0, at - ROWS_AT_ONCE) : at],)
    ]


def _parts(tx: Transaction, *which: ColumnElement[bool]) -> Iterator[tuple[ArchivedPart, list[bytes]]]:
    order = col(ArchivedPart.month), col(ArchivedPart.place)
    for part in tx.session.scalars(select(ArchivedPart).where(*which).order_by(*order).limit(PARTS_AT_ONCE)):
        yield part, archive.lines(part.month, part)


def together(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces together, as many as one transaction takes."""
    some: list[Piece] = []
    for each in pieces:
        if some and sum(len(other.lines) for other in some) + len(each.lines) > ROWS_AT_ONCE:
            yield some
            some = []
        some.append(each)
    if some:
        yield some


def remove(tx: Transaction, pieces: Sequence[Piece]) -> None:
    """Delete from the log what a file has; from the same moment on it counts there."""
    _move(tx, pieces)
    ids = [orjson.loads(line)['id'] for each in pieces for line in each.lines]
    if tx.change(delete(Activity).where(col(Activity.id).in_(ids))) != len(ids):
        raise RuntimeError('what the archive has is not in the log')  # nothing is deleted then


def put_back(tx: Transaction, pieces: Sequence[Piece]) -> None:
    """Write into the log again what a file has; from the same moment on it counts there."""
    _move(tx, pieces)
    tx.execute(insert(table(Activity)), [archive.values(line) for each in pieces for line in each.lines])


def _move(tx: Transaction, pieces: Sequence[Piece]) -> None:
    """Say of parts how much of them is gone, unless another process was faster."""
    for each in pieces:
        part = col(ArchivedPart.month) == each.month, col(ArchivedPart.user_id) == each.user_id
        as_found = col(ArchivedPart.gone) == each.before
        if tx.change(update(ArchivedPart).where(*part, as_found).values(gone=each.after)) != 1:
            raise RuntimeError('another process archives the same month')


def forget(tx: Transaction) -> None:
    """Forget the files, once everything is in the log again; they stay until the next of their name."""
    for kept in (ArchivedPart, ArchivedMonth):
        tx.execute(delete(kept))


def _unfinished() -> Select[Any]:
    """Return the archived months of which something is in the log yet."""
    months = select(col(ArchivedMonth.month)).join(ArchivedPart, col(ArchivedPart.month) == col(ArchivedMonth.month))
    return months.where(_IS_LEFT)


_IS_LEFT = col(ArchivedPart.gone) < col(ArchivedPart.rows)
