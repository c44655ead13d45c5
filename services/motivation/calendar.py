"""On which days nobody, or one learner, needs to learn: weekends, days off of the school, and pauses."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from models import SchoolSettings, StreakPause, table
from services import access
from services.access import Actor
from services.accounts import school_settings
from services.core.errors import Invalid
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation.streaks import is_weekend

MOST_SPANS = 100
LONGEST_DAYS = 366
LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """Some days that follow on each other."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= day <= self.last


def free_days(tx: Transaction) -> tuple[DaySpan, ...]:
    """Return the days off of the school, earliest first; everybody may know them."""
    ((stored,),) = _FREE.rows(tx.connection) or [([],)]
    return tuple(sorted(DaySpan(date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored or []))


def own(tx: Transaction, actor: Actor | None) -> tuple[DaySpan, ...]:
    """Return the days off of the school to an admin."""
    access.admin(tx, actor)
    return free_days(tx)


def choose_free_days(tx: Transaction, actor: Actor | None, *, lines: str) -> tuple[DaySpan, ...]:
    """Store the days off of the school: a date, or a first and a last one, in each line."""
    actor = access.admin(tx, actor)
    spans = _read(lines)
    id_ = school_settings.ONLY
    row = tx.session.get(SchoolSettings, id_) or SchoolSettings(id=id_, created_at=tx.now, updated_at=tx.now)
    row.free_days = [[span.first.isoformat(), span.last.isoformat()] for span in spans]
    row.updated_at = tx.now
    tx.session.add(row)
    tx.note('days off changed', by=actor.user_id, spans=len(spans))
    return spans


def of_learners(tx: Transaction, people: Collection[int]) -> Mapping[int, tuple[DaySpan, ...]]:
    """Return the days off of the school and those of each of some learners; the caller has checked who may see them."""
    of_school = free_days(tx)
    found = dict.fromkeys(people, of_school)
    for user_id, first, last in _PAUSES.rows(tx.connection, people=sorted(people)):
        found[user_id] = (*found[user_id], DaySpan(first, last))
    return found


def is_free_in(spans: Sequence[DaySpan]) -> Callable[[date], bool]:
    """Return what tells whether a day is one on which nobody needs to learn."""
    days = {day for span in spans for day in _days(span)}
    return lambda day: is_weekend(day) or day in days


def check_span(first: date, last: date) -> DaySpan:
    """Return a span of days, or raise `Invalid`."""
    if last < first:
        raise Invalid('The last day is before the first one.', field='last')
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid('Name at most {most} days at a time.', most=LONGEST_DAYS, field='last')
    return DaySpan(first, last)


def _read(lines: str) -> tuple[DaySpan, ...]:
    if len(lines) > LONGEST_TEXT:
        raise Invalid('Use at most {most} lines.', most=MOST_SPANS, field='lines')
    spans = [_read_line(line) for line in lines.splitlines() if line.strip()]
    if len(spans) > MOST_SPANS:
        raise Invalid('Use at most {most} lines.', most=MOST_SPANS, field='lines')
    return tuple(sorted(set(spans)))


def _read_line(line: str) -> DaySpan:
    found = _LINE.fullmatch(line.strip())
    try:
        if not found:
            raise ValueError(line)
        first = date.fromisoformat(found['first'])
        last = date.fromisoformat(found['last'] or found['first'])
    except ValueError:
        raise Invalid(
            'This line is not a date or two: {line}. Write 2026-12-24 – 2027-01-06.',
            line=line.strip()[:40],
            field='lines',
        ) from None
    return check_span(first, last)


def _days(span: DaySpan) -> Iterable[date]:
    return (span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1))


_LINE = re.compile(r'(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*(?:-|–|—|to)\s*(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2}))?')
_pauses, _school = table(StreakPause), table(SchoolSettings)
_FREE = Prepared(select(_school.c.free_days).where(_school.c.id == school_settings.ONLY))
_PAUSES = Prepared(
    select(_pauses.c.user_id, _pauses.c.first_day, _pauses.c.last_day)
    .where(among(_pauses.c.user_id, 'people'))
    .order_by(_pauses.c.first_day)
)
