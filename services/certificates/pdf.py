"""What is printed on a certificate, and how it becomes a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.core import clock, school, typesetting, zones
from services.core.server_address import standing_address

TEMPLATE = Path(__file__).with_name('certificate.typ')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is printed on a certificate."""

    certificate_id: int
    serial: str
    name: str
    course_title: str
    completed_at: datetime


async def make_pdf(sheet: Sheet) -> bytes:
    """Return a certificate as accessible PDF; raises `NotPrinted`, also for a letter that no font can draw."""
    title = f'Certificate of completion: {sheet.name}, {sheet.course_title}'
    facts = _facts([sheet], title=title, dated=sheet.completed_at)
    return await typesetting.make_pdf(TEMPLATE, facts, all_letters=True)


async def make_one_pdf(course_title: str, sheets: Sequence[Sheet]) -> bytes:
    """Return several certificates of a course as one PDF, a page for each. Raises `Busy` or `NotSaved`."""
    facts = _facts(sheets, title=f'Certificates of completion: {course_title}', dated=clock.now())
    return await typesetting.print_now(TEMPLATE, facts)


def page_of(serial: str) -> str:
    """Return the address of the page that tells whether a certificate is valid."""
    return f'{standing_address()}/certificates/{serial}'


def day(moment: datetime) -> str:
    """Return the day of a moment at the school, as it is printed."""
    local = zones.in_zone(zones.school(), moment)
    return f'{local.day} {local:%B %Y}'


def _facts(sheets: Sequence[Sheet], *, title: str, dated: datetime) -> dict[str, object]:
    at = zones.in_zone(zones.school(), dated)
    return {
        'title': title,
        'date': {'year': at.year, 'month': at.month, 'day': at.day},
        'sheets': [_sheet(sheet) for sheet in sheets],
    }


def _sheet(sheet: Sheet) -> dict[str, str]:
    return {
        'name': sheet.name,
        'course': sheet.course_title,
        'school': school.current().name,
        'day': day(sheet.completed_at),
        'serial': sheet.serial,
        'address': page_of(sheet.serial),
        'code': typesetting.qr_svg(page_of(sheet.serial)),
    }
