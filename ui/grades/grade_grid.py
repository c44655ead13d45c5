"""The gradebook as a grid: one line for each learner, one column for each graded thing, the total at the end."""

from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import TypeAlias, TypedDict

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.grades.book import Gradebook, Mark, Row
from services.grades.entering import EXCUSED
from ui.grades.grade_words import MARKS, about, as_typed, seen, total
from ui.kit.grid import Options, grid, row_data
from ui.kit.language import _
from ui.kit.text import named

Seen: TypeAlias = int | str | None
Typed: TypeAlias = Callable[[int, int, str, Seen], Awaitable[None]]
"""is given the learner, the checkpoint, what was typed, and the grade that stood there when the person began"""

TOTAL = 'total'
MOST_ON_PAPER = 40
"""learners of whom all lines are kept drawn, also those beyond the edge, so that the gradebook can be printed whole"""


class Line(TypedDict):
    """One learner as the browser gets them: short names, because there are hundreds of lines."""

    k: str  # user id
    n: str  # name
    g: tuple[int | None, ...]  # grades in the order of the columns
    m: str  # marks in the same order, a digit each
    t: str  # total


class GradeGrid:
    """Takes a whole gradebook once, and sends only the lines that have changed from then on."""

    def __init__(self, book: Gradebook, *, on_type: Typed, on_why: Callable[[int], Awaitable[None]]) -> None:
        self._book = book
        self._on_type = on_type
        self._on_why = on_why
        self._cell: tuple[int, str] | None = None
        """row and column of the cell that was typed into last"""
        self._begun: dict[tuple[int, str], Seen] = {}
        """what the browser showed in a cell when somebody began to type there, by learner and column"""
        is_whole = len(book.rows) <= MOST_ON_PAPER
        whole: Options = {'rowBuffer': MOST_ON_PAPER} if is_whole else {}
        with named(ui.element('section').classes('class-grid class-grid-crowd grade-grid'), _('Grades')) as frame:
            self._grid = grid(
                {**SETTINGS, **whole, **self._content(), 'localeText': {'noRowsToShow': _('Nobody is here.')}},
                modules=MODULES,
            )
        if not is_whole:
            frame.props['data-cut'] = _('Only the learners on the screen are printed. “Files” has everybody.')
        self._grid.on('cellEditingStarted', self._begins, args=['data', 'rowIndex', 'colId', 'value'])
        self._grid.on('cellValueChanged', self._typed, args=['data', 'rowIndex', 'colId', 'newValue'])
        self._grid.on('cellClicked', self._clicked, args=['data', 'rowIndex', 'colId'])

    def show(self, book: Gradebook) -> None:
        """Show the gradebook as it is now."""
        before, self._book = self._book, book
        if (before.things, before.how) != (book.things, book.how):
            self._grid.run_grid_method('updateGridOptions', self._content())
            return
        rows = {row.user_id: row for row in before.rows}
        there = {row.user_id for row in book.rows}
        changes = {
            'add': [_line(row) for row in book.rows if row.user_id not in rows],
            'update': [_line(row) for row in book.rows if row.user_id in rows and rows[row.user_id] != row],
            'remove': [{'k': str(user_id)} for user_id in rows if user_id not in there],
        }
        if any(changes.values()):
            self._grid.run_grid_method('applyTransaction', changes)

    def show_row(self, row: Row) -> None:
        """Show one line as it is now, before the whole gradebook is read again."""
        self._book = self._book.with_row(row)
        self._grid.run_grid_method('applyTransaction', {'update': [_line(row)]})

    def focus_again(self) -> None:
        """Put the focus back on the cell that was typed into last."""
        if self._cell:
            self._grid.run_grid_method('setFocusedCell', *self._cell)

    def put_back(self, user_id: int) -> None:
        """Show the line of a learner as it is stored, in place of what was typed."""
        found = [_line(row) for row in self._book.rows if row.user_id == user_id]
        self._grid.run_grid_method('applyTransaction', {'update': found})

    def search(self, text: str) -> None:
        """Show only names that contain the text; everyone when it is empty."""
        contains = {'n': {'filterType': 'text', 'type': 'contains', 'filter': text}}
        self._grid.run_grid_method('setFilterModel', contains if text else {})

    def _begins(self, event: GenericEventArguments) -> None:
        """Remember what stands in a cell: others may grade the same learner while somebody types.

        The grid reports this a moment later, and who types fast has changed the line by then; the value is from before.
        """
        row, place = self._row(event), self._place(event)
        score, marks = event.args.get('value'), event.args['data'].get('m')
        if row is None or place is None or not isinstance(marks, str) or place >= len(marks):
            return
        excused = marks[place] == f'{Mark.EXCUSED:d}'
        if excused or score is None or isinstance(score, int):
            self._begun[row.user_id, event.args['colId']] = EXCUSED if excused else score

    async def _typed(self, event: GenericEventArguments) -> None:
        row, place = self._row(event), self._place(event)
        if row is None or place is None:
            return
        self._cell = event.args['rowIndex'], event.args['colId']
        typed = (event.args['newValue'] or '').strip()
        if typed == as_typed(row.cells[place]):
            self.put_back(row.user_id)
        else:
            before = self._begun.pop((row.user_id, event.args['colId']), seen(row.cells[place]))
            await self._on_type(row.user_id, self._book.things[place].checkpoint_id, typed, before)

    async def _clicked(self, event: GenericEventArguments) -> None:
        row = self._row(event)
        if row is not None and event.args['colId'] == TOTAL:
            await self._on_why(row.user_id)

    def _row(self, event: GenericEventArguments) -> Row | None:
        key = event.args['data']['k']
        return next((row for row in self._book.rows if str(row.user_id) == key), None)

    def _place(self, event: GenericEventArguments) -> int | None:
        columns = [f'c{thing.checkpoint_id}' for thing in self._book.things]
        return columns.index(event.args['colId']) if event.args['colId'] in columns else None

    def _content(self) -> Options:
        return {
            'columnDefs': self._columns(),
            'context': {'marks': [MARKS[mark] for mark in Mark]},
            **row_data(_line(row) for row in self._book.rows),
        }

    def _columns(self) -> tuple[Options, ...]:
        things: list[Options] = [
            {
                'colId': f'c{thing.checkpoint_id}',
                'field': f'g.{place}',
                'type': 'grade',
                'headerName': f'{thing.title}\n{about(self._book, thing)}',
                'headerTooltip': thing.title,
                'context': {'place': place},
            }
            for place, thing in enumerate(self._book.things)
        ]
        return (NAME | {'headerName': _('Name')}, *things, TOTAL_COLUMN | {'headerName': _('Total')})


def _line(row: Row) -> Line:
    # Thirty thousand cells: they are taken apart in C.
    return Line(
        k=str(row.user_id),
        n=row.name,
        g=tuple(map(_SCORE, row.cells)),
        m=bytes(map(_MARK_OF, row.cells)).translate(_DIGITS).decode(),
        t=total(row.explanation),
    )


_SCORE, _MARK_OF = attrgetter('score'), attrgetter('mark')
_DIGITS = bytes.maketrans(bytes(Mark), b''.join(b'%d' % mark for mark in Mark))
_MARK = 'data.m[colDef.context.place]'
MODULES = [
    'ClientSideRowModelModule',
    'ClientSideRowModelApiModule',
    'CellStyleModule',
    'EventApiModule',
    'LocaleModule',
    'RowApiModule',
    'ScrollApiModule',
    'TextEditorModule',
    'TextFilterModule',
    'TooltipModule',
]
SETTINGS: Options = {
    ':getRowId': 'params => params.data.k',
    # Enter on a total is a click on it; on a grade it begins typing.
    ':onCellKeyDown': f'params => params.column.getColId() === "{TOTAL}" && params.event.key === "Enter" '
    '&& params.event.target.click()',
    # Tab goes on while somebody types; otherwise it leaves the grid, as any other control.
    ':tabToNextCell': 'params => params.editing ? params.nextCellPosition ?? false : false',
    ':tabToNextHeader': '() => false',
    # A finger has no double click.
    ':singleClickEdit': 'matchMedia("(pointer: coarse)").matches',
    'enterNavigatesVerticallyAfterEdit': True,
    'stopEditingWhenCellsLoseFocus': True,
    'defaultColDef': {
        'cellDataType': False,
        'sortable': False,
        'resizable': False,
        'suppressMovable': True,
        'suppressHeaderMenuButton': True,
        'suppressHeaderFilterButton': True,
    },
    'columnTypes': {
        'grade': {
            ':minWidth': 'innerWidth < 600 ? 92 : 132',
            'flex': 1,
            'editable': True,
            'cellEditor': 'agTextCellEditor',
            'headerClass': 'header-grade',
            'cellClass': 'cell-grade',
            # A mark can change where the number stays: compare nothing, draw what was sent.
            ':equals': '() => false',
            'valueFormatter': f'(x == null ? "" : x) + (x != null && ctx.marks[{_MARK}] ? " · " : "") '
            f'+ ctx.marks[{_MARK}]',
            'cellClassRules': {f'grade-{mark.name.lower()}': f'{_MARK} == {mark:d}' for mark in Mark},
        }
    },
    # AG Grid's own sheet goes into a layer below ours, so that ours decides.
    'themeCssLayer': 'components',
    'rowBuffer': 3,
    'enableBrowserTooltips': True,
    'accentedSort': True,
}
NAME: Options = {
    'field': 'n',
    'colId': 'n',
    'pinned': 'left',
    ':width': 'Math.round(Math.min(260, Math.max(112, innerWidth * 0.18)))',
    'tooltipField': 'n',
    'filter': 'agTextColumnFilter',
    'cellClass': 'cell-name notranslate',
}
TOTAL_COLUMN: Options = {
    'field': 't',
    'colId': TOTAL,
    'pinned': 'right',
    ':width': 'innerWidth < 600 ? 60 : 104',
    'headerClass': 'header-grade',
    'cellClass': 'cell-total',
}
