"""A table on paper: the same cells as on screen, as accessible PDF in any script."""

from collections.abc import Sequence
from pathlib import Path

from services.core import typesetting, zones
from services.core.errors import Refused
from services.core.phrases import phrase
from services.core.typesetting import Paper
from services.reports.exports import tables
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Row, written

TEMPLATE = Path(__file__).with_name('table.typ')
MOST_ROWS = 2_000
"""about eighty pages"""
TOO_LONG = phrase(
    'On paper there is room for {most} rows. Choose fewer learners or days, or another file.', most=MOST_ROWS
)
NARROWEST, WIDEST = 6, 26
"""letters, by which columns share the width of the page"""
MOST_WORDS = 4_000


async def make_pdf(found: Scope, rows: Sequence[Row], *, language: str = '', paper: Paper = Paper.A4) -> bytes:
    """Return a table as PDF for somebody who waits for it. Raises `Busy`, `NotSaved`, or `Refused` for a long one."""
    if len(rows) > MOST_ROWS:
        raise Refused(TOO_LONG)
    return await typesetting.print_now(TEMPLATE, facts_of(found, rows, language=language, paper=paper))


def facts_of(found: Scope, rows: Sequence[Row], *, language: str = '', paper: Paper = Paper.A4) -> dict[str, object]:
    """Return what the template is filled with."""
    columns = tables.columns(found)
    heads = [found.say(column.name) for column in columns]
    cells = [[str(written(cell)) for cell in row] for row in rows]
    title = found.say(phrase('{table}: {course}', table=tables.NAMES[found.what], course=found.title))
    about = found.say(phrase('From {since} to {until}', since=found.since, until=found.until))
    made = zones.in_zone(found.zone, found.now)
    return {
        'title': title,
        'about': about,
        'footer': f'{title} · {about}',
        'page': found.say(phrase('Page {page} of {pages}', page='{page}', pages='{pages}')),
        'paper': paper,
        'language': (language or 'en').split('-')[0],
        'date': {'year': made.year, 'month': made.month, 'day': made.day},
        'heads': heads,
        'rows': cells,
        'widths': [_width(head, [row[place] for row in cells]) for place, head in enumerate(heads)],
        'numbers': [_is_number([row[place] for row in rows]) for place in range(len(heads))],
        'words': ' '.join([found.title, *(cell for row in cells for cell in row)])[:MOST_WORDS],
    }


def _width(head: str, cells: Sequence[str]) -> int:
    longest = max((len(word) for word in [*head.split(), *cells]), default=NARROWEST)
    return min(max(longest, NARROWEST), WIDEST)


def _is_number(cells: Sequence[object]) -> bool:
    return any(isinstance(cell, int | float) for cell in cells)
