"""Files with several tables: beside each other, below each other, or one that lies on its side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from services.core.phrases import Phrase, phrase
from services.core.text import line as one_line
from services.courses.import_file import BrokenFile
from services.people.list_columns import Table, filled, is_alone, table_of
from services.people.list_decoding import Line
from services.people.list_headings import Fact, fact_of, heading
from services.people.list_lines import all_facts, section_of

_NAMES = frozenset([Fact.NAME, Fact.FIRST, Fact.LAST])


def check_is_one(table: Table) -> None:
    """Raise `BrokenFile` if people stand beside each other, so that most of them would be lost without a word."""
    titles = [heading(title) for title in table.headings if title]
    halves = [titles[: len(titles) // count] for count in (2, 3, 4) if len(titles) % count == 0]
    if any(
        half and titles == half * (len(titles) // len(half)) and _NAMES & {fact_of(title) for title in half}
        for half in halves
    ):
        said = phrase(
            'This file has several tables beside each other: “{heading}” stands in it more than once. Put them below '
            'each other, and try again.',
            heading=next(title for title in table.headings if title),
        )
        raise BrokenFile([said])
    if _lies_on_its_side(table):
        said = phrase(
            'The people of this table stand beside each other. In a spreadsheet, copy it and paste it transposed, so '
            'that each has a line, and try again.'
        )
        raise BrokenFile([said])


def _lies_on_its_side(table: Table) -> bool:
    """Tell whether the first column has the headings: “Name”, “Class”, “E-mail”, one below the other."""
    known = [fact for fact in table.facts if fact]
    return (
        len(table.headings) > 1
        and len(known) == 1
        and table.facts[0] in _NAMES
        and bool(table.lines)
        and all(fact_of(row.cells[0]) and not is_alone(row) for row in table.lines)
    )


def first_of(table: Table) -> tuple[Table, tuple[Line, ...], Phrase | None]:
    """Return the first table of a file, and what stands in another below it, with other columns.

    Where learners may be in it, that is a sentence; where a title says that they are not, its lines.
    """
    place = next((place for place, row in enumerate(table.lines) if _names_other_columns(table, row)), None)
    if place is None:
        return table, (), None
    above, rest = table.lines[:place], table.lines[place:]
    if len(above) > 1 and filled(above[-1]) == 1 and above[-1].number > above[-2].number + 1:
        above = above[:-1]  # below an empty line, the title of the next table
    sections = [section_of(table, row) for row in table.lines[:place]]
    learn = next((each for each in reversed(sections) if each is not None), True)
    said = phrase(
        'Line {line}: Other columns begin here, so that the lines from here on are not read. Make a list of its own of '
        'them.',
        line=rest[0].number,
    )
    first = replace(table, lines=above)
    if _says_nothing_new(first, rest):
        return first, (), None
    return (first, (), said) if learn else (first, rest, None)


def _says_nothing_new(first: Table, rest: Sequence[Line]) -> bool:
    """Tell whether lines with other columns are only about people who stand above: when they came and went."""
    again = table_of(rest)
    known, names = ({(facts.name, facts.email) for facts in all_facts(each, ())} for each in (first, again))
    return (
        again.has_names
        and names <= known | {(name, '') for name, _ in known}
        and set(again.facts) <= set(first.facts) | {Fact.IGNORED}
    )


def filled_down(table: Table) -> Table:
    """Return a table with the group of each where cells were merged: once for all who stand beside it and below."""
    place = table.facts.index(Fact.GROUP) if Fact.GROUP in table.facts else None
    if place is None or any(fact in _NAMES for fact in table.facts[:place]):
        return table
    groups = [one_line(''.join(row.cells[place : place + 1])) for row in table.lines]
    named = [group for group in groups if group]
    if not named or not groups[0] or len(set(named)) < len(named) or len(named) * 2 >= len(groups):
        return table
    lines, last = [], ''
    for row, group in zip(table.lines, groups, strict=True):
        last = group or last
        lines.append(replace(row, cells=(*row.cells[:place], last, *row.cells[place + 1 :])))
    return replace(table, lines=tuple(lines))


def _names_other_columns(table: Table, row: Line) -> bool:
    cells = [one_line(cell) for cell in row.cells]
    spoken = [
        '' if fact in {Fact.ROLE, Fact.LEFT} else cell  # “student”, “active” are headings elsewhere
        for fact, cell in zip_longest(table.facts, cells, fillvalue='')
    ]
    said = [fact_of(cell) for cell in spoken if cell and not cell[0].isdigit()]
    facts = set(said) - {Fact.IGNORED}
    is_other = [heading(cell) for cell in cells if cell] != [heading(title) for title in table.headings if title]
    is_mostly_known = 2 * sum(map(bool, said)) >= sum(map(bool, cells))
    has_more = bool(facts - _NAMES) or {Fact.FIRST, Fact.LAST} <= facts
    return has_more and bool(facts & _NAMES) and is_mostly_known and is_other and not _is_somebody(table, cells)


def _is_somebody(table: Table, cells: Sequence[str]) -> bool:
    """Tell whether a line may be about a person who is called like a heading, such as “Ad” or “Ime”."""
    said: Mapping[Fact, str] = dict(zip(table.facts, cells, strict=False))
    return '@' in said.get(Fact.EMAIL, '') or any(
        cell and cell.strip('.,').isdigit() for fact, cell in zip(table.facts, cells, strict=False) if not fact
    )
