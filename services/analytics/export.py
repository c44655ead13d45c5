"""Figures as tables for other programs: the same numbers that are on screen, with the names of their definitions."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from gettext import NullTranslations
from statistics import fmean

from services import access
from services.access import Actor
from services.analytics import definitions, educator, learner, learner_facts
from services.analytics.educator import CourseFigures
from services.analytics.learner_facts import LearnerFacts
from services.core.csv import csv_text
from services.core.errors import Invalid
from services.core.phrases import ENGLISH, Phrase, phrase
from services.core.transaction import Transaction
from settings import settings

MOST = 200
"""learners in one export"""

Cell = str | int | float | None


class CourseTable(StrEnum):
    """Which table of a course."""

    CHECKPOINTS = 'steps'
    LEARNERS = 'learners'
    WEEKS = 'weeks'
    SCORES = 'scores'


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key for programs, and its header for people."""

    key: str
    header: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of figures."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[dict[str, Cell]]:
        """Return the rows by the keys of the columns, as JSON has them."""
        return [dict(zip((column.key for column in self.columns), row, strict=True)) for row in self.rows]

    def csv(self, language: NullTranslations = ENGLISH) -> str:
        """Return the table as CSV, with headers in a language."""
        return csv_text(self.written(language))

    def written(self, language: NullTranslations = ENGLISH) -> list[tuple[str | int | None, ...]]:
        """Return the table as people read it, with its head."""
        headers = tuple(column.header.spoken(language) for column in self.columns)
        return [headers, *(tuple(map(_written, row)) for row in self.rows)]

    def as_numbers(self) -> list[tuple[Cell, ...]]:
        """Return the same with numbers that a workbook can count with."""
        heads, *_ = self.written()
        rows = (tuple(round(cell, 2) if isinstance(cell, float) else cell for cell in row) for row in self.rows)
        return [heads, *rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRow:
    """One learner in one course in a span, as an export has them."""

    student: str
    """the id, or a pseudonym of it that is the same in every export of this school"""
    name: str
    course_id: int
    course: str
    percent: int
    steps_done: int
    steps_counted: int
    steps_completed: int
    active_days: int
    study_seconds: int
    class_seconds: int
    score_mean: float | None
    velocity: float | None


def of_course(figures: CourseFigures, which: CourseTable) -> Table:
    """Return one table of the figures of a course."""
    return _TABLES[which](figures)


def course_csv(
    tx: Transaction, actor: Actor | None, course_id: int, *, which: str = CourseTable.LEARNERS, group: str = ''
) -> str:
    """Return one table of a course as CSV, for those who teach it."""
    if which not in list(CourseTable):
        raise Invalid('There is no such table. Choose one of {tables}.', tables=', '.join(CourseTable), field='table')
    figures = educator.of_course(tx, actor, course_id, group=group)
    return of_course(figures, CourseTable(which)).csv()


def of_learners(
    tx: Transaction,
    actor: Actor | None,
    user_ids: Sequence[int],
    *,
    since: date | None = None,
    until: date | None = None,
    pseudonyms: bool = False,
) -> Table:
    """Return some learners in all courses that concern the actor, in a span."""
    actor = access.signed_in(tx, actor)
    if len(user_ids) > MOST:
        raise Invalid('Export at most {most} learners at once.', most=MOST, field='student_ids')
    rows = []
    for user_id in dict.fromkeys(user_ids):
        access.note_look(tx, actor, 'analytics export', about=user_id)
        for course_id in access.learning(tx, actor, user_id):
            facts = learner_facts.read(tx, actor, course_id, user_id=user_id, since=since, until=until)
            rows.append(_learner(facts, pseudonyms=pseudonyms))
    names = tuple(LearnerRow.__dataclass_fields__)
    return Table(
        columns=tuple(map(_column, names)),
        rows=tuple(tuple(getattr(row, name) for name in names) for row in rows),
    )


def pseudonym(user_id: int) -> str:
    """Return a name for a learner that stays the same, and that only the key of this school could lead back."""
    return hmac.new(settings().secret_key.encode(), f'analytics:{user_id}'.encode(), hashlib.sha256).hexdigest()[:16]


def _learner(facts: LearnerFacts, *, pseudonyms: bool) -> LearnerRow:
    days = learner.timeline(facts)
    return LearnerRow(
        student=pseudonym(facts.learner.user_id) if pseudonyms else str(facts.learner.user_id),
        name='' if pseudonyms else facts.learner.name,
        course_id=facts.course.id,
        course=facts.course.title,
        percent=facts.learner.percent,
        steps_done=facts.learner.done,
        steps_counted=facts.course.counted,
        steps_completed=sum(day.steps_completed for day in days),
        active_days=len(learner.active_days(facts)),
        study_seconds=sum(day.study_seconds for day in days),
        class_seconds=sum(day.class_seconds for day in days),
        score_mean=fmean(facts.scores.values()) if facts.scores else None,
        velocity=learner.velocity(facts),
    )


def _checkpoints(figures: CourseFigures) -> Table:
    keys = (
        *('number', 'title', 'module', 'done', 'started', 'not_started', 'done_percent', 'median_seconds'),
        *('planned_seconds', 'time_ratio', 'helped', 'stopped', 'mean_attempts', 'mean_score', 'difficulty'),
        'engagement',
    )
    rows = []
    for checkpoint in figures.steps:
        cells = {key: getattr(checkpoint, key) for key in keys}
        cells['difficulty'] = checkpoint.difficulty.score if checkpoint.difficulty else None
        rows.append(tuple(cells.values()))
    return Table(columns=tuple(map(_column, keys)), rows=tuple(rows))


def _learners(figures: CourseFigures) -> Table:
    keys = ('user_id', 'name', 'group', 'percent', 'overdue', 'inactive_days')
    checkpoints = tuple(
        Column(
            key=f'step_{checkpoint.checkpoint_id}',
            header=phrase('{number} {title}', number=checkpoint.number, title=checkpoint.title),
        )
        for checkpoint in figures.steps
    )
    return Table(
        columns=(*map(_column, keys), *checkpoints),
        rows=tuple((*(getattr(row, key) for key in keys), *map(str, row.states)) for row in figures.matrix),
    )


def _weeks(figures: CourseFigures) -> Table:
    keys = ('study_seconds', 'class_seconds', 'active_learners', 'active_days', 'steps_completed')
    return Table(
        columns=tuple(map(_column, ('monday', *keys))),
        rows=tuple((each.monday.isoformat(), *(getattr(each, key) for key in keys)) for each in figures.weeks),
    )


def _scores(figures: CourseFigures) -> Table:
    return Table(
        columns=(_column('band'), _column('score_bands')),
        rows=tuple(figures.scores.score_bands.items()),
    )


def _column(key: str) -> Column:
    named = _NAMES.get(key)
    return Column(key=key, header=named or _with_unit(key))


def _with_unit(key: str) -> Phrase:
    meaning = definitions.of(key)
    return phrase('{name} ({unit})', name=meaning.name, unit=meaning.unit.value)


def _written(cell: Cell) -> str | int | None:
    return f'{cell:.2f}'.rstrip('0').rstrip('.') if isinstance(cell, float) else cell


_TABLES: Mapping[CourseTable, Callable[[CourseFigures], Table]] = {
    CourseTable.CHECKPOINTS: _checkpoints,
    CourseTable.LEARNERS: _learners,
    CourseTable.WEEKS: _weeks,
    CourseTable.SCORES: _scores,
}
_NAMES: Mapping[str, Phrase] = {
    'number': phrase('Number'),
    'title': phrase('Step'),
    'module': phrase('Module'),
    'user_id': phrase('Id'),
    'student': phrase('Id'),
    'name': phrase('Name'),
    'group': phrase('Group'),
    'monday': phrase('Week from'),
    'course_id': phrase('Id of the course'),
    'course': phrase('Course'),
    'band': phrase('Band'),
}
