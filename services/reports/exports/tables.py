"""The tables that can be taken away: their columns and, a page at a time, their rows."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from models import ExportTable
from services.analytics import k_rule
from services.core.database import Transaction
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.grades import sources
from services.reports.exports import activities, days
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Column, Page, Row

NAMES: Mapping[ExportTable, Phrase] = {
    ExportTable.LEARNERS: phrase('Learners'),
    ExportTable.DAYS: phrase('Learners by day'),
    ExportTable.MONTHS: phrase('Time by group and month'),
    ExportTable.ACTIVITIES: phrase('Everything that was done'),
}
TOO_FEW = phrase('fewer than {number}', number=k_rule.IN_COURSE)


def columns(found: Scope) -> tuple[Column, ...]:
    """Return the columns of the table that is asked for."""
    return _TABLES[found.what].columns


def page(tx: Transaction, found: Scope, position: int = 0) -> Page:
    """Return the rows from a position on; the first page begins at 0."""
    return _TABLES[found.what].page(tx, found, position)


def check(found: Scope) -> None:
    """Raise `Invalid` where a table cannot be asked for like this."""
    if found.what is ExportTable.MONTHS and found.is_chosen:
        raise Invalid('Times by month are of groups. Choose nobody by name.', field='people')


def most_rows(found: Scope) -> int:
    """Return how many rows there can be at most, where that is known without reading them; else 0."""
    if found.what is ExportTable.DAYS:
        return len(found.learners) * ((found.until - found.since).days + 1)
    return 0


def _learners(tx: Transaction, found: Scope, position: int) -> Page:
    scores = sources.results(tx, found.course_id).by_learner
    rows: list[Row] = []
    for people in days.in_parts(found):
        for user_id, its in days.of_people(tx, found, people).items():
            learner, reached = found.learners[user_id], scores.get(user_id, {})
            rows.append(
                (
                    *(learner.name, learner.group, learner.shown_id, learner.percent, learner.done),
                    sum(day.completed for day in its.values()),
                    sum(day.is_active for day in its.values()),
                    _minutes(sum(day.study_seconds for day in its.values())),
                    _minutes(sum(day.class_seconds for day in its.values())),
                    round(fmean(reached.values()), 1) if reached else None,
                )
            )
    return Page(rows=rows, next=None)


def _days(tx: Transaction, found: Scope, position: int) -> Page:
    people, next_position = days.some(found, position)
    rows: list[Row] = [
        (
            *(day, *_who(found, user_id)),
            *(_minutes(what.study_seconds), _minutes(what.class_seconds), what.completed),
        )
        for user_id, its in days.of_people(tx, found, people).items()
        for day, what in its.items()
        if what.is_shown
    ]
    return Page(rows=rows, next=next_position)


def _months(tx: Transaction, found: Scope, position: int) -> Page:
    """Return the time that groups invested by month, made to be handed on: nothing of fewer than five learners.

    There is no row of all groups, from which and from the others the time of a small one could be computed.
    """
    check(found)
    sums: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    for user_id, day, what in days.of_everybody(tx, found):
        if what.study_seconds or what.class_seconds:
            month = sums[f'{day:%Y-%m}', found.learners[user_id].group]
            month.people.add(user_id)
            month.study += what.study_seconds
            month.in_class += what.class_seconds
    rows: list[Row] = [(month, group, *_invested(found, what)) for (month, group), what in sorted(sums.items())]
    return Page(rows=rows, next=None)


@dataclass(slots=True)
class _Sum:
    """One group in one month."""

    people: set[int] = field(default_factory=set)
    study: int = 0
    in_class: int = 0


def _invested(found: Scope, what: _Sum) -> Row:
    people = k_rule.count(len(what.people), k=k_rule.IN_COURSE)
    if people is None:
        return found.say(TOO_FEW), None, None, None
    return people, _hours(what.study), _hours(what.in_class), _hours((what.study + what.in_class) // people)


def _who(found: Scope, user_id: int) -> Row:
    learner = found.learners[user_id]
    return learner.name, learner.group, learner.shown_id


def _minutes(seconds: int) -> float:
    return round(seconds / 60, 1)


def _hours(seconds: int) -> float:
    return round(seconds / 3600, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One kind of table."""

    columns: tuple[Column, ...]
    page: Callable[[Transaction, Scope, int], Page]


_WHO = (
    Column(key='name', name=phrase('Name')),
    Column(key='group', name=phrase('Group')),
    Column(key='user_id', name=phrase('Id')),
)
_TIMES = (
    Column(key='study_minutes', name=phrase('On their own (minutes)')),
    Column(key='class_minutes', name=phrase('In class (minutes)')),
)
_COMPLETED = Column(key='steps_completed', name=phrase('Steps completed'))
_TABLES: Mapping[ExportTable, _Table] = {
    ExportTable.LEARNERS: _Table(
        columns=(
            *_WHO,
            Column(key='percent', name=phrase('Done so far (%)')),
            Column(key='steps_done', name=phrase('Steps done so far')),
            _COMPLETED,
            Column(key='active_days', name=phrase('Active days')),
            *_TIMES,
            Column(key='score_mean', name=phrase('Mean score so far')),
        ),
        page=_learners,
    ),
    ExportTable.DAYS: _Table(columns=(Column(key='day', name=phrase('Day')), *_WHO, *_TIMES, _COMPLETED), page=_days),
    ExportTable.MONTHS: _Table(
        columns=(
            Column(key='month', name=phrase('Month')),
            Column(key='group', name=phrase('Group')),
            Column(key='learners', name=phrase('Learners')),
            Column(key='study_hours', name=phrase('On their own (hours)')),
            Column(key='class_hours', name=phrase('In class (hours)')),
            Column(key='mean_hours', name=phrase('Hours of each learner, on average')),
        ),
        page=_months,
    ),
    ExportTable.ACTIVITIES: _Table(columns=activities.COLUMNS, page=activities.page),
}
