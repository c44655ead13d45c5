"""What is kept for some days only is forgotten at night, as it is declared; guests who never came back are erased.

Where all columns of a table have the same end, its rows are deleted. Where only some have one, these are emptied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, false, func, select
from sqlmodel import col

from models import Activity, Look, SignIn, User, metadata
from models.personal import TABLES, Erase, Export, Kept, Until
from services import access
from services.access import Actor
from services.core import clock, database, school, server_log
from services.core.errors import Refused
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.privacy import emptying, erasing, holds, rows
from services.privacy.emptying import Slice
from settings import settings

NAME = 'retention'
NIGHT = range(1, 5)
"""hours of the school's day"""
SLICES_AT_ONCE = 25
GUESTS_AT_ONCE = 50
CHAINED = frozenset({str(Look.__tablename__)})
"""tables from which only the oldest rows may go: a gap would look as if somebody had taken one out"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Some columns of a table, and for how many days they are kept."""

    table: str
    kept: Kept
    days: int
    is_whole: bool
    """whether the row goes, and not only what the columns say"""

    def is_over(self, tx: Transaction) -> ColumnElement[bool]:
        """Return which rows have been kept for long enough; those of people whom a law asks for stay."""
        table = metadata.tables[self.table]
        over = table.c[self.kept.until.since] < tx.now - timedelta(days=self.days)
        if self.table not in CHAINED and (held := holds.held(tx)):
            over &= ~func.coalesce(rows.theirs(table, held), false())
        return over if self.is_whole else over & emptying.is_full(table, self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What goes in the coming night."""

    what: str
    """in English, and the key of its translations"""
    days: int
    number: int
    is_whole: bool


def rules() -> Iterator[Rule]:
    """Yield what is kept for some days only."""
    for declared in TABLES.values():
        ends = {kept.until for kept in declared.personal}
        is_whole = len(ends) == 1
        in_words = sorted(declared.personal, key=lambda kept: kept.on_export is not Export.INCLUDE)
        for kept in in_words[:1] if is_whole else declared.personal:
            days = _days(kept.until)
            if days and (is_whole or kept.on_erase is Erase.REPLACE):
                yield Rule(table=declared.name, kept=kept, days=days, is_whole=is_whole)


def _days(until: Until) -> int:
    return int(getattr(settings(), until.setting)) if until.setting else until.days or 0


def preview(tx: Transaction, actor: Actor | None) -> tuple[Due, ...]:
    """Return what goes in the coming night, for an admin; nothing is changed."""
    access.admin(tx, actor)
    return due(tx)


def due(tx: Transaction) -> tuple[Due, ...]:
    """Return the same; the caller has checked that it may."""
    found = []
    for rule in rules():
        over = select(func.count()).select_from(metadata.tables[rule.table]).where(rule.is_over(tx))
        found.append(
            Due(
                what=rule.kept.what,
                days=rule.days,
                number=tx.execute(over).scalar_one(),
                is_whole=rule.is_whole,
            )
        )
    days = settings().guest_retention_days
    gone = select(func.count()).select_from(User).where(*_never_came_back(tx.now, days))
    if days:
        found.append(Due(what=GUESTS, days=days, number=tx.execute(gone).scalar_one(), is_whole=True))
    return tuple(each for each in found if each.number)


async def forget() -> None:
    """Forget everything whose time is over, some rows at a time."""
    for rule in rules():
        number = 0
        while parts := await database.read(_slices, rule):
            for part in parts:
                await database.write(emptying.work_off, part)
            number += sum(len(part.keys) for part in parts)
        if number:
            server_log.write('data forgotten', table=rule.table, columns=' '.join(rule.kept.columns), rows=number)
    await _erase_guests()


def _slices(tx: Transaction, rule: Rule) -> list[Slice]:
    kept = None if rule.is_whole else rule.kept
    table = metadata.tables[rule.table]
    return emptying.cut(tx, table, rule.is_over(tx), kept, most=SLICES_AT_ONCE * emptying.ROWS_AT_ONCE)


async def _erase_guests() -> None:
    if not settings().guest_retention_days:
        return
    after = 0
    while guests := await database.read(_guests, after):
        for user_id in guests:
            try:
                await erasing.erase_by_itself(user_id)
            except Refused:  # their data must be kept
                continue
        after = guests[-1]


def _guests(tx: Transaction, after: int) -> list[int]:
    gone = _never_came_back(tx.now, settings().guest_retention_days)
    rows = select(col(User.id)).where(*gone, col(User.id) > after).order_by(col(User.id)).limit(GUESTS_AT_ONCE)
    return list(tx.execute(rows).scalars())


def _never_came_back(now: datetime, days: int) -> tuple[ColumnElement[bool], ...]:
    """Return which people are guests of whom nothing was heard for some days; not those who turned out to be others."""
    before = now - timedelta(days=days)
    own = col(User.id)
    return (
        col(User.rejoin_code).is_not(None),
        col(User.password_hash).is_(None),
        col(User.merged_into_id).is_(None),
        col(User.erased_at).is_(None),
        col(User.created_at) < before,
        ~exists().where(col(SignIn.user_id) == own, col(SignIn.seen_at) >= before),
        ~exists().where(col(Activity.user_id) == own, col(Activity.at) >= before),
    )


def kind() -> Kind:
    """Return the job that forgets at night."""
    return Kind(name=NAME, work=lambda _: _nightly(), repeats=timedelta(minutes=30))


async def _nightly() -> None:
    if clock.now().astimezone(ZoneInfo(school.current().time_zone)).hour in NIGHT:
        await forget()


GUESTS = 'guests who have not come back'
