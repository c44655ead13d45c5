"""The pictures of dashboards, drawn with Plotly: bars along the checkpoints, bars along the weeks.

A picture has its finding above it and its table behind it; its colours come from `look.css`, by the order of its bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ui.kit.chart import Values, chart
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
    traces: list[Values] = [
        {
            'type': 'bar',
            'orientation': 'h',
            'y': list(names),
            'x': list(part.values),
            **({} if marks else {'text': list(part.words)}),
            'name': part.name,
            'textposition': 'none' if marks else 'auto',
            'textangle': 0,
            'insidetextanchor': 'end',
            'hovertemplate': f'%{{y}}: %{{x}}<extra>{escape(part.name)}</extra>',
        }
        for part in parts
    ]
    ends = [sum(part.values[place] for part in parts) for place in range(len(names))]
    x: dict[str, object] = {'nticks': FEW_TICKS, 'rangemode': 'tozero'}
    if not marks and max(ends, default=0) < FEW_TICKS:
        x['dtick'] = 1  # of a few learners, there is no half one
    if marks:
        end = max(*ends, *(mark or 0 for mark in marks), 1)
        traces += _marks(names, parts, marks, end)
        x['range'] = [0, PLACE_OF_WORDS * end]
    y = {'categoryorder': 'array', 'categoryarray': list(names), 'range': [len(names) - 0.5, -0.5]}
    layout = {'barmode': 'stack', 'bargap': 0.3, 'height': LINE * len(names) + AXES}
    chart(traces, says=says, layout=layout, x=x, y=y).classes(f'chart-{kind}')


def standing(says: str, names: Sequence[str], parts: Sequence[Part], *, kind: str) -> None:
    """Draw a bar for each name, from left to right; the parts lie on each other. Many bars have a scale for words."""
    is_many = len(names) > MOST_WITH_WORDS
    Text('p', says).classes('chart-title')
    traces = [
        {
            'type': 'bar',
            'x': list(names),
            'y': list(part.values),
            **({} if is_many else {'text': list(part.words)}),
            'name': part.name,
            'textposition': 'none' if is_many else 'outside',
            'cliponaxis': False,
            'hovertemplate': f'%{{x}}: %{{y}}<extra>{escape(part.name)}</extra>',
        }
        for part in parts
    ]
    most = max((sum(part.values[place] for part in parts) for place in range(len(names))), default=1)
    x: dict[str, object] = {'type': 'category', 'showgrid': False, 'tickangle': 0, 'nticks': FEW_TICKS}
    if len(names) < LEAST_PLACES:
        x['range'] = [-0.5, LEAST_PLACES - 0.5]
    y = {'visible': is_many, 'nticks': FEW_TICKS, 'range': [0, ROOM_FOR_WORDS * (most or 1)]}
    layout = {'barmode': 'stack', 'bargap': 0.35, 'height': UPRIGHT}
    chart(traces, says=says, layout=layout, x=x, y=y).classes(f'chart-{kind}')


def _marks(names: Sequence[str], parts: Sequence[Part], marks: Sequence[float | None], end: float) -> list[Values]:
    """Return a diamond for each mark that is known, and the words of all parts beside their bars."""
    known = [(name, mark) for name, mark in zip(names, marks, strict=True) if mark is not None]
    diamonds = {
        'type': 'scatter',
        'mode': 'markers',
        'marker': {'symbol': 'diamond', 'size': 9},
        'y': [name for name, _ in known],
        'x': [mark for _, mark in known],
        'hoverinfo': 'skip',
    }
    words = {
        'type': 'scatter',
        'mode': 'text',
        'y': list(names),
        'x': [PLACE_OF_WORDS * end] * len(names),
        'text': [''.join(part.words[place] for part in parts) for place in range(len(names))],
        'textposition': 'middle left',
        'hoverinfo': 'skip',
    }
    return [diamonds, words]
