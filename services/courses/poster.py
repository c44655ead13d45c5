"""The poster of a course: its title, the address, and its code so large that a room can read it."""

from dataclasses import dataclass
from pathlib import Path

from services import access
from services.access import Actor
from services.core import school, typesetting
from services.core.languages import translations
from services.core.phrases import phrase
from services.core.secrets import spell_code
from services.core.transaction import Transaction
from services.core.typesetting import Paper

TEMPLATE = Path(__file__).with_name('poster.typ')

SCAN, TYPE = phrase('Scan, or open'), phrase('and type')


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What is printed on the poster of a course."""

    course_title: str
    code: str


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> Poster:
    """Return what is printed on the poster of a course; the server log notes it."""
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    tx.note('poster printed', course=course_id, by=actor.user_id)
    return Poster(course_title=course.title, code=course.code)


async def make_pdf(poster: Poster, *, address: str, paper: Paper = Paper.A4, language: str = '') -> bytes:
    """Return the poster as PDF of one page, in a language. Raises `Busy` or `NotSaved`."""
    words = translations(language)
    link = f'{address}/j/{poster.code}'
    facts = {
        'language': language.partition('-')[0] or 'en',
        'paper': paper,
        'school': school.current().name,
        'course': poster.course_title,
        'title': poster.course_title,
        'scan': SCAN.spoken(words),
        'address': address.partition('://')[2],
        'type': TYPE.spoken(words),
        'code': spell_code(poster.code),
        'picture': typesetting.qr_svg(link),
        'alt': phrase('QR code that leads to {link}', link=link).spoken(words),
    }
    return await typesetting.print_now(TEMPLATE, facts)
