"""A chart of Plotly. What it shows stands in words above it and in a table below; its colours are the style sheet's."""

from html import escape
from textwrap import wrap

from nicegui import ui
from plotly.graph_objects import Figure

from ui.kit import theme
from ui.kit.language import _

TITLE_LINE, TITLE_LINES = 20, 2
"""letters in one line of the title of a step, and lines: a phone has no room for more"""


def step_label(number: int, title: str) -> str:
    """Return what a step is called beside its bar, in Plotly's tags and entities."""
    lines = wrap(title, TITLE_LINE, max_lines=TITLE_LINES, placeholder=' …')
    return f'{number} {"<br>".join(escape(line, quote=False) for line in lines)}'


def chart(figure: Figure, *, says: str) -> ui.plotly:
    """Draw a figure; screen readers read what it says."""
    figure.update_layout(theme.CHART)
    drawn = ui.plotly({**figure.to_plotly_json(), 'config': theme.CHART_CONFIG})
    drawn.classes('chart').props('role=img')
    drawn.props['aria-label'] = _('{finding} The table below has the figures.', finding=says)
    return drawn
