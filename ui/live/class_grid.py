"""The class at a glance: every student, every checkpoint, on AG Grid, moved by small changes."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal, TypeAlias, TypedDict

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.live.board.views import Change, ClassView, Column, Mark, Presence, Row
from ui.kit import presences
from ui.kit.grid import Options, grid, row_data
from ui.kit.language import _
from ui.kit.marks import WORDS
from ui.kit.text import named
from ui.live.class_columns import (
    MODULES,
    PERCENT_SIGN,
    SETTINGS,
    Order,
    grid_columns,
    is_narrow,
    list_columns,
    opening_at,
)

Shape: TypeAlias = Literal['grid', 'list']

DENSITIES = ((12, 'class-grid-few'), (20, 'class-grid-some'), (34, 'class-grid-many'), (10**9, 'class-grid-crowd'))
"""(most learners, the class of the frame)"""

MOST_ON_PAPER = 34
"""learners of whom all lines are kept drawn, also those beyond the edge, so that the class can be printed whole"""


class Line(TypedDict):
    """One student as the browser gets them: short names, because there are hundreds of lines."""

    k: str  # key
    n: str  # name
    h: int  # presence
    p: int | None  # percent; None where it is not told
    m: list[int | None]  # marks in the order of the columns
    s: tuple[int, int]  # the checkpoint they are at and its mark; -1 when all is done


class ClassGrid:
    """The grid or the list of one class; takes a whole view once, and changes from then on."""

    _columns: tuple[Column, ...]
    _places: dict[int, int]
    _lines: dict[str, Line]
    _shares: tuple[int | None, ...]
    _percent: int | None
    _current: int | None

    def __init__(
        self,
        view: ClassView,
        *,
        nobody: str = '',
        label: str = '',
        order: Order = 'name',
        on_pick: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`nobody` is said where nobody is here.

        `on_pick` is given the key of the row on which a name or a mark is clicked.
        """
        self._shape: Shape = 'grid'
        self._order: Order = order
        self._sorting_due = False
        self._on_pick = on_pick
        self._cell: tuple[int, str] | None = None
        """row and column of the cell that was picked last"""
        self._take(view)
        self._is_whole = len(self._lines) <= MOST_ON_PAPER
        whole: Options = {'rowBuffer': MOST_ON_PAPER} if self._is_whole else {}
        # Classes go on the frame: to change one on the grid itself would send and draw the whole grid again.
        with named(ui.element('section').classes('class-grid'), label or _('The class, live')) as self._frame:
            self._grid = grid(
                {
                    **SETTINGS,
                    **whole,
                    **self._content(),
                    **opening_at(self._current),
                    'localeText': {'noRowsToShow': nobody or _('Nobody is here yet.')},
                },
                modules=MODULES,
            )
        self._frame.props['data-cut'] = _('Only the learners on the screen are printed. “People” prints everybody.')
        if on_pick:
            self._grid.on('cellClicked', self._picked, args=['data', 'rowIndex', 'colId'])
        self._set_density()
        self._sorter = ui.timer(1.0, self._sort_if_due, active=False)

    def focus_again(self) -> None:
        """Put the focus back on the cell that was picked last."""
        if self._cell:
            self._grid.run_grid_method('setFocusedCell', *self._cell)

    async def _picked(self, event: GenericEventArguments) -> None:
        key = event.args['data']['k']
        self._cell = event.args['rowIndex'], event.args['colId']
        if self._on_pick and key in self._lines:
            await self._on_pick(key)

    def replace(self, view: ClassView) -> None:
        """Show another view: the course has changed its shape, or the browser was away."""
        before = self._current
        self._take(view)
        self._send_content()
        if self._current is not None and self._current != before and self._shape == 'grid':
            self._grid.run_grid_method('ensureColumnVisible', f'c{self._current}', 'middle')

    def apply(self, change: Change) -> None:
        """Show what has changed since the view or since the last change."""
        was_empty = not self._lines
        self._send_lines(change)
        if was_empty or (change.shares, change.percent) != (self._shares, self._percent):
            self._shares, self._percent = change.shares, change.percent
            self._grid.run_grid_method('setGridOption', 'pinnedTopRowData', self._everyone())

    def show_grid(self) -> None:
        """One column for each checkpoint."""
        self._shape = 'grid'
        self._send_columns()
        self._set_density()

    def show_list(self) -> None:
        """One line for each student: whether they are here, the checkpoint they are at, and how far they are."""
        self._shape = 'list'
        self._send_columns()
        self._set_density()

    def sort_by(self, order: Order) -> None:
        """By name, or those first who have done least, or who are stuck."""
        self._order = order
        self._sorter.active = order != 'name'
        self._send_columns()

    def filter(self, text: str) -> None:
        """Only names that contain the text; everyone when it is empty."""
        contains = {'n': {'filterType': 'text', 'type': 'contains', 'filter': text}}
        self._grid.run_grid_method('setFilterModel', contains if text else {})

    def _take(self, view: ClassView) -> None:
        self._columns = view.columns
        self._places = {column.checkpoint_id: place for place, column in enumerate(view.columns)}
        self._lines = {row.key: _line(row) for row in view.rows}
        self._shares, self._percent, self._current = view.shares, view.percent, view.current

    def _send_lines(self, change: Change) -> None:
        added = [_line(row) for row in change.rows if row.key not in self._lines]
        changed = self._change_lines(change)
        self._lines.update((line['k'], line) for line in added)
        if added or changed:
            transaction = {'add': added, 'update': [self._lines[key] for key in changed]}
            self._grid.run_grid_method('applyTransaction', transaction)
            self._sorting_due = True
        if added:
            self._set_density()
            self._draw_fewer()

    def _change_lines(self, change: Change) -> set[str]:
        """Bring our lines up to date and return the keys of those that changed; what we do not show is skipped."""
        again = [row for row in change.rows if row.key in self._lines]
        self._lines.update((row.key, _line(row)) for row in again)
        for key, checkpoint_id, mark in change.cells:
            if key in self._lines and checkpoint_id in self._places:
                line = self._lines[key]
                line['m'][self._places[checkpoint_id]] = mark
                line['s'] = checkpoint_of(line['m'])
        for key, percent in change.percents:
            if key in self._lines:
                self._lines[key]['p'] = percent
        for key, presence in change.presence:
            if key in self._lines:
                self._lines[key]['h'] = presence
        touched = (entry[0] for entries in (change.cells, change.percents, change.presence) for entry in entries)
        return {row.key for row in again} | (self._lines.keys() & set(touched))

    def _content(self) -> Options:
        return {
            'columnDefs': self._column_definitions(),
            'context': {
                'words': [WORDS[mark] for mark in Mark],
                'presences': [presences.WORDS[presence] for presence in Presence],
                'sentences': [presences.SENTENCES[presence] for presence in Presence],
                'percent': '' if is_narrow(self._columns) else PERCENT_SIGN,
                'done': _('all done'),
                'steps': [f'{column.number} · {column.title}' for column in self._columns],
            },
            **row_data(self._lines.values()),
            'pinnedTopRowData': self._everyone(),
        }

    def _everyone(self) -> tuple[Line, ...]:
        if not self._lines:
            return ()
        return (
            Line(k='everyone', n=_('Everyone'), h=Presence.WORKING, p=self._percent, m=list(self._shares), s=(-1, -1)),
        )

    def _column_definitions(self) -> tuple[Options, ...]:
        if self._shape == 'list':
            return list_columns(order=self._order)
        return grid_columns(self._columns, current=self._current, order=self._order)

    def _send_content(self) -> None:
        self._grid.run_grid_method('updateGridOptions', self._content())
        self._set_density()

    def _send_columns(self) -> None:
        self._grid.run_grid_method('setGridOption', 'columnDefs', self._column_definitions())

    def _set_density(self) -> None:
        density = next(name for most, name in DENSITIES if len(self._lines) <= most)
        no_titles = 'class-grid-narrow' if is_narrow(self._columns) or self._shape == 'list' else ''
        self._frame.classes(replace=f'class-grid {density} {no_titles}')

    def _draw_fewer(self) -> None:
        """Let a class that has grown keep only the lines near the screen drawn."""
        if self._is_whole and len(self._lines) > MOST_ON_PAPER:
            self._is_whole = False
            self._grid.run_grid_method('setGridOption', 'rowBuffer', SETTINGS['rowBuffer'])

    def _sort_if_due(self) -> None:
        if self._sorting_due:
            self._sorting_due = False
            self._grid.run_grid_method('refreshClientSideRowModel', 'sort')


def _line(row: Row) -> Line:
    name = _('{name} · not shown', name=row.name) if row.is_hidden else row.name
    return Line(k=row.key, n=name, h=row.presence, p=row.percent, m=list(row.marks), s=checkpoint_of(row.marks))


def checkpoint_of(marks: Iterable[int | None]) -> tuple[int, int]:
    """Return where someone is, as a place and its mark: stuck, else working on it, else the first that is left."""
    marks = list(marks)
    for mark in (Mark.STUCK, Mark.WORKING, Mark.NOT_YET):
        if mark in marks:
            return marks.index(mark), mark
    return -1, -1
