"""A table on paper: the same cells as on screen, as accessible PDF in any script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.core import threads, typesetting, zones
from services.core.errors import Refused
from services.core.languages import translations
from services.core.phrases import phrase
from services.core.typesetting import Paper
from services.reports.exports import tables
from services.reports.exports.asking import Scope
from services.reports.exports.cells import Cell, Row, written

TEMPLATE = Path(__file__).with_name('table.typ')
MOST_ROWS = 2_000
"""about eighty pages"""
TOO_LONG = phrase(
    'On paper there is room for {most} rows. Choose fewer learners or days, or another file.', most=MOST_ROWS
)
NARROWEST, WIDEST = 6, 26
"""letters, by which columns share the width of the page"""
MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with what stands above it, in words."""

    title: str
    about: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    made_on: date
    language: str = ''


def sheet_of(found: Scope, rows: Sequence[Row], *, language: str = '') -> Sheet:
    """Return a table of a course as it stands on paper."""
    return Sheet(
        title=found.say(phrase('{table}: {course}', table=tables.NAMES[found.what], course=found.title)),
        about=found.say(phrase('From {since} to {until}', since=found.since, until=found.until)),
        heads=[found.say(column.name) for column in tables.columns(found)],
        rows=rows,
        made_on=zones.in_zone(found.zone, found.now).date(),
        language=language,
    )


async def make_pdf(sheet: Sheet, *, paper: Paper = Paper.A4) -> bytes:
    """Return a table as PDF for somebody who waits for it. Raises `Busy`, `NotSaved`, or `Refused` for a long one."""
    if len(sheet.rows) > MOST_ROWS:
        raise Refused(TOO_LONG)
    facts = await threads.shared.run(facts_of, sheet, paper=paper)  # thousands of cells
    return await typesetting.print_now(TEMPLATE, facts)


def facts_of(sheet: Sheet, *, paper: Paper = Paper.A4) -> dict[str, object]:
    """Return what the template is filled with."""
    cells = [[str(written(cell)) for cell in row] for row in sheet.rows]
    page = phrase('Page {page} of {pages}', page='{page}', pages='{pages}')
    return {
        'title': sheet.title,
        'about': sheet.about,
        'footer': f'{sheet.title} · {sheet.about}',
        'page': page.spoken(translations(sheet.language)),
        'paper': paper,
        'language': (sheet.language or 'en').split('-')[0],
        'date': {'year': sheet.made_on.year, 'month': sheet.made_on.month, 'day': sheet.made_on.day},
        'heads': list(sheet.heads),
        'rows': cells,
        'widths': [_width(head, [row[place] for row in cells]) for place, head in enumerate(sheet.heads)],
        'numbers': [_is_number([row[place] for row in sheet.rows]) for place in range(len(sheet.heads))],
        'words': ' '.join([sheet.title, *(cell for row in cells for cell in row)])[:MOST_WORDS],
    }


def _width(head: str, cells: Sequence[str]) -> int:
    longest = max((len(word) for word in [*head.split(), *cells]), default=NARROWEST)
    return min(max(longest, NARROWEST), WIDEST)


def _is_number(cells: Sequence[object]) -> bool:
    return any(isinstance(cell, int | float) for cell in cells)
