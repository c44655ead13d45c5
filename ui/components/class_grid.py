"""The class at a glance: every student, every checkpoint, on AG Grid, moved by small changes."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, TypedDict

from nicegui import ui

from services.live.views import Change, ClassView, Column, Mark, Row
from ui.components.marks import SHAPES, WORDS

Order: TypeAlias = Literal['name', 'progress']
Shape: TypeAlias = Literal['grid', 'list']
Options: TypeAlias = dict[str, object]


class Line(TypedDict):
    """One student as the browser gets them: short names, because there are hundreds of lines."""

    k: str  # key
    n: str  # name
    h: bool  # here
    p: int  # percent
    m: list[int]  # marks in the order of the columns
    s: tuple[int, int]  # the step they are at and its mark; -1 when all is done


class ClassGrid:
    """The grid or the list of one class; takes a whole view once, and changes from then on."""

    _columns: tuple[Column, ...]
    _places: dict[int, int]
    _lines: dict[str, Line]
    _shares: tuple[int, ...]
    _percent: int
    _current: int | None

    def __init__(self, view: ClassView, *, nobody: str = 'Nobody is here yet.') -> None:
        self._shape: Shape = 'grid'
        self._order: Order = 'name'
        self._sorting_due = False
        self._take(view)
        # Classes go on the frame: to change one on the grid itself would send and draw the whole grid again.
        with ui.element('section').classes('class-grid').props('aria-label="The class, live"') as self._frame:
            self._grid = ui.aggrid(
                {**SETTINGS, **self._content(), 'localeText': {'noRowsToShow': nobody}},
                auto_size_columns=False,
                modules=MODULES,
            )
        self._set_density()
        self._sorter = ui.timer(1.0, self._sort_if_due, active=False)

    def replace(self, view: ClassView) -> None:
        """Show another view: the course has changed its shape, or the browser was away."""
        self._take(view)
        self._send_content()

    def apply(self, change: Change) -> None:
        """Show what has changed since the view or since the last change."""
        self._send_lines(change)
        if (change.shares, change.percent) != (self._shares, self._percent):
            self._shares, self._percent = change.shares, change.percent
            self._grid.run_grid_method('setGridOption', 'pinnedTopRowData', self._everyone())
        if change.current is not None and change.current != self._current:
            self._current = change.current
            self._send_columns()

    def show_grid(self) -> None:
        """One column for each checkpoint."""
        self._shape = 'grid'
        self._send_columns()
        self._set_density()

    def show_list(self) -> None:
        """One line for each student: whether they are here, the step they are at, and how far they are."""
        self._shape = 'list'
        self._send_columns()
        self._set_density()

    def sort_by(self, order: Order) -> None:
        """By name, or those first who have done least."""
        self._order = order
        self._sorter.active = order == 'progress'
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
        removed = [{'k': key} for key in change.gone if self._lines.pop(key, None)]
        added = [_line(row) for row in change.rows if row.key not in self._lines]
        changed = self._change_lines(change)
        self._lines.update((line['k'], line) for line in added)
        if added or changed or removed:
            transaction = {'add': added, 'update': [self._lines[key] for key in changed], 'remove': removed}
            self._grid.run_grid_method('applyTransaction', transaction)
            self._sorting_due = True
        if added or removed:
            self._set_density()

    def _change_lines(self, change: Change) -> set[str]:
        """Bring our lines up to date and return the keys of those that changed; what we do not show is skipped."""
        again = [row for row in change.rows if row.key in self._lines]
        self._lines.update((row.key, _line(row)) for row in again)
        for key, checkpoint_id, mark in change.cells:
            if key in self._lines and checkpoint_id in self._places:
                line = self._lines[key]
                line['m'][self._places[checkpoint_id]] = mark
                line['s'] = _step(line['m'])
        for key, percent in change.percents:
            if key in self._lines:
                self._lines[key]['p'] = percent
        for key, here in change.presence:
            if key in self._lines:
                self._lines[key]['h'] = here
        touched = (entry[0] for entries in (change.cells, change.percents, change.presence) for entry in entries)
        return {row.key for row in again} | (self._lines.keys() & set(touched))

    def _content(self) -> Options:
        return {
            'columnDefs': self._column_definitions(),
            'context': {
                'words': [WORDS[mark] for mark in Mark],
                'percent': '' if self._narrow else PERCENT_SIGN,
                'steps': [f'{column.number} · {column.title}' for column in self._columns],
            },
            # A tuple and not a list, because NiceGUI would wrap and watch each of 15,000 marks.
            'rowData': tuple(self._lines.values()),
            'pinnedTopRowData': self._everyone(),
        }

    def _everyone(self) -> tuple[Line, ...]:
        if not self._lines:
            return ()
        return (Line(k='everyone', n='Everyone', h=True, p=self._percent, m=list(self._shares), s=(-1, -1)),)

    def _column_definitions(self) -> tuple[Options, ...]:
        name: Options = {'sort': 'asc', 'sortIndex': 1}
        percent: Options = {'sort': 'asc' if self._order == 'progress' else None, 'sortIndex': 0}
        if self._shape == 'list':
            return (NAME | name, HERE | {'colId': 'where', 'width': 112}, STEP, BAR | percent)
        least: Options = {'minWidth': 34 if self._narrow else 44}
        return (
            NAME | name,
            HERE,
            PERCENT | percent,
            *(
                _mark_column(place, column, current=column.checkpoint_id == self._current) | least
                for place, column in enumerate(self._columns)
            ),
        )

    def _send_content(self) -> None:
        self._grid.run_grid_method('updateGridOptions', self._content())
        self._set_density()

    def _send_columns(self) -> None:
        self._grid.run_grid_method('setGridOption', 'columnDefs', self._column_definitions())

    def _set_density(self) -> None:
        density = next(name for most, name in DENSITIES if len(self._lines) <= most)
        no_titles = 'class-grid-narrow' if self._narrow or self._shape == 'list' else ''
        self._frame.classes(replace=f'class-grid {density} {no_titles}')

    @property
    def _narrow(self) -> bool:
        return len(self._columns) > MOST_TITLES

    def _sort_if_due(self) -> None:
        if self._sorting_due:
            self._sorting_due = False
            self._grid.run_grid_method('refreshClientSideRowModel', 'sort')


def _line(row: Row) -> Line:
    return Line(k=row.key, n=row.name, h=row.here, p=row.percent, m=list(row.marks), s=_step(row.marks))


def _step(marks: Iterable[int]) -> tuple[int, int]:
    """Where someone is: where they are stuck, else what they work on, else the first that is left."""
    marks = list(marks)
    for mark in (Mark.STUCK, Mark.WORKING, Mark.NOT_YET):
        if mark in marks:
            return marks.index(mark), mark
    return -1, -1


def _mark_column(place: int, column: Column, *, current: bool) -> Options:
    return {
        'colId': f'c{column.checkpoint_id}',
        'field': f'm.{place}',
        'type': 'mark',
        # The sheet makes the first line, the number, large.
        'headerName': f'{column.number}\n{column.title}',
        'headerTooltip': column.title,
        # One class and not two: AG Grid takes the old ones away after it has put on the new ones.
        'headerClass': 'header-current' if current else 'header-mark',
        'context': {'current': current},
    }


MODULES = [
    'ClientSideRowModelModule',
    'ClientSideRowModelApiModule',
    'CellStyleModule',
    'EventApiModule',
    'LocaleModule',
    'PinnedRowModule',
    'RowApiModule',
    'TextFilterModule',
    'TooltipModule',
]
PERCENT_SIGN = '\u00a0%'
MARK_CLASSES = {f'mark-{SHAPES[mark]}': f'!node.rowPinned && x == {mark:d}' for mark in Mark}
STEP_CLASSES = {f'mark-{SHAPES[mark]}': f'x[1] == {mark:d}' for mark in Mark}
BAR_CLASSES = {f'tens-{tens}': f'Math.floor(x / 10) == {tens}' for tens in range(11)} | {
    f'units-{units}': f'x % 10 == {units}' for units in range(10)
}
SETTINGS: Options = {
    ':getRowId': 'params => params.data.k',
    # Tab leaves the grid, as from any other control; the arrow keys move inside it.
    ':tabToNextCell': '() => false',
    ':tabToNextHeader': '() => false',
    'defaultColDef': {
        'cellDataType': False,
        'sortable': False,
        'resizable': False,
        'suppressMovable': True,
        'suppressHeaderMenuButton': True,
        'suppressHeaderFilterButton': True,
    },
    'columnTypes': {
        'mark': {
            'flex': 1,
            'maxWidth': 200,
            'valueFormatter': 'node.rowPinned ? x + ctx.percent : ctx.words[x]',
            'cellClass': 'cell-mark',
            'cellClassRules': MARK_CLASSES
            | {'cell-share': '!!node.rowPinned', 'cell-current': 'colDef.context.current'},
        },
    },
    # AG Grid's own sheet goes into a layer below ours, so that ours decides.
    'themeCssLayer': 'components',
    # Lines beyond the edge that are kept drawn: each costs the browser the styles of all its cells, at every frame.
    'rowBuffer': 3,
    'enableBrowserTooltips': True,
    'accentedSort': True,
    # A changed mark moves no line by itself; lines are sorted again once a second at most.
    'suppressModelUpdateAfterUpdateTransaction': True,
}
NAME: Options = {
    'field': 'n',
    'headerName': 'Name',
    'pinned': 'left',
    ':width': 'Math.round(Math.min(300, Math.max(128, innerWidth * 0.14)))',
    'tooltipField': 'n',
    'filter': 'agTextColumnFilter',
    'cellClass': 'cell-name',
    'cellClassRules': {'cell-away': '!data.h', 'cell-everyone': '!!node.rowPinned'},
}
HERE: Options = {
    'field': 'h',
    'headerName': 'Here',
    'pinned': 'left',
    'width': 32,
    'headerClass': 'header-here',
    'cellClass': 'cell-here',
    'valueFormatter': 'node.rowPinned ? "" : x ? "here" : "away"',
    'cellClassRules': {'cell-away': '!x'},
}
PERCENT: Options = {
    'field': 'p',
    'headerName': 'Done',
    'pinned': 'left',
    ':hide': 'innerWidth < 600',
    'width': 68,
    'headerClass': 'header-percent',
    'cellClass': 'cell-percent',
    'valueFormatter': f'x + "{PERCENT_SIGN}"',
}
BAR: Options = PERCENT | {
    'colId': 'bar',
    ':hide': 'false',
    'pinned': None,
    'flex': 1,
    'minWidth': 120,
    'cellClass': 'cell-bar',
    'cellClassRules': BAR_CLASSES,
}
STEP: Options = {
    'field': 's',
    'headerName': 'Step',
    'flex': 2,
    'minWidth': 140,
    'cellClass': 'cell-step',
    'valueFormatter': 'node.rowPinned ? "" : x[0] < 0 ? "all done" : ctx.steps[x[0]]',
    'cellClassRules': STEP_CLASSES,
}
MOST_TITLES = 16
DENSITIES = ((12, 'class-grid-few'), (20, 'class-grid-some'), (34, 'class-grid-many'), (10**9, 'class-grid-crowd'))
