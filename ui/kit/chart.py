"""A chart of Plotly. What it shows stands in words above it and in a table below; its colours are the style sheet's."""

from nicegui import ui
from plotly.graph_objects import Figure

from ui.kit import theme


def chart(figure: Figure, *, says: str) -> None:
    """Draw a figure; those who do not see it are told what it says."""
    figure.update_layout(theme.CHART)
    drawn = ui.plotly({**figure.to_plotly_json(), 'config': theme.CHART_CONFIG})
    drawn.classes('chart').props(f'role=img aria-label="{says} The table below has the figures."')
