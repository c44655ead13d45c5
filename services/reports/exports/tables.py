"""The tables that can be taken away: their columns and, a page at a time, their rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

from models import ExportTable
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.grades import sources
from services.reports.exports import activities, days, months
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Column, Page, Row

NAMES: Mapping[ExportTable, Phrase] = {
    ExportTable.LEARNERS: phrase('Learners'),
    ExportTable.DAYS: phrase('Learners by day'),
    ExportTable.MONTHS: phrase('Time by group and month'),
    ExportTable.ACTIVITIES: phrase('Everything that was done'),
}


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
    check(found)
    return Page(rows=months.group_rows(tx, found), next=None)


def _who(found: Scope, user_id: int) -> Row:
    learner = found.learners[user_id]
    return learner.name, learner.group, learner.shown_id


def _minutes(seconds: int) -> float:
    return round(seconds / 60, 1)


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
    ExportTable.MONTHS: _Table(columns=months.OF_COURSE, page=_months),
    ExportTable.ACTIVITIES: _Table(columns=activities.COLUMNS, page=activities.page),
}
