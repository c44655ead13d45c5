"""Old activities that have left the log for files, one for each month, read as if they were still in it.

A file has one gzip file for each person, one behind the other, with a line of JSON for each activity, oldest first: any
program that reads gzip reads all of it. Only verbs that `can_be_archived` leave, and the last thing that a person did
at each checkpoint in a month stays. `services/upkeep/archiving.py` writes the files.
"""

import gzip
import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import ArchivedMonth, ArchivedPart, Mode, Verb, table
from services.activity import log
from services.core.errors import Refused
from services.core.events import Recorded
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """What some people did, in the archive and in the log, oldest first: read anew whenever it is iterated."""

    tx: Transaction
    people: Collection[int]
    live: Iterable[Recorded]
    """what the log has, oldest first"""
    after: int = 0
    """the id behind which it begins"""
    until: int | None = None

    def __iter__(self) -> Iterator[Recorded]:
        """Yield them; of the archive, one month of these people is in memory."""
        until = self.until
        rows = of_people(self.tx, self.people, after=self.after)
        archived = (log.recorded(row) for row in rows if until is None or row['id'] <= until)
        return merge(archived, self.live, key=lambda each: each.id)


def of_people(tx: Transaction, people: Collection[int], *, after: int = 0) -> Iterator[dict[str, Any]]:
    """Yield what people did after an activity and is archived, oldest first, as the columns of the log have it."""
    which = col(ArchivedPart.user_id).in_(people), col(ArchivedMonth.last_id) > after, col(ArchivedMonth.gone) > 0
    months = select(col(ArchivedMonth.gone_until), ArchivedPart).join(ArchivedPart, _OF_MONTH).where(*which)
    found = tx.execute(months.order_by(col(ArchivedPart.month), col(ArchivedPart.place))).all()
    for until, parts in groupby(found, key=lambda row: int(row[0])):
        rows = [row for _, part in parts for row in map(values, lines(part)) if after < row['id'] <= until]
        yield from sorted(rows, key=lambda row: int(row['id']))


def counts(tx: Transaction, people: Collection[int], since: int = 0) -> dict[int, int]:
    """Return how many activities each of some people has in those months of the archive that end after an activity.

    While a month leaves the log, all that its file has is counted.
    """
    person, rows = col(ArchivedPart.user_id), func.sum(col(ArchivedPart.rows))
    months = select(person, rows).join(ArchivedMonth, _OF_MONTH).where(person.in_(people), col(ArchivedMonth.gone) > 0)
    by_person = months.where(col(ArchivedMonth.last_id) > since).group_by(person)
    return {id_: int(number) for id_, number in tx.execute(by_person)}


def count_all(tx: Transaction, since: int = 0) -> int:
    """Return how many activities there are in those months of the archive that end after an activity."""
    gone = select(func.coalesce(func.sum(col(ArchivedMonth.gone)), 0)).where(col(ArchivedMonth.last_id) > since)
    return int(tx.execute(gone).scalar_one())


def ends(tx: Transaction, after: int) -> int | None:
    """Return the newest id of the first archived month that ends after an activity; None where there is none."""
    end: int | None = _ENDS.rows(tx.connection, after=after)[0][0]  # each follower asks before each slice
    return end


def lines(part: ArchivedPart) -> list[bytes]:
    """Return what the file of a month has of a person, a line of JSON for each activity; raises `Refused`."""
    try:
        with path(part.month).open('rb') as file:
            file.seek(part.place)
            found = gzip.decompress(file.read(part.size)).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(part.month) from error
    if len(found) != part.rows:
        raise _damaged(part.month)
    return found


def every_line(month: ArchivedMonth) -> Iterator[bytes]:
    """Yield the lines of a file, person by person; raises `Refused` where they are not what was written."""
    number = 0
    try:
        with gzip.open(path(month.month)) as packed:
            for line in packed:
                number += 1
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(month.month) from error
    if number != month.rows:
        raise _damaged(month.month)


def id_of(line: bytes) -> int:
    """Return the id of an activity, the first column, without a look at the others."""
    return int(line[len(b'{"id":') : line.index(b',')])


def values(line: bytes) -> dict[str, Any]:
    """Return the columns of an activity, as the log has them."""
    row: dict[str, Any] = orjson.loads(line)
    return row | {name: read(row[name]) for name, read in _TYPES.items() if row[name] is not None}


def broken(tx: Transaction) -> list[str]:
    """Return one line for each archived month whose file is not what was written."""
    months: Iterable[ArchivedMonth] = tx.session.scalars(select(ArchivedMonth).order_by(col(ArchivedMonth.month)))
    return [f'archive {each.month:%Y-%m}: {path(each.month)} is not what was written' for each in months if _bad(each)]


def check(month: ArchivedMonth) -> None:
    """Raise `Refused` if the file of a month is not what was written."""
    if _bad(month):
        raise _damaged(month.month)


def path(month: date) -> Path:
    """Return where the file of a month is."""
    return folder() / f'{month:%Y-%m}.jsonl.gz'


def folder() -> Path:
    """Return where all files are."""
    return settings().data_dir / 'archive'


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with file.open('rb') as reading:
        return hashlib.file_digest(reading, 'sha256').hexdigest()


def _bad(month: ArchivedMonth) -> bool:
    try:
        return bool(month.rows) and digest(path(month.month)) != month.sha256
    except OSError:
        return True


def _damaged(month: date) -> Refused:
    return Refused(
        'The archive of {month} is missing or damaged: {path}. Bring this file back from a back-up.',
        month=f'{month:%Y-%m}',
        path=str(path(month)),
    )


_TYPES = {
    'verb': Verb,
    'mode': Mode,
    'at': datetime.fromisoformat,
    'happened_at': datetime.fromisoformat,
    'local_date': date.fromisoformat,
}


_months = table(ArchivedMonth)
_OF_MONTH = col(ArchivedMonth.month) == col(ArchivedPart.month)
_ENDS = Prepared(select(func.min(_months.c.last_id)).where(_months.c.last_id > bindparam('after'), _months.c.rows > 0))
