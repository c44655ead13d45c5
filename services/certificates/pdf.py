"""What is printed on a certificate, and how it becomes a PDF."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.core import school, typesetting, zones
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
    return await typesetting.make_pdf(TEMPLATE, _facts(sheet), all_letters=True)


def page_of(serial: str) -> str:
    """Return the address of the page that tells whether a certificate is valid."""
    return f'{standing_address()}/certificates/{serial}'


def day(moment: datetime) -> str:
    """Return the day of a moment at the school, as it is printed."""
    local = zones.in_zone(zones.school(), moment)
    return f'{local.day} {local:%B %Y}'


def _facts(sheet: Sheet) -> dict[str, object]:
    at = zones.in_zone(zones.school(), sheet.completed_at)
    return {
        'title': f'Certificate of completion: {sheet.name}, {sheet.course_title}',
        'name': sheet.name,
        'course': sheet.course_title,
        'school': school.current().name,
        'day': day(sheet.completed_at),
        'date': {'year': at.year, 'month': at.month, 'day': at.day},
        'serial': sheet.serial,
        'address': page_of(sheet.serial),
        'code': typesetting.qr_svg(page_of(sheet.serial)),
    }
