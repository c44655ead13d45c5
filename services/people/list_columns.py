"""Which fact is in which column of a class list, and which of its lines are people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.core.text import line as one_line
from services.people.list_decoding import Line, heading


class Fact(StrEnum):
    """What a column of a list tells about people."""

    NAME = 'name'
    """the whole name, also as “Last, First”"""
    FIRST = 'first'
    LAST = 'last'
    EMAIL = 'email'
    NUMBER = 'number'
    GROUP = 'group'
    ROLE = 'role'
    IGNORED = ''


_KNOWN: Mapping[Fact, str] = MappingProxyType(
    {
        Fact.NAME: 'name|full name|fullname|display name|student|student name|learner|learner name|pupil|participant'
        '|schüler|schülerin|schülername|schüler in|teilnehmer|teilnehmerin|vollständiger name'
        '|nom complet|nom et prénom|élève|etudiant|étudiant|apprenant|nombre completo|nombre y apellidos'
        '|apellidos y nombre|alumno|alumna|estudiante|lastfirst|last first',
        Fact.FIRST: 'first name|firstname|first|given name|givenname|forename|student first name|vorname|rufname'
        '|prénom|prenom|nombre|nombres|nombre de pila',
        Fact.LAST: 'last name|lastname|last|surname|family name|familyname|student last name|nachname|familienname'
        '|zuname|nom|nom de famille|apellido|apellidos|primer apellido',
        Fact.EMAIL: 'email|e mail|mail|email address|e mail address|student email|primary email|e mail adresse'
        '|email adresse|mailadresse|courriel|adresse e mail|adresse email|adresse de courriel|adresse électronique'
        '|correo|correo electrónico|correo electronico|dirección de correo|direccion de correo'
        '|dirección de correo electrónico',
        Fact.NUMBER: 'id number|idnumber|sis user id|student number|student id|studentid|student_number|matrikelnummer'
        '|schülernummer|schüler id|ausweisnummer|numéro d étudiant|numéro étudiant|número de id|matrícula'
        '|sourcedid|identifier|employee id',
        Fact.GROUP: 'group|groups|class|set|section|sections|gruppe|gruppen|klasse|kurs|groupe|groupes|classe'
        '|grupo|grupos|clase|home room|homeroom',
        Fact.ROLE: 'role|roles|rolle|rollen|rôle|rôles|rol|roles de usuario|user type',
    }
)
HEADINGS: Mapping[str, Fact] = MappingProxyType(
    {heading(known): fact for fact, all_ in _KNOWN.items() for known in all_.split('|')}
)
MOST_HEADINGS_DOWN = 20
LONGEST_HEADING = 80
_NO_PEOPLE = frozenset({'points possible', 'manual posting', 'date', 'points', 'student, test', 'test student'})
_LEARNS = re.compile(
    r'\b(student|learner|pupil|schüler|schülerin|teilnehmer|teilnehmerin|studierende|étudiant|étudiante|élève'
    r'|apprenant|estudiante|alumno|alumna|member)',
    re.IGNORECASE,
)
_NO_NAME = re.compile(r'[=@()"<>/\\&]')
_NO_GROUP = frozenset({'no groups', 'no group', 'keine gruppen', 'keine gruppe', 'aucun groupe', 'sin grupos'})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A class list whose columns are known, or asked for."""

    headings: tuple[str, ...]
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    heading_line: int

    @property
    def has_names(self) -> bool:
        """Tell whether there is a column, or two, from which names can be read."""
        return Fact.NAME in self.facts or Fact.FIRST in self.facts or Fact.LAST in self.facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one line of a list says about a person."""

    line: int
    name: str
    email: str
    number: str
    groups: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list, with the first thing that stands in it."""

    heading: str
    fact: Fact
    sample: str


def samples(table: Table) -> tuple[Column, ...]:
    """Return the columns of a list that have a heading or anything in them."""
    found = []
    for place, (title, fact) in enumerate(zip(table.headings, table.facts, strict=True)):
        cells = (one_line(row.cells[place]) for row in table.lines if place < len(row.cells))
        sample = next((cell for cell in cells if cell), '')
        if title:
            found.append(Column(heading=title, fact=fact, sample=sample[:LONGEST_HEADING]))
    return tuple(found)


def table_of(
    lines: Sequence[Line], chosen: Mapping[str, Fact] = MappingProxyType({}), *, has_headings: bool = True
) -> Table:
    """Return a list with its columns named: by what was `chosen` for a heading, or else by what is known."""
    if not has_headings:
        return _without_headings(lines, chosen)
    meant = {heading(title): fact for title, fact in chosen.items()}
    top = max(lines[:MOST_HEADINGS_DOWN], key=lambda row: _known_in(row, meant), default=lines[0])
    if not _known_in(top, meant):
        top = max(lines[:MOST_HEADINGS_DOWN], key=lambda row: sum(bool(cell.strip()) for cell in row.cells))
    facts: list[Fact] = []
    for cell in top.cells:
        fact = meant.get(heading(cell), HEADINGS.get(heading(cell), Fact.IGNORED))
        facts.append(Fact.IGNORED if fact in facts else fact)
    if Fact.NAME in facts and Fact.FIRST in facts and Fact.LAST not in facts:
        facts[facts.index(Fact.NAME)] = Fact.LAST  # “Name;Vorname”
    if Fact.LAST in facts and not {Fact.FIRST, Fact.NAME} & set(facts):
        facts[facts.index(Fact.LAST)] = Fact.NAME  # “Nom” alone
    below = tuple(row for row in lines if row.number > top.number)
    headings = tuple(one_line(cell)[:LONGEST_HEADING] for cell in top.cells)
    return Table(headings=headings, facts=tuple(facts), lines=below, heading_line=top.number)


def _without_headings(lines: Sequence[Line], chosen: Mapping[str, Fact]) -> Table:
    width = max(len(row.cells) for row in lines)
    headings = tuple(f'Column {number}' for number in range(1, width + 1))
    facts = tuple(chosen.get(title, Fact.NAME if width == 1 else Fact.IGNORED) for title in headings)
    return Table(headings=headings, facts=facts, lines=tuple(lines), heading_line=0)


def facts_of(table: Table, row: Line) -> Facts | None:
    """Return what a line says, or None if it is about nobody who learns."""
    said = dict.fromkeys(Fact, '')
    for fact, cell in zip(table.facts, row.cells, strict=False):
        said[fact] = one_line(cell)
    name = said[Fact.NAME] or ' '.join(part for part in (said[Fact.FIRST], said[Fact.LAST]) if part)
    if _is_nobody(table, row, name, said[Fact.FIRST]):
        return None
    if said[Fact.ROLE] and not _LEARNS.search(said[Fact.ROLE]):
        return None
    return Facts(
        line=row.number,
        name=turned(name) if said[Fact.NAME] else name,
        email=said[Fact.EMAIL],
        number=said[Fact.NUMBER],
        groups=_groups(said[Fact.GROUP]),
        role=said[Fact.ROLE],
    )


def _known_in(row: Line, meant: Mapping[str, Fact]) -> int:
    return len({HEADINGS.get(heading(cell)) or meant.get(heading(cell)) for cell in row.cells} - {None, Fact.IGNORED})


def _is_nobody(table: Table, row: Line, name: str, first: str) -> bool:
    """Tell whether a line is one that programs put between people: points, dates, somebody for trying."""
    if name.casefold() in _NO_PEOPLE:
        in_full = Fact.NAME in table.facts
        return in_full or not first
    said = {one_line(cell).casefold() for cell in row.cells} - {''}
    return not name and bool(said) and said <= _NO_PEOPLE | {'(read only)'}


def turned(name: str) -> str:
    """Return “Brandt, Lena” as Lena Brandt; “O’Rourke, Jr.” stays."""
    last, comma, first = (part.strip() for part in name.partition(','))
    if (
        not comma
        or not last
        or not first
        or ',' in first
        or _NO_NAME.search(name)
        or re.fullmatch(r'(jr|sr|ii|iii|iv|phd|md)\.?', first.casefold())
    ):
        return name
    return f'{first} {last}'


def _groups(cell: str) -> tuple[str, ...]:
    """Return the groups that a cell names."""
    named = (part.strip() for part in re.split(r'[,;]| and (?=\S+$)', cell))
    return tuple(group for group in named if group and group.casefold() not in _NO_GROUP)
