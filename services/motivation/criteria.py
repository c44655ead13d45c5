"""What a badge is given for, as data: what is counted, in which span of time, and how much of it is enough."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from models import PointReason


class Measure(StrEnum):
    """How what a learner has done is measured."""

    COUNT = 'count'
    SUM = 'sum'
    """of points"""
    DISTINCT = 'distinct'
    """how many different ones of `of` it is about"""
    RUN = 'run'
    """how many days of learning follow on each other"""
    ALL = 'all'
    """whether nothing of `of` is missing: 1 or 0"""


class Of(StrEnum):
    """What is told apart, or has to be complete."""

    NOTHING = ''
    COURSE = 'course'
    SUBJECT = 'subject'
    DAY = 'day'
    WEEK_BEGUN = 'week_begun'
    """the checkpoints of the course that were started in this week"""


class Span(StrEnum):
    """In which time it has to happen."""

    DAY = 'day'
    WEEK = 'week'
    EVER = 'ever'


class Deed(NamedTuple):
    """Something that a learner has done, as the ledger has it."""

    user_id: int
    reason: PointReason
    course_id: int
    subject: str
    points: int
    local_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a badge is given for."""

    when: tuple[PointReason, ...]
    measure: Measure = Measure.COUNT
    of: Of = Of.NOTHING
    within: Span = Span.EVER
    at_least: int = 1
    course_id: int | None = None
    """where only what is done in one course counts"""


def monday_of(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())


def first_of(within: Span, day: date) -> date:
    """Return the first day of the span in which a day is."""
    return {Span.DAY: day, Span.WEEK: monday_of(day), Span.EVER: date.min}[within]


def best(criteria: Criteria, deeds: Iterable[Deed]) -> int:
    """Return how much of what is counted was done in the best span of time; of one learner."""
    spans: dict[date, list[Deed]] = defaultdict(list)
    for deed in deeds:
        if deed.reason in criteria.when and criteria.course_id in (None, deed.course_id):
            spans[first_of(criteria.within, deed.local_date)].append(deed)
    return max((_measured(criteria, each) for each in spans.values()), default=0)


def _measured(criteria: Criteria, deeds: Sequence[Deed]) -> int:
    if criteria.measure is Measure.SUM:
        return sum(deed.points for deed in deeds)
    if criteria.measure is Measure.DISTINCT:
        return len({_told_apart(criteria.of, deed) for deed in deeds} - {''})
    return len(deeds)


def _told_apart(of: Of, deed: Deed) -> object:
    return {Of.COURSE: deed.course_id, Of.SUBJECT: deed.subject.strip().casefold(), Of.DAY: deed.local_date}[of]
