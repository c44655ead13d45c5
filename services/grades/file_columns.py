"""What the columns of a file with grades are: who a row is about, and which graded thing a column is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.text import clean, line
from services.grades.book import Thing

PERSON_ID = 'Waymark ID'
"""the heading of the column by which learners are found; it is the same in every language"""
MOST_HEADINGS_DOWN = 20
LONGEST_QUOTE = 60

_NAMES = (
    'name|full name|student|student name|learner|display name|schüler|schülerin|teilnehmer|vollständiger name'
    '|élève|étudiant|nom complet|alumno|estudiante|nombre completo'
)
_FIRST = 'first name|firstname|given name|vorname|prénom|nombre'
_LAST = 'last name|lastname|surname|family name|nachname|nom|nom de famille|apellido|apellidos'
_EMAILS = 'email|e-mail|email address|e-mail address|e-mail-adresse|adresse de courriel|dirección de correo'
_ID = re.compile(r'\[#(\d{1,18})\]\s*$')
_MOODLE = re.compile(
    r'^[^:]{1,30}:\s*(?P<title>.+?)(?:\s*\((?:percentage|prozentsatz|pourcentage|porcentaje)\))?$', re.I
)
_MOODLE_POINTS = re.compile(r'\((?:real|punkte|brut|calificación)\)\s*$', re.I)
_CANVAS = re.compile(r'\s*\(\d+\)$')


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in each row something is."""

    person_id: int | None
    names: tuple[int, ...]
    """one column, or first and last name"""
    email: int | None
    things: Mapping[int, Thing]
    """by the place of the column"""
    left_out: tuple[str, ...]
    """headings of columns that are neither about who a row is nor about something graded here"""
    problems: tuple[Phrase, ...]


def heading_of(thing: Thing) -> str:
    """Return the heading of a graded thing, by which its column is found again."""
    return f'{thing.title} [#{thing.checkpoint_id}]'


def find_top(rows: Sequence[tuple[int, tuple[str, ...]]]) -> int:
    """Return the place of the row with the headings; raises `Invalid` where there is none."""
    for place, (_, cells) in enumerate(rows[:MOST_HEADINGS_DOWN]):
        if {_plain(cell) for cell in cells} & (_ALL | {PERSON_ID.casefold()}):
            return place
    raise Invalid(
        'The first row must say what the columns are: “Waymark ID”, or names or e-mail addresses, and what is graded. '
        'Begin with the file that the gradebook gives.',
        field='file',
    )


def columns_of(headings: Sequence[str], things: Sequence[Thing]) -> Columns:
    """Return what each column is."""
    found = _Found(things)
    for place, heading in enumerate(headings):
        found.take(place, heading)
    plain = [_plain(heading) for heading in headings]
    first, last = _place(plain, _FIRSTS), _place(plain, _LASTS)
    name = _place(plain, _WHOLE)
    both = (first, last) if first is not None and last is not None else ()
    return Columns(
        person_id=_place(plain, {PERSON_ID.casefold()}),
        names=(name,) if name is not None else both,
        email=_place(plain, _MAILS),
        things=found.things,
        left_out=tuple(found.left_out),
        problems=tuple(found.problems),
    )


@dataclass(slots=True)
class _Found:
    """The columns of graded things, as they are found one after another."""

    all: Sequence[Thing]
    things: dict[int, Thing] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[Phrase] = field(default_factory=list)

    def take(self, place: int, heading: str) -> None:
        """Keep a column that is about something graded here."""
        same = self._same(heading)
        if len(same) > 1:
            self.problems.append(
                phrase(
                    'Several things here are called “{title}”. Use the headings of the file that the gradebook gives.',
                    title=quoted(heading),
                )
            )
            return
        if not same:
            if _plain(heading) not in _KNOWN:
                self.left_out.append(quoted(heading))
            return
        (known,) = same
        if known.checkpoint_id in {each.checkpoint_id for each in self.things.values()}:
            self.problems.append(phrase('Two columns are about “{title}”. Take one of them out.', title=known.title))
        elif _MOODLE_POINTS.search(heading):
            self.problems.append(
                phrase(
                    'The column “{heading}” has points, and nothing says of how many. Export percentages.',
                    heading=quoted(heading),
                )
            )
        else:
            self.things[place] = known

    def _same(self, heading: str) -> list[Thing]:
        """Return what a heading names: by its number, or by its title, which several may have."""
        if number := _ID.search(heading):
            return [each for each in self.all if each.checkpoint_id == int(number[1])]
        if _plain(heading) in _KNOWN:
            return []
        named = {_plain(each) for each in _titles(heading)}
        return [each for each in self.all if _plain(each.title) in named]


def _titles(heading: str) -> list[str]:
    """Return what a column may be called: as it is, or without what Canvas and Moodle put around a title."""
    bare = _MOODLE_POINTS.sub('', _CANVAS.sub('', heading.strip())).strip()
    moodle = _MOODLE.match(bare)
    return [heading, bare, moodle['title'] if moodle else bare]


def quoted(text: str) -> str:
    """Return a text from a file as it is quoted in a sentence."""
    text = line(text)
    return text if len(text) <= LONGEST_QUOTE else f'{text[:LONGEST_QUOTE]}…'


def _place(plain: Sequence[str], wanted: set[str]) -> int | None:
    return next((place for place, heading in enumerate(plain) if heading in wanted), None)


def _plain(text: str) -> str:
    return line(clean(text[:400])).casefold()


_WHOLE, _FIRSTS, _LASTS, _MAILS = (set(words.split('|')) for words in (_NAMES, _FIRST, _LAST, _EMAILS))
_ALL = _WHOLE | _FIRSTS | _LASTS | _MAILS
_KNOWN = _ALL | {'', PERSON_ID.casefold(), 'group', 'total', 'letter'}
"""headings of people, and what the gradebook itself gives beside the grades"""
