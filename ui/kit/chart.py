"""A chart of Plotly. What it shows stands in words above it and in a table below; its colours are the style sheet's.

Figures are the plain values that plotly.js reads. Plotly's own classes check each of them, which takes 20 ms a chart of
the event loop; a test lets them check what the pages draw.
"""

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap

from nicegui import ui

from ui.kit import theme
from ui.kit.language import _
from ui.kit.preloading import begin_loading

TITLE_LINE, TITLE_LINES = 20, 2
"""letters in one line of the title of a checkpoint, and lines: a phone has no room for more"""

Values = Mapping[str, object]
"""of a trace, of an axis or of a whole layout, by Plotly's names"""


def checkpoint_label(number: int, title: str) -> str:
    """Return what a checkpoint is called beside its bar, in Plotly's tags and entities."""
    lines = wrap(title, TITLE_LINE, max_lines=TITLE_LINES, placeholder=' …')
    return f'{number} {"<br>".join(escape(line, quote=False) for line in lines)}'


def chart(traces: Sequence[Values], *, says: str, layout: Values, x: Values, y: Values) -> ui.plotly:
    """Draw traces along two axes; screen readers read what it says."""
    whole = {**theme.CHART, **layout, 'xaxis': {**theme.CHART_X, **x}, 'yaxis': {**theme.CHART_Y, **y}}
    drawn = ui.plotly({'data': list(traces), 'layout': whole, 'config': theme.CHART_CONFIG})
    begin_loading('nicegui-plotly')
    drawn.classes('chart').props('role=img')
    drawn.props['aria-label'] = _('{finding} The table below has the figures.', finding=says)
    return drawn
