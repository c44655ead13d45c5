"""The weeks of a learner as a chart of bars: a list of figures, each with its length beside it."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.study.weeks import StudyWeek
from ui.kit.language import _
from ui.kit.text import heading
from ui.kit.theme import filled
from ui.kit.time_format import about


def draw_weeks(weeks: Sequence[StudyWeek]) -> None:
    """Draw a bar for each week, the newest first, as long as its share of the longest one; nothing without weeks."""
    if not any(week.seconds for week in weeks):
        return
    heading(_('Weeks'))
    longest = max(week.seconds for week in weeks)
    rows = ''.join(_row(week, week.seconds * 100 // longest) for week in weeks)
    ui.html(rows, sanitize=False, tag='ol').classes('study-weeks')


def _row(week: StudyWeek, percent: int) -> str:
    first, last = f'{week.monday:%-d %b}', f'{week.sunday:%-d %b}'
    days = _('{first} – {last}', first=first, last=last)
    time = about(week.seconds)
    bar = f'<span class="bar {filled(percent)}" aria-hidden="true"></span>'
    return f'<li><span>{escape(days)}</span>{bar}<span class="number">{escape(time)}</span></li>'
