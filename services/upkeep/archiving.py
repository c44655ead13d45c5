"""Old activities leave the log for files at night, by month, where `ACTIVITY_ARCHIVE_MONTHS` asks for it.

Nothing leaves the log before the file with it is on the disk, whole, under its name, and the database knows its
checksum. What was killed before that begins anew; what was killed later goes on. See docs/decisions/0066-archive.md.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from models import Activity, ArchivedMonth, ArchivedPart, FollowerState
from services import access, followers
from services.access import Actor
from services.activity import archive, archive_order
from services.activity.archive_order import Unpacked
from services.core import clock, database, school, server_log
from services.core.errors import Refused
from services.core.jobs import Kind
from services.core.threads import Line
from services.core.transaction import Transaction
from services.lms import statements_out
from services.upkeep import archive_moving as moving
from services.upkeep import archive_writing as writing
from services.upkeep.archive_writing import Part, Span, later
from settings import settings

NAME = 'archive'
NIGHT = range(1, 5)
"""hours of the school's day"""
PARTS_AT_ONCE = 500
"""people whose places in a file are written down in one transaction"""
SHOWN = 3
"""months that an admin sees with their numbers"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What leaves the log in the coming night."""

    months: int
    numbers: Sequence[tuple[date, int]]
    """how many activities, for the oldest of these months"""


def kind() -> Kind:
    """Return the job that archives at night."""
    return Kind(name=NAME, work=lambda _: _nightly(), repeats=timedelta(minutes=30))


async def _nightly() -> None:
    if clock.now().astimezone(ZoneInfo(school.current().time_zone)).hour in NIGHT:
        await archive_all()


def preview(tx: Transaction, actor: Actor | None) -> Due:
    """Return what leaves in the coming night, for an admin; nothing is changed."""
    access.admin(tx, actor)
    found = due(tx)
    return Due(months=len(found), numbers=[(span.month, writing.number(tx, span)) for span in found[:SHOWN]])


async def archive_all() -> None:
    """Archive every month that is old enough, after what was begun before."""
    if not settings().activity_archive_months:
        return
    with _alone():
        await _clear()
        for span in await database.read(due):
            await _archive(span)


def due(tx: Transaction) -> list[Span]:
    """Return the months that are old enough, and that everything which follows the log has taken, oldest first."""
    months = settings().activity_archive_months
    oldest = tx.execute(select(col(Activity.at)).order_by(col(Activity.id)).limit(1)).scalar()
    if not months or oldest is None:
        return []
    known = set(tx.execute(select(col(ArchivedMonth.month))).scalars())
    found: list[Span] = []
    month, first = oldest.date().replace(day=1), 0
    while later(month, months + 1) <= tx.now.date().replace(day=1):
        behind = _first_of(tx, later(month, 1), first)
        if behind is None or not _is_taken(tx, behind - 1):
            break
        if month not in known:
            found.append(Span(month=month, first_id=first, last_id=behind - 1))
        month, first = later(month, 1), behind
    return found


async def bring_back() -> int:
    """Put everything that is archived back into the log; returns how many activities that were."""
    if settings().activity_archive_months:
        raise Refused('Set ACTIVITY_ARCHIVE_MONTHS=0 first: otherwise they leave again in the coming night.')
    number = 0
    with _alone():
        while month := await database.read(moving.gone):
            number += await _bring_back(month)
        await database.write(moving.forget)
    return number


async def _bring_back(month: ArchivedMonth) -> int:
    """Put a month back into the log, the newest of it first."""
    unpacked = await _thread.run(Unpacked, month)
    since = month.gone_until
    for end in range(month.gone, 0, -moving.ROWS_AT_ONCE):
        first = max(0, end - moving.ROWS_AT_ONCE)
        until = int(unpacked.ids[first - 1]) if first else 0
        lines = list(unpacked.lines(first, end))
        await database.write(moving.put_back, month.month, lines, since=since, until=until)
        since = until
    return month.gone


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes away from the files, also one whose lease of the job has run out; raises `Refused`."""
    archive.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(archive.folder(), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused('Another process is at the archive. Try again when it has ended.') from error
        yield
    finally:
        os.close(folder)


async def _archive(span: Span) -> None:
    await database.write(_begin, span.month)
    part = archive.path(span.month).with_suffix('.part')
    parts = await database.read(writing.write, span, part)
    sha256 = await _thread.run(writing.put_in_place, part, archive.path(span.month)) if parts else ''
    for start in range(0, len(parts), PARTS_AT_ONCE):
        await database.write(_keep_parts, span.month, parts[start : start + PARTS_AT_ONCE])
    await database.write(_keep_month, span, sum(each.rows for each in parts), sha256)
    await _clear()
    server_log.write('activities archived', month=f'{span.month:%Y-%m}', rows=sum(each.rows for each in parts))


async def _clear() -> None:
    """Delete from the log what files have, some activities at a time."""
    while month := await database.read(moving.leaving):
        await _thread.run(archive.check, month)
        ids = await _thread.run(archive_order.ids, month, after=month.gone_until)
        since = month.gone_until
        for start in range(0, len(ids), moving.ROWS_AT_ONCE):
            some = ids[start : start + moving.ROWS_AT_ONCE]
            await database.write(moving.remove, month.month, some, since=since)
            since = some[-1]


def _begin(tx: Transaction, month: date) -> None:
    """Forget what is known of a file that was not finished."""
    tx.execute(delete(ArchivedPart).where(col(ArchivedPart.month) == month))


def _keep_parts(tx: Transaction, month: date, parts: Sequence[Part]) -> None:
    tx.execute(insert(ArchivedPart), [{'month': month, **asdict(each)} for each in parts])


def _keep_month(tx: Transaction, span: Span, number: int, sha256: str) -> None:
    """From here on the file is the archive of its month."""
    tx.session.add(
        ArchivedMonth(month=span.month, rows=number, last_id=span.last_id, sha256=sha256, archived_at=tx.now)
    )


def _is_taken(tx: Transaction, last_id: int) -> bool:
    """Tell whether everything that follows the log has taken an activity."""
    position = dict(tx.execute(select(col(FollowerState.name), col(FollowerState.position))).all())
    clearing = tx.execute(select(func.count()).where(col(FollowerState.is_clearing))).scalar_one()
    are_past = all(position.get(each.name, 0) >= last_id for each in followers.ALL)
    return are_past and not clearing and statements_out.has_taken(tx, last_id)


def _first_of(tx: Transaction, month: date, since: int) -> int | None:
    """Return the id of the first activity that was recorded from a month on; None if there is none yet."""
    start = datetime.combine(month, datetime.min.time(), UTC)
    found = select(col(Activity.id)).where(col(Activity.id) >= since, col(Activity.at) >= start)
    return tx.execute(found.order_by(col(Activity.id)).limit(1)).scalar()


_thread = Line('archive', threads=1, most_waiting=1, busy_for=600)
