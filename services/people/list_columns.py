"""Which fact is in which column of a class list, and which of its lines are people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from services.core.text import line as one_line
from services.people import list_rows
from services.people.list_decoding import Line
from services.people.list_headings import Fact, fact_of, heading, is_preferred, is_second_surname

MOST_HEADINGS_DOWN = 20
LONGEST_HEADING = 80
_NO_NAME = re.compile(r'[=@()"<>/\\&]')
_NO_GROUP = frozenset(
    [
        'no groups',
        'no group',
        'keine gruppen',
        'keine gruppe',
        'aucun groupe',
        'sin grupos',
        'no hay grupos',
        'nessun gruppo',
    ]
)


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
    below = tuple(row for row in lines if row.number > top.number)
    facts = _facts_in_columns(top, below, meant)
    if Fact.NAME in facts and Fact.FIRST in facts and Fact.LAST not in facts:
        facts[facts.index(Fact.NAME)] = Fact.LAST  # “Name;Vorname”
    if Fact.LAST in facts and not {Fact.FIRST, Fact.NAME} & set(facts):
        facts[facts.index(Fact.LAST)] = Fact.NAME  # “Nom” alone
    headings = tuple(one_line(cell)[:LONGEST_HEADING] for cell in top.cells)
    return Table(headings=headings, facts=tuple(facts), lines=below, heading_line=top.number)


def _facts_in_columns(top: Line, below: Sequence[Line], meant: Mapping[str, Fact]) -> list[Fact]:
    """Return what each column tells; of two for the same, the first, or the names by which everybody is called."""
    facts: list[Fact] = []
    for place, cell in enumerate(top.cells):
        fact = meant.get(heading(cell), fact_of(cell))
        is_second = is_second_surname(cell) and Fact.LAST in facts
        if fact in facts and is_preferred(cell) and _are_filled(below, facts.index(fact), place):
            facts[facts.index(fact)] = Fact.IGNORED
        facts.append(Fact.LAST if is_second else Fact.IGNORED if fact in facts else fact)
    return facts


def _are_filled(rows: Sequence[Line], place: int, other: int) -> bool:
    """Tell whether the `other` cell of each row has something in it where the one at `place` has."""
    cells = ((*row.cells, *[''] * other) for row in rows)
    return all(one_line(row[other]) for row in cells if one_line(row[place]))


def _without_headings(lines: Sequence[Line], chosen: Mapping[str, Fact]) -> Table:
    width = max(len(row.cells) for row in lines)
    headings = tuple(f'Column {number}' for number in range(1, width + 1))
    facts = tuple(chosen.get(title, Fact.NAME if width == 1 else Fact.IGNORED) for title in headings)
    return Table(headings=headings, facts=facts, lines=tuple(lines), heading_line=0)


def facts_of(table: Table, row: Line) -> Facts | None:
    """Return what a line says, or None if it is about nobody who learns."""
    said = dict.fromkeys(Fact, '')
    for fact, cell in zip(table.facts, row.cells, strict=False):
        said[fact] = f'{said[fact]} {one_line(cell)}'.strip()
    parts = [part for part in (said[Fact.FIRST], said[Fact.LAST]) if part]
    is_short_name = len(parts) == 2 and not re.search(r'[\s,]', said[Fact.NAME])  # “BraLen” of a timetable
    in_full = '' if is_short_name else said[Fact.NAME]
    name = in_full or ' '.join(parts)
    if _is_nobody(table, row, name, said) or list_rows.learns(said[Fact.ROLE]) is False:
        return None
    return Facts(
        line=row.number,
        name=turned(name) if in_full else name,
        email=said[Fact.EMAIL],
        number=said[Fact.NUMBER],
        groups=_groups(said[Fact.GROUP]),
        role=said[Fact.ROLE],
    )


def _known_in(row: Line, meant: Mapping[str, Fact]) -> int:
    return len({fact_of(cell) or meant.get(heading(cell)) for cell in row.cells} - {None, Fact.IGNORED})


def _is_nobody(table: Table, row: Line, name: str, said: Mapping[Fact, str]) -> bool:
    """Tell whether a line is one that programs put between people: points, totals, headings again, a test student."""
    if list_rows.is_left_out(row.cells) or _repeats_headings(table, row):
        return True
    if list_rows.is_of_program(name):
        return Fact.NAME in table.facts or not said[Fact.FIRST]
    if said[Fact.EMAIL] or said[Fact.NUMBER]:
        return False
    is_points = not said[Fact.GROUP] and row in table.lines[:3] and _is_indented_alone(table, row)
    filled = sum(bool(one_line(cell)) for cell in row.cells)
    return is_points or list_rows.is_summary(name, is_alone=filled == 1 < len(row.cells))


def _is_indented_alone(table: Table, row: Line) -> bool:
    """Tell whether a name is indented, as that of the points in any language is, and not those of people as well."""
    place = table.facts.index(Fact.NAME) if Fact.NAME in table.facts else len(row.cells)
    indented = [each.number for each in table.lines if ''.join(each.cells[place : place + 1]).startswith(' ' * 4)]
    return indented == [row.number]


def _repeats_headings(table: Table, row: Line) -> bool:
    """Tell whether a line has the headings again, as each page of a printed list does."""
    titles = [heading(title) for title in table.headings]
    return table.heading_line > 0 and [heading(cell) for cell in row.cells] == titles


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
