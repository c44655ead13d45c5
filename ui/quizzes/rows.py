"""A list of fields that grows while it is typed into: Enter adds the next row, and rows move and go by buttons."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from nicegui import ui

from ui.kit.language import _
from ui.kit.text import Text, named

ENTER = 'keydown.exact.prevent.enter'
"""Enter alone; with Shift it begins a new line, with Ctrl it saves the page"""
V = TypeVar('V')
Read = TypeVar('Read', covariant=True)


class Row(Protocol[Read]):
    """The fields of one row, drawn where the row is."""

    @property
    def value(self) -> Read:
        """What is typed; raises `Invalid` for what cannot be read."""

    def focus(self) -> None:
        """Put the cursor into the first field."""


class Rows(Generic[V]):
    """Rows of one sort; `draw` draws one and calls its argument at Enter."""

    def __init__(
        self,
        draw: Callable[[int, V | None, Callable[[], None]], Row[V]],
        values: tuple[V, ...],
        *,
        add: str,
        name: str,
        changed: Callable[[], None],
        at_least: int = 1,
    ) -> None:
        self._draw = draw
        self._changed = changed
        self._rows: list[tuple[ui.element, Row[V]]] = []
        self._numbers = 0
        with named(ui.element('ol').classes('rows'), name) as self._list:
            for value in (*values, *[None] * max(0, at_least - len(values))):
                self._add(value)
        self._button = ui.button(add, on_click=lambda: self.add()).props('flat no-caps').classes('button-quiet')

    @property
    def rows(self) -> list[Row[V]]:
        """All rows in their order."""
        return [row for _element, row in self._rows]

    @property
    def values(self) -> tuple[V, ...]:
        """What is typed into all rows."""
        return tuple(row.value for row in self.rows)

    def add(self, after: ui.element | None = None) -> None:
        """Add an empty row, at the end or after another one, with the cursor in it."""
        place = len(self._rows) if after is None else self._place(after) + 1
        self._add(None, place)
        self._rows[place][1].focus()
        self._changed()

    def _add(self, value: V | None, place: int | None = None) -> None:
        with self._list, ui.element('li').classes('row-of-key') as element:
            row = self._draw(self._numbers, value, lambda: self._enter(element))
            with ui.element('div').classes('row-buttons'):
                self._icon('arrow_upward', _('Move up'), lambda: self._move(element, -1))
                self._icon('arrow_downward', _('Move down'), lambda: self._move(element, 1))
                self._icon('delete_outline', _('Remove this row'), lambda: self._remove(element))
        self._numbers += 1
        self._rows.insert(len(self._rows) if place is None else place, (element, row))
        if place is not None:
            element.move(self._list, place)

    def _icon(self, icon: str, name: str, pressed: Callable[[], None]) -> None:
        named(ui.button(icon=icon, on_click=pressed).props('flat round dense').classes('button-icon'), name)

    def _enter(self, element: ui.element) -> None:
        """Go to the next row, or to a new one after the last."""
        following = self._place(element) + 1
        if following < len(self._rows):
            self._rows[following][1].focus()
        else:
            self.add(element)

    def _move(self, element: ui.element, by: int) -> None:
        place = self._place(element)
        if 0 <= place + by < len(self._rows):
            self._rows.insert(place + by, self._rows.pop(place))
            element.move(self._list, place + by)
            self._changed()

    def _remove(self, element: ui.element) -> None:
        place = self._place(element)
        del self._rows[place]
        element.delete()
        if self._rows:
            self._rows[min(place, len(self._rows) - 1)][1].focus()
        else:
            self._button.run_method('focus')
        self._changed()

    def _place(self, element: ui.element) -> int:
        return [each for each, _row in self._rows].index(element)


def problem_line() -> Text:
    """Draw the place for what is wrong with a group of fields; hidden until there is something."""
    shown = Text('p').classes('field-problem').props('role=alert')
    shown.visible = False
    return shown
