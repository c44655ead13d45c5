"""What AG Grid is told of a class once: its modules, its settings, and the columns of the grid and of the list."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from services.live.board.views import Column, Mark, Presence
from ui.kit import presences
from ui.kit.grid import Options
from ui.kit.language import _
from ui.kit.marks import SHAPES

Order: TypeAlias = Literal['name', 'surname', 'progress', 'help']

PERCENT_SIGN = '\u00a0%'
MOST_TITLES = 12
"""columns; with more there is no room for their titles, nor for percent signs and long names"""
MOST_BESIDE_WORDS = 16
"""columns; with more there is no room for the word beside the shape of a presence"""


def grid_columns(columns: Sequence[Column], *, current: int | None, order: Order) -> tuple[Options, ...]:
    """Return one column for each checkpoint, after name, presence and percent."""
    least: Options = {'minWidth': 30 if is_narrow(columns) else 40}
    marks = (
        _mark_column(place, column, current=column.checkpoint_id == current) | least
        for place, column in enumerate(columns)
    )
    here = HERE_IN_WORDS if len(columns) <= MOST_BESIDE_WORDS else HERE
    name = NAME_AMONG_MANY if len(columns) > MOST_BESIDE_WORDS else NAME_AMONG_SOME if is_narrow(columns) else NAME
    return (
        _headed(name, _('Name')) | _NAME_ORDER,
        _headed(here, _('Here')),
        _headed(PERCENT, _('Done')) | _progress_order(order),
        _surname_order(order),
        _help_order(order),
        *marks,
    )


def list_columns(*, order: Order) -> tuple[Options, ...]:
    """Return the columns of the list: who, whether they are here, the checkpoint they are at, how far they are."""
    return (
        _headed(NAME, _('Name')) | _NAME_ORDER,
        _headed(HERE_IN_WORDS, _('Here')) | {'colId': 'where', ':width': '112'},
        _headed(CHECKPOINT, _('Step')),
        _headed(BAR, _('Done')) | _progress_order(order),
        _surname_order(order),
        _help_order(order),
    )


def is_narrow(columns: Sequence[Column]) -> bool:
    """Tell whether there are too many checkpoints for titles."""
    return len(columns) > MOST_TITLES


def opening_at(current: int | None) -> Options:
    """Return what brings the current checkpoint into view as soon as the grid is drawn."""
    if current is None:
        return {}
    return {':onFirstDataRendered': f'params => params.api.ensureColumnVisible("c{current}", "middle")'}


def _headed(column: Options, name: str) -> Options:
    return {**column, 'headerName': name}


def _progress_order(order: Order) -> Options:
    return {'sort': 'asc' if order == 'progress' else None, 'sortIndex': 0}


def _help_order(order: Order) -> Options:
    return STUCK_FIRST | {'sort': 'asc' if order == 'help' else None, 'sortIndex': 0}


def _surname_order(order: Order) -> Options:
    return SURNAME | {'sort': 'asc' if order == 'surname' else None, 'sortIndex': 0}


_NAME_ORDER: Options = {'sort': 'asc', 'sortIndex': 1}


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
    'ScrollApiModule',
    'TextFilterModule',
    'TooltipModule',
]
MARK_CLASSES = {f'mark-{SHAPES[mark]}': f'!node.rowPinned && x == {mark:d}' for mark in Mark}
CHECKPOINT_CLASSES = {f'mark-{SHAPES[mark]}': f'x[1] == {mark:d}' for mark in Mark}
BAR_CLASSES = {f'tens-{tens}': f'Math.floor(x / 10) == {tens}' for tens in range(11)} | {
    f'units-{units}': f'x % 10 == {units}' for units in range(10)
}
SETTINGS: Options = {
    ':getRowId': 'params => params.data.k',
    # Enter on a cell is a click on it.
    ':onCellKeyDown': 'params => params.event.key === "Enter" && params.event.target.click()',
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
            'valueFormatter': 'node.rowPinned ? (x == null ? "–" : x + ctx.percent) : ctx.words[x]',
            'cellClass': 'cell-mark',
            'cellClassRules': MARK_CLASSES
            | {'cell-share': '!!node.rowPinned', 'cell-current': 'colDef.context.current'},
        },
    },
    # AG Grid's own sheet goes into a layer below ours, so that ours decides.
    'themeCssLayer': 'components',
    # Lines beyond the edge that are kept drawn: each costs the browser the styles of all its cells, at every frame.
    'rowBuffer': 3,
    # In a narrow window, AG Grid would let go of the names at the edge, and put them behind the percent for good.
    ':processUnpinnedColumns': '() => []',
    'enableBrowserTooltips': True,
    'accentedSort': True,
    # A changed mark moves no line by itself; lines are sorted again once a second at most.
    'suppressModelUpdateAfterUpdateTransaction': True,
}
NAME: Options = {
    'field': 'n',
    'pinned': 'left',
    ':width': 'Math.round(Math.min(300, Math.max(128, innerWidth * 0.14)))',
    'tooltipField': 'n',
    'filter': 'agTextColumnFilter',
    'cellClass': 'cell-name notranslate',
    'cellClassRules': {
        'cell-away': f'data.h == {Presence.LOST:d} || data.h == {Presence.NOT_YET:d}',
        'cell-never': f'data.h == {Presence.NOT_YET:d}',
        'cell-everyone': '!!node.rowPinned',
    },
}
NAME_AMONG_MANY: Options = NAME | {
    ':width': 'Math.round(Math.min(300, Math.max(128, innerWidth * (innerWidth < 1600 ? 0.125 : 0.14))))'
}
NAME_AMONG_SOME: Options = NAME | {
    ':width': 'Math.round(Math.min(300, Math.max(128, innerWidth * (innerWidth < 1200 ? 0.14 : 0.17))))'
}
"""numbers alone need less room than titles, so the names get it"""
HERE: Options = {
    'field': 'h',
    'pinned': 'left',
    'width': 32,
    'headerClass': 'header-here',
    'cellClass': 'cell-here',
    'valueFormatter': 'node.rowPinned ? "" : ctx.presences[x]',
    ':tooltipValueGetter': 'params => params.node.rowPinned ? "" : params.context.sentences[params.value]',
    'cellClassRules': {f'presence-{presences.SHAPES[each]}': f'!node.rowPinned && x == {each:d}' for each in Presence},
}
# Beside the shape there is room for the word, but on a phone.
HERE_IN_WORDS: Options = HERE | {
    ':width': 'innerWidth < 900 ? 32 : innerWidth < 1600 ? 80 : 92',
    'cellClass': 'cell-here cell-words',
}
PERCENT: Options = {
    'field': 'p',
    'pinned': 'left',
    ':hide': 'innerWidth < 600',
    ':width': 'innerWidth < 1600 ? 72 : 92',
    'headerClass': 'header-percent',
    'cellClass': 'cell-percent',
    'valueFormatter': f'x == null ? "–" : x + "{PERCENT_SIGN}"',
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
STUCK_FIRST: Options = {
    'colId': 'stuck',
    'hide': True,
    'valueGetter': f'data.s[1] == {Mark.STUCK:d} ? 0 : 1',
}
SURNAME: Options = {
    'colId': 'surname',
    'hide': True,
    # as services/core/name_order.py has it
    'valueGetter': 'data.n.includes(",") ? data.n : data.n.split(" \u00b7 ")[0].split(" ").pop() + " " + data.n',
}
CHECKPOINT: Options = {
    'field': 's',
    'flex': 2,
    'minWidth': 140,
    'cellClass': 'cell-step',
    'valueFormatter': 'node.rowPinned ? "" : x[0] < 0 ? ctx.done : ctx.steps[x[0]]',
    'cellClassRules': CHECKPOINT_CLASSES,
}
