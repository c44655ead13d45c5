"""Moves all due dates of a course by some days, and shows beforehand what will be due when."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.core import database
from services.core.errors import Invalid
from services.courses import due_dates
from services.courses.due_dates import MOST_DAYS, Moved
from ui.courses.editor_context import Desk
from ui.kit import time_format
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text, hint

WEEK = 7


class DueDatesDialog:
    """A dialog; nothing changes before “Move them”."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with ui.dialog(value=True) as self._dialog, ui.card().classes('dialog-wide'):
            Text('h2', _('Move the due dates')).classes('heading')
            self._days = ui.number(_('By how many days'), value=WEEK, min=-MOST_DAYS, max=MOST_DAYS, precision=0)
            self._days.props('outlined inputmode=numeric').on_value_change(gesture(self.look))
            hint(_('A number below zero moves them to an earlier day. Later dates that you agreed on stay.'))
            with ui.element('div').classes('line'):
                ui.button(_('Cancel'), on_click=self._dialog.close).props('flat no-caps').classes('button-quiet')
                self._move = ui.button(_('Move them'), on_click=gesture(self._do)).props('flat no-caps')
                self._move.classes('button-primary')
            self._preview = Piece('div')
        self._dialog.props['aria-label'] = _('Move the due dates')
        self._dialog.on('hide', self._dialog.delete)

    async def look(self) -> None:
        """Show what would be due when."""
        self._days.error = None
        try:
            moved = await database.read(due_dates.plan, self._desk.actor, self._desk.course_id, days=self._typed)
        except Invalid as refusal:
            self._days.error = say(refusal)
            moved = ()
        self._move.set_enabled(bool(moved and self._typed))
        self._preview.draw_html(_table_html(moved) if moved or self._days.error is None else '')

    @property
    def _typed(self) -> int:
        return int(self._days.value or 0)

    async def _do(self) -> None:
        count = await database.write(due_dates.move, self._desk.actor, self._desk.course_id, days=self._typed)
        self._dialog.close()
        self._desk.say(ngettext('{count} due date moved', '{count} due dates moved', count))


def _table_html(moved: Sequence[Moved]) -> str:
    if not moved:
        return f'<p class="hint">{escape(_("No step of this course has a due date."))}</p>'
    heads = ''.join(f'<th scope="col">{escape(each)}</th>' for each in (_('Step'), _('Due now'), _('Due then')))
    rows = ''.join(
        f'<tr><th scope="row" dir="auto" translate="no">{escape(each.title)}</th>'
        f'<td>{escape(time_format.short(each.was))}</td><td>{escape(time_format.short(each.due_at))}</td></tr>'
        for each in moved
    )
    return f'<table class="code-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
