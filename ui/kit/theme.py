"""The look of Waymark: our style sheet on every page, and its colours by meaning for charts and Quasar."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import Response
from nicegui import app, ui

from web.sub_path import outward_html

BASE, PREFERENCES = (Path(__file__).with_name(name) for name in ('base.css', 'preferences.css'))

CHART: dict[str, object] = {
    # Only the browser knows whether it is dark: all colours come from the style sheet (".chart").
    'paper_bgcolor': 'rgba(0, 0, 0, 0)',
    'plot_bgcolor': 'rgba(0, 0, 0, 0)',
    'font': {'family': 'system-ui, sans-serif', 'size': 14},
    'margin': {'l': 8, 'r': 8, 't': 4, 'b': 4},
    'showlegend': False,
    'dragmode': False,
}
"""What all charts have in common; nothing can be dragged in them, so that a finger scrolls the page."""

CHART_X: dict[str, object] = {'automargin': True, 'fixedrange': True, 'zeroline': False}
CHART_Y: dict[str, object] = {**CHART_X, 'showgrid': False}

CHART_CONFIG: dict[str, object] = {'displayModeBar': False, 'responsive': True}


def register() -> None:
    """Put our style sheet on every page."""
    app.get(address(), include_in_schema=False)(_style_sheet)
    ui.add_head_html(outward_html(f'<link rel="stylesheet" href="{address()}">'), shared=True)


@cache
def address() -> str:
    """Return where the style sheet is; it changes with its content, so that no browser keeps an old one."""
    return f'/look/{sha256(sheet().encode()).hexdigest()[:12]}.css'


@cache
def sheet() -> str:
    """Return the style sheet.

    Plain pages have no script that tells them it is dark: there the system decides. Paper is white in any case; its
    colours come before what else there is for paper.
    """
    parts = BASE, *sorted(BASE.parents[1].glob('*/look*.css')), PREFERENCES
    *look, preferences = (part.read_text() for part in parts)
    text = '\n'.join(look)
    light, dark = (text.partition(f'\n{of} {{')[2].partition('\n}')[0] for of in ('body', 'body.body--dark'))
    plain = f'@media (prefers-color-scheme: dark) {{ body.plain {{{dark}\n}} }}'
    paper = f'@media print {{ body, body.body--dark, body.plain {{{light}\n}} }}'
    return f'{text}\n{plain}\n{paper}\n{preferences}'


def _style_sheet() -> Response:
    return Response(sheet(), media_type='text/css')


def filled(percent: int) -> str:
    """Classes that fill a ring, a bar or a share to `percent` (0–100)."""
    return f'tens-{percent // 10} units-{percent % 10}'


def favicon_url() -> str:
    """Return our icon as an address that needs no request."""
    return f'data:image/svg+xml,{quote(FAVICON)}'


FAVICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><circle cx='12' cy='12' r='12' fill='#00795b'/>"
    "<path d='M6 12.5l4 4 8-9' fill='none' stroke='white' stroke-width='3' stroke-linecap='round'/></svg>"
)
