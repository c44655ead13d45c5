"""Of whom the dashboard of a course speaks: of all, of a group, of those who came to a class. It is in the address."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request
from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.analytics.educator import CourseFigures
from ui.kit.group_filter import EVERYBODY, asked_group
from ui.kit.language import _
from ui.kit.time_format import short

T = TypeVar('T')
EVERY_CLASS = 0
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the address asks for."""

    group: str = EVERYBODY
    session_id: int | None = None

    def address(self, course_id: int) -> str:
        """Return where the page shows this."""
        asked = {'group': self.group} if self.group else {}
        asked |= {'class': str(self.session_id)} if self.session_id else {}
        return f'/courses/{course_id}/analytics' + (f'?{urlencode(asked)}' if asked else '')


def chosen(request: Request) -> Chosen:
    """Return what the address asks for; what is no number is no class."""
    number = request.query_params.get('class', '')
    is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    return Chosen(group=asked_group(request), session_id=int(number) if is_number else None)


def filters(course_id: int, asked: Chosen, figures: CourseFigures) -> None:
    """Draw the choices; each opens the page anew."""
    with ui.element('div').classes('line only-screen'):
        if figures.groups:
            groups = {EVERYBODY: _('All groups'), **{group: group for group in figures.groups}}
            _choice(_('Group'), groups, asked.group, lambda group: replace(asked, group=group or EVERYBODY), course_id)
        if figures.classes:
            held = {each.session_id: _('Class of {moment}', moment=short(each.started_at)) for each in figures.classes}
            classes = {EVERY_CLASS: _('All, in class or not'), **held}
            at = asked.session_id or EVERY_CLASS
            _choice(_('Class'), classes, at, lambda number: replace(asked, session_id=number or None), course_id)


def _choice(name: str, options: dict[T, str], now: T, then: Callable[[T], Chosen], course_id: int) -> None:
    def choose(event: ValueChangeEventArguments[T]) -> None:
        ui.navigate.to(then(event.value).address(course_id))

    select = ui.select(options, value=now, on_change=choose)
    select.props('outlined dense options-dense').classes('group-filter')
    select.props['aria-label'] = name
