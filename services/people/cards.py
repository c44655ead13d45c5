"""Cards to hand out: one for each guest of a course, with the code with which they come back; eight on a page."""

from dataclasses import dataclass
from pathlib import Path

from services import access
from services.access import Actor
from services.core import school, typesetting
from services.core.errors import Refused
from services.core.languages import translations
from services.core.phrases import phrase
from services.core.secrets import spell_code
from services.core.transaction import Transaction
from services.core.typesetting import Paper
from services.people import guest_codes
from services.people.guest_codes import GuestCode

TEMPLATE = Path(__file__).with_name('cards.typ')
SIZES = (Paper.A4, Paper.LETTER)

TITLE = phrase('Cards')
KEEP = phrase('Keep this card to yourself: the code is your way in.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What is printed on the cards of a course."""

    course_title: str
    guests: tuple[GuestCode, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> Cards:
    """Return what is printed for all guests of a course, or of one group; the server log notes it."""
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    guests = guest_codes.listed(tx, course_id, group=group)
    if not guests:
        raise Refused('There is nobody here who needs a card: cards are for guests, who come back with a code.')
    tx.note('guest cards printed', course=course_id, by=actor.user_id, guests=len(guests))
    return Cards(course_title=course.title, guests=guests)


async def make_pdf(cards: Cards, *, address: str, paper: Paper = Paper.A4, language: str = '') -> bytes:
    """Return the cards as PDF, in a language. Raises `Busy` or `NotSaved`."""
    return await typesetting.print_now(TEMPLATE, _facts(cards, address, paper, language))


def way_back(address: str, code: str) -> str:
    """Return the address at which a guest with this code comes back."""
    return f'{address}/j/{code}'


def _facts(cards: Cards, address: str, paper: Paper, language: str) -> dict[str, object]:
    words, shown = translations(language), address.partition('://')[2]
    return {
        'language': language.partition('-')[0] or 'en',
        'paper': paper,
        'school': school.current().name,
        'course': cards.course_title,
        'title': f'{TITLE.spoken(words)}: {cards.course_title}',
        'how': phrase(
            'To come back on any device, scan the square, or open {address} and type this code:', address=shown
        ).spoken(words),
        'address': shown,
        'keep': KEEP.spoken(words),
        'cards': [_card(each, address) for each in cards.guests],
    }


def _card(guest: GuestCode, address: str) -> dict[str, str]:
    link = way_back(address, guest.code)
    return {
        'name': guest.name,
        'group': guest.group,
        'code': spell_code(guest.code),
        'picture': typesetting.qr_svg(link),
    }
