"""A chart of Plotly. What it shows stands in words above it and in a table below; its colours are the style sheet's."""

from nicegui import ui
from plotly.graph_objects import Figure

from ui.kit import theme
from ui.kit.language import _


def chart(figure: Figure, *, says: str) -> ui.plotly:
    """Draw a figure; screen readers read what it says."""
    figure.update_layout(theme.CHART)
    drawn = ui.plotly({**figure.to_plotly_json(), 'config': theme.CHART_CONFIG})
    drawn.classes('chart').props('role=img')
    drawn.props['aria-label'] = _('{finding} The table below has the figures.', finding=says)
    return drawn
