"""The time that groups of a course, and the courses of a school, invested by month: made to be handed on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.analytics import definitions, k_rule
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.reports.exports import days
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Column, Row

TOO_FEW = phrase('fewer than {number}', number=k_rule.IN_COURSE)
HIDDEN = phrase('too few')
"""of a course in the school; it looks the same whether the course is too small or one of its groups"""
KEYS = 'month_learners', 'study_hours', 'class_hours', 'mean_hours'
"""the figures, as the registry defines them"""
TIMES = tuple(Column(key=key, name=definitions.of(key).name) for key in KEYS)
MONTH = Column(key='month', name=phrase('Month'))
OF_COURSE = MONTH, Column(key='group', name=phrase('Group')), *TIMES
OF_SCHOOL = MONTH, Column(key='course', name=phrase('Course')), *TIMES


@dataclass(slots=True)
class Time:
    """The time of one group in one month."""

    people: set[int] = field(default_factory=set)
    study: int = 0
    """seconds"""
    in_class: int = 0
    """seconds"""


def of_groups(tx: Transaction, found: Scope) -> dict[tuple[str, str], Time]:
    """Return the time by month and group, in order."""
    times: defaultdict[tuple[str, str], Time] = defaultdict(Time)

    def of(user_id: int, month: str) -> Time:
        time = times[month, found.learners[user_id].group]
        time.people.add(user_id)
        return time

    for user_id, month, seconds in days.studied_by_month(tx, found):
        if seconds:
            of(user_id, month).study += seconds
    for user_id, day, seconds in days.in_class(tx, found, found.learners):
        if seconds:
            of(user_id, f'{day:%Y-%m}').in_class += seconds
    return dict(sorted(times.items()))


def group_rows(tx: Transaction, found: Scope) -> list[Row]:
    """Return the rows of a course, by group; nothing of fewer than five learners.

    There is no row of all groups, from which and from the others the time of a small one could be computed.
    """
    return [
        (month, group, *(_cells(time) if _are_enough(time, k_rule.IN_COURSE) else _hidden(found.say(TOO_FEW))))
        for (month, group), time in of_groups(tx, found).items()
    ]


def course_rows(tx: Transaction, found: Scope) -> list[Row]:
    """Return the rows of a course as one among others of the school: by month, and nothing of fewer than ten learners.

    The rows of its groups may be known too, so what is not said there must not be what is left of the course.
    """
    months: defaultdict[str, list[Time]] = defaultdict(list)
    for (month, _), time in of_groups(tx, found).items():
        months[month].append(time)
    return [
        (month, found.title, *(_cells(_together(times)) if _may_be_said(times) else _hidden(found.say(HIDDEN))))
        for month, times in months.items()
    ]


def _may_be_said(times: Sequence[Time]) -> bool:
    small = _together([time for time in times if not _are_enough(time, k_rule.IN_COURSE)])
    return _are_enough(_together(times), k_rule.SITE_WIDE) and (
        not small.people or _are_enough(small, k_rule.SITE_WIDE)
    )


def _together(times: Sequence[Time]) -> Time:
    return Time(
        people=set().union(*(time.people for time in times)),
        study=sum(time.study for time in times),
        in_class=sum(time.in_class for time in times),
    )


def _are_enough(time: Time, k: int) -> bool:
    return len(time.people) >= k


def _cells(time: Time) -> Row:
    people = len(time.people)
    return people, _hours(time.study), _hours(time.in_class), _hours((time.study + time.in_class) // people)


def _hidden(words: str) -> Row:
    return words, None, None, None


def _hours(seconds: int) -> float:
    return round(seconds / 3600, 1)
