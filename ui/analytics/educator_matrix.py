"""The status matrix: a line for each learner, a column for each checkpoint, and how far they are in marks."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.analytics import findings
from services.analytics.educator import CourseFigures, MatrixRow, State
from ui.analytics import educator_tables
from ui.analytics.educator_tables import STATES
from ui.analytics.figure_words import defined_html
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text

FIRST = 40
"""learners that are drawn at once; the others when somebody asks for them"""
MARKS = {State.DONE: 'done', State.STARTED: 'working', State.NOT_STARTED: 'not-yet'}


class Matrix:
    """The matrix, those first who are furthest behind."""

    def __init__(self) -> None:
        self._most = FIRST

    def draw(self, figures: CourseFigures) -> None:
        """Draw it at the place at hand; a reader who asked for all learners keeps them."""
        self._figures = figures
        if not figures.matrix:
            Text('p', _('Nobody takes part yet.')).classes('chart-title')
            return
        Text('p', say(findings.matrix(figures.matrix))).classes('chart-title')
        self._place = ui.element('div').classes('stack-tight matrix')
        self._draw()

    def _draw(self) -> None:
        rows = sorted(self._figures.matrix, key=lambda row: (row.percent, row.name))
        self._place.clear()
        with self._place:
            educator_tables.draw(
                _('How everybody stands'), self._head(), [self._row(row) for row in rows[: self._most]]
            )
            if (rest := len(rows) - self._most) > 0:
                more = ngettext('Show {count} more', 'Show {count} more', rest)
                ui.button(more, on_click=self._show_all).props('flat no-caps').classes('button-quiet')

    def _show_all(self) -> None:
        self._most = len(self._figures.matrix)
        self._draw()

    def _head(self) -> Sequence[str]:
        checkpoints = (
            f'<span title="{escape(checkpoint.title)}">{checkpoint.number}'
            f'<span class="visually-hidden" translate="no"> {escape(checkpoint.title)}</span></span>'
            for checkpoint in self._figures.steps
        )
        return [
            escape(_('Name')),
            defined_html('percent'),
            *checkpoints,
            *map(defined_html, ('overdue', 'inactive_days')),
        ]

    def _row(self, row: MatrixRow) -> Sequence[str]:
        address = f'/courses/{self._figures.course_id}/people/{row.user_id}/time'
        shown = escape(row.name)
        name = f'<a href="{address}" title="{shown}" translate="no" dir="auto">{shown}</a>'
        words = {state: escape(STATES[state]) for state in State}
        marks = (
            f'<span class="mark mark-{MARKS[state]}" role="img" aria-label="{words[state]}"></span>'
            for state in row.states
        )
        return [name, f'{row.percent} %', *marks, str(row.overdue or ''), str(row.inactive_days)]
