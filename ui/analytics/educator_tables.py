"""The tables of a course, as they are taken away and as they stand behind the pictures: the same rows for both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from html import escape
from zoneinfo import ZoneInfo

from nicegui import ui

from services.analytics import definitions
from services.analytics.educator import CourseFigures, State
from ui.analytics.figure_words import defined_html, shown
from ui.kit.language import Spoken, _, say
from ui.kit.text import named
from ui.kit.time_format import short_day

Cell = str | int | None
CHECKPOINT_KEYS = (
    *('done', 'started', 'not_started', 'done_percent', 'median_seconds', 'planned_seconds', 'time_ratio'),
    *('helped', 'stopped', 'mean_attempts', 'mean_score', 'difficulty', 'engagement'),
)
WEEK_KEYS = 'study_seconds', 'class_seconds', 'active_learners', 'active_days', 'steps_completed'
LEARNER_KEYS = 'percent', 'overdue', 'inactive_days'
STATES: Mapping[State, str] = Spoken(
    {
        State.DONE: lambda: _('done'),
        State.STARTED: lambda: _('started'),
        State.NOT_STARTED: lambda: _('not yet'),
    }
)


class Table(StrEnum):
    """A table of a course that can be taken away; also the end of its address."""

    CHECKPOINTS = 'steps'
    LEARNERS = 'learners'
    WEEKS = 'weeks'
    SCORES = 'scores'


def rows_of(table: Table, figures: CourseFigures, zone: ZoneInfo) -> list[list[Cell]]:
    """Return a table with its head; days are those of a zone."""
    checkpoints = tuple(
        replace(checkpoint, due_at=checkpoint.due_at and checkpoint.due_at.astimezone(zone))
        for checkpoint in figures.steps
    )
    return _ROWS[table](replace(figures, steps=checkpoints))


def _checkpoints(figures: CourseFigures) -> list[list[Cell]]:
    return [
        [_('Number'), _('Step'), _('Module'), _('Due'), *map(_name, CHECKPOINT_KEYS)],
        *(
            [
                *(
                    checkpoint.number,
                    checkpoint.title,
                    checkpoint.module,
                    checkpoint.due_at.date().isoformat() if checkpoint.due_at else '',
                ),
                *(_plain(_value(checkpoint, key)) for key in CHECKPOINT_KEYS),
            ]
            for checkpoint in figures.steps
        ),
    ]


def _learners(figures: CourseFigures) -> list[list[Cell]]:
    titles = [f'{checkpoint.number} {checkpoint.title}' for checkpoint in figures.steps]
    return [
        [_('Name'), _('Group'), *map(_name, LEARNER_KEYS), *titles],
        *(
            [row.name, row.group, *(getattr(row, key) for key in LEARNER_KEYS), *(STATES[each] for each in row.states)]
            for row in figures.matrix
        ),
    ]


def _weeks(figures: CourseFigures) -> list[list[Cell]]:
    return [
        [_('Week from'), *map(_name, WEEK_KEYS)],
        *([week.monday.isoformat(), *(_plain(getattr(week, key)) for key in WEEK_KEYS)] for week in figures.weeks),
    ]


def _scores(figures: CourseFigures) -> list[list[Cell]]:
    bands: list[list[Cell]] = [[band, number] for band, number in figures.scores.score_bands.items()]
    return [[_('Band'), _name('score_bands')], *bands]


_ROWS: Mapping[Table, Callable[[CourseFigures], list[list[Cell]]]] = {
    Table.CHECKPOINTS: _checkpoints,
    Table.LEARNERS: _learners,
    Table.WEEKS: _weeks,
    Table.SCORES: _scores,
}


def behind(label: str, head: Sequence[str], rows: Sequence[Sequence[str]], file: str) -> None:
    """Draw the table behind a picture, closed until somebody wants it; `head` is HTML, the rows are texts."""
    with ui.element('details').classes('quiet-details'):
        with ui.element('summary'):
            ui.label(_('The figures as a table'))
        ui.link(_('Download as CSV'), file).classes('button-quiet')
        draw(label, head, [[escape(cell) for cell in row] for row in rows])


def draw(label: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table of HTML as one element; where it is wider than the screen, the arrow keys move it."""
    heads = ''.join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = ''.join(
        f'<tr><th scope="row" dir="auto">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    html = f'<table class="roll-table"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    named(ui.html(html, sanitize=False).classes('roll').props('tabindex=0 role=region'), label)


def checkpoint_table(figures: CourseFigures, keys: Sequence[str], label: str, file: str) -> None:
    """Draw some figures of each checkpoint."""
    head = [escape(_('Step')), *map(defined_html, keys)]
    rows = [
        [f'{checkpoint.number} {checkpoint.title}', *(_cell(key, _value(checkpoint, key)) for key in keys)]
        for checkpoint in figures.steps
    ]
    behind(label, head, rows, file)


def week_table(figures: CourseFigures, label: str, file: str) -> None:
    """Draw the figures of each week."""
    head = [escape(_('Week from')), *map(defined_html, WEEK_KEYS)]
    rows = [[_week(week.monday), *(_cell(key, getattr(week, key)) for key in WEEK_KEYS)] for week in figures.weeks]
    behind(label, head, rows, file)


def score_table(figures: CourseFigures, label: str, file: str) -> None:
    """Draw how the scores lie."""
    head = [escape(_('Band')), defined_html('score_bands')]
    behind(label, head, [[band, str(number)] for band, number in figures.scores.score_bands.items()], file)


def _week(monday: date) -> str:
    return short_day(monday)


def _value(checkpoint: object, key: str) -> object:
    value = getattr(checkpoint, key)
    return value.score if key == 'difficulty' and value is not None else value


def _cell(key: str, value: object) -> str:
    return shown(definitions.of(key), value)


def _plain(value: object) -> Cell:
    """Return a figure as a spreadsheet reads it."""
    if value is None:
        return ''
    return value if isinstance(value, int) else f'{value:.2f}' if isinstance(value, float) else str(value)


def _name(key: str) -> str:
    return say(definitions.of(key).name)
