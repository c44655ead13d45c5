"""Archived months in the order of ids, as the log had them: for what reads everything that people did, in turn."""

import tempfile
import weakref
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from models import ArchivedMonth
from services.activity import archive, log
from services.core.events import Recorded
from services.core.transaction import Transaction


class Unpacked:
    """The lines of a month on the disk, in a file without a name that is gone with this.

    Of each line 16 bytes are in memory. Raises `Refused` where the file of the month is damaged.
    """

    def __init__(self, month: ArchivedMonth) -> None:
        """Unpack a month: some seconds for a million lines."""
        self.month = month.month
        self._file = tempfile.TemporaryFile(dir=archive.folder())  # noqa: SIM115 - it is read later
        weakref.finalize(self, self._file.close)
        ids, places = array('q'), array('q')
        for line in archive.every_line(month):
            ids.append(archive.id_of(line))
            places.append(self._file.tell())
            self._file.write(line)
        order = np.argsort(ids)
        self.ids, self._places = np.asarray(ids)[order], np.asarray(places)[order]

    def lines(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the lines from one place in the order to before another."""
        for place in self._places[max(0, first) : end]:
            self._file.seek(place)
            yield self._file.readline()

    def after(self, position: int, *, until: int) -> Iterator[Recorded]:
        """Yield the activities after one with this id, up to another."""
        first, end = np.searchsorted(self.ids, [position, until], side='right')
        return (log.recorded(archive.values(line)) for line in self.lines(int(first), int(end)))


@dataclass(slots=True)
class Reader:
    """Reads the log as if nothing had left it, for one that follows it; it keeps the month that it is in."""

    _unpacked: Unpacked | None = None

    def after(self, tx: Transaction, position: int, most: int) -> list[Recorded]:
        """Return the activities that were committed after one with this id, oldest first, at most so many.

        Raises `Refused` where the file of an archived month is missing or damaged.
        """
        live = log.after(tx, position, most)  # the log never ends with what is archived
        while live and archive.ends(tx, position) is not None:
            month = _month_after(tx, position)
            if month.gone and (self._unpacked is None or self._unpacked.month != month.month):
                self._unpacked = Unpacked(month)
            archived = self._unpacked.after(position, until=month.gone_until) if self._unpacked and month.gone else ()
            of_month = (each for each in live if each.id <= month.last_id)
            if found := list(islice(merge(archived, of_month, key=lambda each: each.id), most)):
                return found
            position = month.last_id  # where it is the id of nothing: a transaction took it and was rolled back
        self._unpacked = None
        return live


def ids(month: ArchivedMonth, *, after: int) -> list[int]:
    """Return the ids that the file of a month has after one of them, in order; raises `Refused`."""
    found = np.sort(np.fromiter(map(archive.id_of, archive.every_line(month)), dtype=np.int64))
    left: list[int] = found[np.searchsorted(found, after, side='right') :].tolist()
    return left


def _month_after(tx: Transaction, position: int) -> ArchivedMonth:
    ends_later = col(ArchivedMonth.last_id) > position, col(ArchivedMonth.rows) > 0
    months = select(ArchivedMonth).where(*ends_later).order_by(col(ArchivedMonth.last_id)).limit(1)
    return tx.session.scalars(months).one()
