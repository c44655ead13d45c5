"""Looks at the data of other people: each is a row on the disk before what was looked at leaves the server.

The rows are a chain: each has the hash of the one before it. `broken` finds a row that was changed, and a place where
one was taken out.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import col

from models import Enrollment, Look, table
from services.core.sql.prepared import Prepared

if TYPE_CHECKING:
    from services.core.transaction import Transaction

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One view of a page or file with data of one other person, or of everybody in a course."""

    by_id: int
    page: str
    about_id: int | None
    course_id: int | None


def record(tx: 'Transaction', looks: Sequence[Looked]) -> None:
    """Add looks to the chain. One writer at a time has the database, so nobody adds another meanwhile."""
    for look in looks:
        ((before, people),) = _LAST.rows(tx.connection, course=look.course_id or 0)
        row = {
            'at': tx.now,
            'by_id': look.by_id,
            'about_id': look.about_id,
            'course_id': look.course_id,
            'page': look.page,
            'people': 1 if look.about_id else people,
            'before': before or '',
        }
        list(_ADD.rows(tx.connection, **row, link=_link(row)))


def record_all(tx: 'Transaction', many: Sequence[Sequence[Looked]]) -> list[None]:
    """Add the looks of all who wait to the chain."""
    for looks in many:
        record(tx, looks)
    return [None] * len(many)


def broken(tx: 'Transaction') -> Iterator[str]:
    """Yield a line for each row that is not what was written, and for each gap; the oldest may be gone for good."""
    rows = tx.session.scalars(select(Look).order_by(col(Look.id)).execution_options(yield_per=ROWS_AT_ONCE))
    before = None
    for row in rows:
        if row.link != _link(row.model_dump(exclude={'id', 'link'})):
            yield f'look {row.id}: is not what was written'
        if before is not None and row.before != before:
            yield f'look {row.id}: does not follow from the one before it'
        before = row.link
        tx.session.expunge(row)


def _link(row: dict[str, object]) -> str:
    at = row['at']
    assert isinstance(at, datetime)
    told = [
        row['before'],
        at.isoformat(),
        *(row[name] for name in ('by_id', 'about_id', 'course_id', 'page', 'people')),
    ]
    return hashlib.sha256('\n'.join(map(str, told)).encode()).hexdigest()


_looks, _enrollments = table(Look), table(Enrollment)
_LAST = Prepared(
    select(
        select(_looks.c.link).order_by(_looks.c.id.desc()).limit(1).scalar_subquery(),
        select(func.count())
        .select_from(_enrollments)
        .where(_enrollments.c.course_id == bindparam('course'), _enrollments.c.removed_at.is_(None))
        .scalar_subquery(),
    )
)
_ADD = Prepared(
    insert(_looks).returning(_looks.c.id),
    columns=('at', 'by_id', 'about_id', 'course_id', 'page', 'people', 'before', 'link'),
)
