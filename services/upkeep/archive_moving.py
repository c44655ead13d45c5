"""Moving activities between the log and the files of the archive, some in each transaction, either way.

They leave in the order of their ids, so that each transaction changes few pages of the log, and one number says how far
it is. They come back in the opposite order.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from models import Activity, ArchivedMonth, ArchivedPart, table
from services.activity import archive
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

ROWS_AT_ONCE = 1_000
"""of the log, in one transaction, which takes some 20 ms: half of them would take more than half of that"""


def leaving(tx: Transaction) -> ArchivedMonth | None:
    """Return the oldest month of which something is in the log yet that its file has."""
    is_left = col(ArchivedMonth.gone) < col(ArchivedMonth.rows)
    return tx.session.scalars(select(ArchivedMonth).where(is_left).order_by(col(ArchivedMonth.month))).first()


def gone(tx: Transaction) -> ArchivedMonth | None:
    """Return the newest month of which something has left the log."""
    has_gone = col(ArchivedMonth.gone) > 0
    return tx.session.scalars(select(ArchivedMonth).where(has_gone).order_by(col(ArchivedMonth.month).desc())).first()


def remove(tx: Transaction, month: date, ids: Sequence[int], *, since: int) -> None:
    """Delete from the log what a file has, up to the last of these ids; from the same moment on it counts there."""
    _move(tx, month, since=since, until=ids[-1], number=len(ids))
    if len(_REMOVE.rows(tx.connection, ids=ids)) != len(ids):
        raise RuntimeError('what the archive has is not in the log')  # nothing is deleted then


def put_back(tx: Transaction, month: date, lines: Sequence[bytes], *, since: int, until: int) -> None:
    """Write into the log again what a file has after an activity; from the same moment on it counts there."""
    _move(tx, month, since=since, until=until, number=-len(lines))
    tx.execute(insert(table(Activity)), [archive.values(line) for line in lines])


def _move(tx: Transaction, month: date, *, since: int, until: int, number: int) -> None:
    """Say up to where a month has left the log, unless another process was faster."""
    as_found = col(ArchivedMonth.month) == month, col(ArchivedMonth.gone_until) == since
    moved = {'gone_until': until, 'gone': col(ArchivedMonth.gone) + number}
    if tx.change(update(ArchivedMonth).where(*as_found).values(moved)) != 1:
        raise RuntimeError('another process archives the same month')


def forget(tx: Transaction) -> None:
    """Forget the files, once everything is in the log again; they stay until the next of their name."""
    for kept in (ArchivedPart, ArchivedMonth):
        tx.execute(delete(kept))


_log = table(Activity)
_REMOVE = Prepared(delete(_log).where(among(_log.c.id, 'ids')).returning(_log.c.id))
