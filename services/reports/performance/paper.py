"""A report on paper: the same sheet as on its page, as accessible PDF in any script, made in a process of its own."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from services.core import typesetting, zones
from services.core.languages import translations
from services.core.phrases import phrase
from services.core.typesetting import Paper
from services.reports.performance.document import PerformanceReport
from services.reports.performance.sheet import Sheet
from services.reports.performance.sheet_writing import sheet_of

TEMPLATE = Path(__file__).with_name('report.typ')
SIZES = (Paper.A4, Paper.LETTER)
MOST_WORDS = 4_000
"""letters that are looked at to choose the fonts for Chinese, Japanese and Korean"""


async def make_pdf(
    report: PerformanceReport, *, language: str = '', zone: ZoneInfo | None = None, paper: Paper = Paper.A4
) -> bytes:
    """Return a report as PDF for somebody who waits for it. Raises `Busy` or `NotSaved`."""
    return await typesetting.print_now(TEMPLATE, facts_of(report, language, zone=zone, paper=paper))


def facts_of(
    report: PerformanceReport, language: str, *, zone: ZoneInfo | None = None, paper: Paper = Paper.A4
) -> dict[str, object]:
    """Return what the template is filled with."""
    sheet = sheet_of(report, language, zone=zone)
    at: datetime = zones.in_zone(zone or zones.school(), report.generated_at)
    page = phrase('Page {page} of {pages}', page='{page}', pages='{pages}').spoken(translations(language))
    return asdict(sheet) | {
        'paper': paper,
        'date': {'year': at.year, 'month': at.month, 'day': at.day},
        'footer': f'{sheet.name} · {sheet.made}',
        'page': page,
        'words': _words(sheet),
    }


def _words(sheet: Sheet) -> str:
    """Return words of people, to choose the fonts by."""
    typed = (part.typed for course in sheet.courses for part in course.rest if part.typed)
    titles = (course.title for course in sheet.courses)
    return ' '.join([sheet.name, *titles, *typed])[:MOST_WORDS]
