"""The pictures of dashboards, drawn with Plotly: bars along the steps, bars along the weeks.

A picture has its finding above it and its table behind it; its colours come from `look.css`, by the order of its bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from plotly.graph_objects import Bar, Figure, Scatter

from ui.kit.chart import chart
from ui.kit.text import Text

LINE = 36
"""pixels for each bar that lies, with a title of two lines"""
AXES = 48
UPRIGHT = 280
"""pixels in height for bars that stand"""
FEW_TICKS = 6
LEAST_PLACES = 6
"""bars that have room side by side, so that one alone is not as wide as the screen"""
MOST_WITH_WORDS = 14
"""bars that stand side by side, so that words above them can be read on a phone"""
ROOM_FOR_WORDS = 1.15
"""times the highest bar, so that its words are not cut off"""
PLACE_OF_WORDS = 1.45
"""times the longest bar: where the words beside the bars end"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the parts of which all bars are made."""

    name: str
    values: Sequence[float]
    words: Sequence[str]
    """what stands in or beside each bar; empty for nothing"""


def lying(
    says: str, names: Sequence[str], parts: Sequence[Part], *, marks: Sequence[float | None] = (), kind: str
) -> None:
    """Draw a bar for each name, from top to bottom; `kind` decides the colours.

    With `marks`, such as a plan, there are diamonds at these places, and the words stand beside the bars.
    """
    Text('p', says).classes('chart-title')
    figure = Figure([
        Bar(
            orientation='h',
            y=list(names),
            x=list(part.values),
            text=None if marks else list(part.words),
            name=part.name,
            textposition='none' if marks else 'auto',
            textangle=0,
            insidetextanchor='end',
            hovertemplate=f'%{{y}}: %{{x}}<extra>{escape(part.name)}</extra>',
        )
        for part in parts
    ])  # fmt: skip
    ends = [sum(part.values[place] for part in parts) for place in range(len(names))]
    if marks:
        _add_marks(figure, names, parts, marks, max(*ends, *(mark or 0 for mark in marks), 1))
    figure.update_layout(barmode='stack', bargap=0.3, height=LINE * len(names) + AXES)
    figure.update_xaxes(nticks=FEW_TICKS, rangemode='tozero')
    figure.update_yaxes(categoryorder='array', categoryarray=list(names), range=[len(names) - 0.5, -0.5])
    _draw(figure, says, kind)


def standing(says: str, names: Sequence[str], parts: Sequence[Part], *, kind: str) -> None:
    """Draw a bar for each name, from left to right; the parts lie on each other. Many bars have a scale for words."""
    is_many = len(names) > MOST_WITH_WORDS
    Text('p', says).classes('chart-title')
    figure = Figure([
        Bar(
            x=list(names),
            y=list(part.values),
            text=None if is_many else list(part.words),
            name=part.name,
            textposition='none' if is_many else 'outside',
            cliponaxis=False,
            hovertemplate=f'%{{x}}: %{{y}}<extra>{escape(part.name)}</extra>',
        )
        for part in parts
    ])  # fmt: skip
    figure.update_layout(barmode='stack', bargap=0.35, height=UPRIGHT)
    most = max((sum(part.values[place] for part in parts) for place in range(len(names))), default=1)
    figure.update_xaxes(type='category', showgrid=False, tickangle=0, nticks=FEW_TICKS)
    if len(names) < LEAST_PLACES:
        figure.update_xaxes(range=[-0.5, LEAST_PLACES - 0.5])
    figure.update_yaxes(visible=is_many, nticks=FEW_TICKS, range=[0, ROOM_FOR_WORDS * (most or 1)])
    _draw(figure, says, kind)


def _add_marks(
    figure: Figure, names: Sequence[str], parts: Sequence[Part], marks: Sequence[float | None], end: float
) -> None:
    known = [(name, mark) for name, mark in zip(names, marks, strict=True) if mark is not None]
    figure.add_trace(
        Scatter(
            mode='markers',
            marker={'symbol': 'diamond', 'size': 9},
            y=[name for name, _ in known],
            x=[mark for _, mark in known],
            hoverinfo='skip',
        )
    )
    words = [''.join(part.words[place] for part in parts) for place in range(len(names))]
    beside = [PLACE_OF_WORDS * end] * len(names)
    figure.add_trace(
        Scatter(mode='text', y=list(names), x=beside, text=words, textposition='middle left', hoverinfo='skip')
    )
    figure.update_xaxes(range=[0, PLACE_OF_WORDS * end])


def _draw(figure: Figure, says: str, kind: str) -> None:
    chart(figure, says=says).classes(f'chart-{kind}')
