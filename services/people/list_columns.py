"""Which fact is in which column of a class list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from services.core.text import line as one_line
from services.people import list_roles, list_rows, list_spans
from services.people.list_decoding import Line
from services.people.list_headings import (
    Fact,
    fact_of,
    heading,
    is_family_first,
    is_in_three,
    is_of_child,
    is_particle,
    is_preferred,
    is_private,
    is_second_surname,
)

MOST_HEADINGS_DOWN = 20
LONGEST_HEADING = 80
MOST_NOTES = 3
"""lines around the people of a list that has fewer people than that"""
_NAMES = frozenset([Fact.NAME, Fact.FIRST, Fact.LAST])
_OF_ONE = _NAMES | {Fact.EMAIL, Fact.NUMBER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A class list whose columns are known, or asked for."""

    headings: tuple[str, ...]
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    heading_line: int
    above: tuple[Line, ...] = ()
    """what stands above the headings: the title of the list, most often"""
    particles: frozenset[int] = frozenset()
    """columns with what stands in front of surnames, such as “van den”, wherever the column itself stands"""
    preferred: Mapping[int, Fact] = field(default_factory=dict)
    """columns with the names by which some are called; who has nothing there is called as the other column says"""
    is_in_three: bool = False
    """whether whole names are said to have three parts between commas: last, first, middle"""
    is_family_first: bool = False
    """whether the headings are of a language in which the surname is said first"""
    has_more_than_names: bool = False
    """whether most lines have something beside a name, so that a line with one cell is another kind of line"""

    @property
    def has_names(self) -> bool:
        """Tell whether there is a column, or two, from which names can be read."""
        return Fact.NAME in self.facts or Fact.FIRST in self.facts or Fact.LAST in self.facts


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
    top = max(lines[:MOST_HEADINGS_DOWN], key=lambda row: (_known_in(row, meant), _has_name(row)), default=lines[0])
    if not _known_in(top, meant):
        top = max(lines[:MOST_HEADINGS_DOWN], key=lambda row: sum(bool(cell.strip()) for cell in row.cells))
    found, top = top, list_spans.merged(lines, top)
    below = _with_whole_names(top, [row for row in lines if row.number > top.number])
    below = tuple(_as_wide_as(top, row) for row in below)
    said = _said_by_headings(top, below, meant)
    facts = _facts_in_columns(top, below, said, meant)
    preferred = _preferred(top, said, facts)
    particles = frozenset(
        place for place, cell in enumerate(top.cells) if facts[place] is Fact.LAST and is_particle(cell)
    )
    _pair(facts, top, below)
    headings = tuple(one_line(cell)[:LONGEST_HEADING] for cell in top.cells)
    return Table(
        headings=headings,
        facts=tuple(facts),
        lines=below,
        heading_line=top.number,
        above=_above(lines, found, top),
        particles=particles,
        preferred=preferred,
        is_in_three=any(map(is_in_three, top.cells)),
        is_family_first=any(map(is_family_first, top.cells)),
        has_more_than_names=_has_more_than_names(below),
    )


def _with_whole_names(top: Line, rows: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines in which “Brandt, Lena” is one cell, where nobody has put quotes around it: “Brandt, Lena,7b”."""
    place = next((place for place, cell in enumerate(top.cells) if fact_of(cell) is Fact.NAME), None)
    if place is None or any(cell.startswith(' ') for cell in top.cells):
        return tuple(rows)
    wide = len(top.cells) + 1
    apart = {row.number for row in rows if len(row.cells) == wide and row.cells[place + 1].startswith(' ')}
    if 2 * len(apart) <= sum(filled(row) > 1 for row in rows):
        return tuple(rows)
    return tuple(
        replace(row, cells=(*row.cells[:place], ','.join(row.cells[place : place + 2]), *row.cells[place + 2 :]))
        if row.number in apart
        else row
        for row in rows
    )


def _as_wide_as(top: Line, row: Line) -> Line:
    """Return a line with an empty cell for each heading that it has nothing for, as spreadsheets write it."""
    return replace(row, cells=(*row.cells, *[''] * (len(top.cells) - len(row.cells))))


def _above(lines: Sequence[Line], found: Line, top: Line) -> tuple[Line, ...]:
    """Return the lines above the headings, which were `found` in one line and may be in the one above it, too."""
    place = lines.index(found)
    if top is not found and top.number == found.number:
        cells = filter(None, map(one_line, lines[place - 1].cells))
        place -= all(fact_of(cell) or list_spans.is_of_others(cell) for cell in cells)
    return tuple(lines[:place])


def _pair(facts: list[Fact], top: Line, below: Sequence[Line]) -> None:
    """Say of a column called “name” beside one for half of it, whether it has the other half or all of it."""
    for half, other in ((Fact.FIRST, Fact.LAST), (Fact.LAST, Fact.FIRST)):
        if Fact.NAME in facts and half in facts and other not in facts:
            name, place = facts.index(Fact.NAME), facts.index(half)
            if _is_part(below, place, name):
                facts[place] = Fact.IGNORED  # the whole name, and half of it once more
            else:
                facts[name] = other  # “Name;Vorname”, “نام” beside “نام خانوادگی”
    surnames = [place for place, cell in enumerate(top.cells) if fact_of(cell) is Fact.LAST]
    if Fact.LAST in facts and not {Fact.FIRST, Fact.NAME} & set(facts):
        nom = next((place for place in surnames if heading(top.cells[place]) == 'nom'), None)
        if nom is not None and len(surnames) == 2:
            other_place = surnames[surnames[0] == nom]
            facts[nom], facts[other_place] = Fact.FIRST, Fact.LAST  # “Cognoms;Nom” in Catalan
        else:
            facts[facts.index(Fact.LAST)] = Fact.NAME  # “Nom” alone


def is_alone(row: Line) -> bool:
    """Tell whether a line has one filled cell of several."""
    return filled(row) == 1 < len(row.cells)


def filled(row: Line) -> int:
    """Return how many cells of a line have something in them."""
    return sum(bool(one_line(cell)) for cell in row.cells)


def _has_more_than_names(rows: Sequence[Line]) -> bool:
    """Tell whether most lines about people have two cells, so that a line with one may be another kind of line."""
    full = sum(filled(row) > 1 for row in rows)
    alone = [''.join(map(one_line, row.cells)) for row in rows if is_alone(row)]
    notes = sum(list_rows.is_note(text) or list_rows.section(text) is not None for text in alone)
    return full > len(alone) - notes and notes <= max(MOST_NOTES, full)


def _said_by_headings(top: Line, below: Sequence[Line], meant: Mapping[str, Fact]) -> list[Fact]:
    """Return what each heading says, also where another says the same."""
    said = [meant.get(heading(cell), _own_fact(cell)) for cell in top.cells]
    for place, cell in enumerate(top.cells):
        is_half = said[place] is Fact.NAME and is_preferred(cell) and {Fact.FIRST, Fact.LAST} <= set(said)
        if is_half and _are_single_words(below, place):
            said[place] = Fact.FIRST  # “Preferred name” beside “Forename” and “Surname”
    return said


def _own_fact(cell: str) -> Fact:
    """Return what a heading says about the people of the list, not about their parents and teachers."""
    fact = fact_of(cell)
    return Fact.IGNORED if fact in _OF_ONE and list_spans.is_of_others(cell) else fact


def _facts_in_columns(top: Line, below: Sequence[Line], said: Sequence[Fact], meant: Mapping[str, Fact]) -> list[Fact]:
    """Return what each column tells: of two for the same, only the better one."""
    taken = {fact: _best(top, below, said, fact) for fact in set(said) - {Fact.IGNORED}}
    belongs = [
        is_second_surname(cell) or (is_particle(cell) and not fact) for cell, fact in zip(top.cells, said, strict=True)
    ]
    facts = [
        fact
        if taken.get(fact) == place or fact is Fact.LEFT
        else Fact.LAST
        if Fact.LAST in taken and belongs[place]
        else Fact.IGNORED
        for place, fact in enumerate(said)
    ]
    if Fact.ROLE not in facts:
        full = [row for row in below if filled(row) > 1]
        may_tell = (place for place, fact in enumerate(facts) if fact in {Fact.IGNORED, Fact.LEFT})
        place = next((place for place in may_tell if _tells_roles(full, place)), None)
        if place is not None and heading(top.cells[place]) not in meant:
            facts[place] = Fact.ROLE
    return facts


def _best(top: Line, below: Sequence[Line], said: Sequence[Fact], fact: Fact) -> int:
    """Return which of the columns for one fact is taken: the first with something to read, before preferred names."""

    wanted = re.compile(r'[^\W\d_]' if fact in _NAMES else '@' if fact is Fact.EMAIL else '')

    def rank(place: int) -> tuple[bool, bool, bool, bool, int]:
        title = top.cells[place]
        is_empty = not any(wanted.search(cell) for row in below for cell in row.cells[place : place + 1])
        return is_empty, is_preferred(title), not is_of_child(title), is_private(title), place

    return min((place for place, each in enumerate(said) if each is fact), key=rank)


def _preferred(top: Line, said: Sequence[Fact], facts: Sequence[Fact]) -> dict[int, Fact]:
    """Return the columns of preferred names beside those that are taken."""
    return {
        place: fact
        for place, fact in enumerate(said)
        if fact in _NAMES and fact in facts and not facts[place] and is_preferred(top.cells[place])
    }


def _is_part(rows: Sequence[Line], part: int, whole: int) -> bool:
    """Tell whether each row says in one column what is in another, and more."""
    words = [
        [set(one_line(''.join(row.cells[place : place + 1])).replace(',', ' ').split()) for place in (part, whole)]
        for row in rows
        if filled(row) > 1
    ]
    return bool(words) and all(some < all_ for some, all_ in words if some or all_)


def _tells_roles(rows: Sequence[Line], place: int) -> bool:
    """Tell whether a column that is not called so has a role for everybody: some learn, and others do not.

    Some in one word: where all say “Student Services” or “Teacher’s son”, it is a column of something else.
    """
    cells = [one_line(''.join(row.cells[place : place + 1])) for row in rows]
    in_one_word = {list_roles.learns(cell) for cell in cells if ' ' not in cell}
    return all(cells) and {list_roles.learns(cell) for cell in cells} == in_one_word == {True, False}


def _are_single_words(rows: Sequence[Line], place: int) -> bool:
    return not any(re.search(r'[\s,]', one_line(cell)) for row in rows for cell in row.cells[place : place + 1])


def _without_headings(lines: Sequence[Line], chosen: Mapping[str, Fact]) -> Table:
    width = max(len(row.cells) for row in lines)
    headings = tuple(f'Column {number}' for number in range(1, width + 1))
    facts = tuple(chosen.get(title, Fact.NAME if width == 1 else Fact.IGNORED) for title in headings)
    return Table(headings=headings, facts=facts, lines=tuple(lines), heading_line=0)


def _has_name(row: Line) -> bool:
    """Tell whether a row names a column of names, as “Class: 7b” above the headings does not."""
    return any(fact_of(cell) in _NAMES for cell in row.cells)


def _known_in(row: Line, meant: Mapping[str, Fact]) -> int:
    return len({fact_of(cell) or meant.get(heading(cell)) for cell in row.cells} - {None, Fact.IGNORED})
