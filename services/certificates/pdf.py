"""Making the PDF of a certificate, in a process of its own that may not take for ever."""

import asyncio
import io
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import segno

from services.core import school, zones
from services.core.phrases import Phrase, phrase
from services.core.server_address import standing_address

TYPESETTER = Path(__file__).with_name('typeset.py')
TIME_LIMIT = 60.0
"""Seconds; a certificate takes a fifth of one."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class NotPrinted(Exception):
    """There is no PDF yet; the sentence is for the admin of this installation."""

    def __init__(self, sentence: Phrase) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is printed on a certificate."""

    certificate_id: int
    serial: str
    name: str
    course_title: str
    completed_at: datetime


async def make_pdf(sheet: Sheet) -> bytes:
    """Return a certificate as accessible PDF; raises `NotPrinted`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-P', str(TYPESETTER)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        pdf, said = await asyncio.wait_for(process.communicate(orjson.dumps(_facts(sheet))), TIME_LIMIT)
    except TimeoutError:
        raise NotPrinted(phrase('It took longer than {seconds} seconds.', seconds=round(TIME_LIMIT))) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotPrinted(_reason(said.decode(errors='replace').strip()))
    return pdf


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
        'code': _code(page_of(sheet.serial)),
    }


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error='m', micro=False).save(drawn, kind='svg', border=0)
    return drawn.getvalue().decode()


def _reason(said: str) -> Phrase:
    if letters := _NO_GLYPH.search(said):
        return phrase(
            'No font on this server can draw “{letters}”. See “Fonts” in docs/operations.md.', letters=letters[1]
        )
    return phrase('The typesetter says: {said}', said=said[-200:]) if said else phrase('The typesetter says nothing.')
