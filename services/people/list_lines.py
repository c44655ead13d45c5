"""Which lines of a class list are about people who learn, and what each says."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from services.core import clock
from services.core.text import line as one_line
from services.people import list_leavers, list_names, list_roles, list_rows
from services.people.list_columns import Table, filled, is_alone
from services.people.list_decoding import Line
from services.people.list_headings import Fact, flags_others, heading

_MORE_THAN_NAME = re.compile(r'[\d()\[\]|/]')
"""what a name in full has only where a program added the class or the school: “Lena Brandt (7b)”"""
_PARTICLE = re.compile(r"[^\W\d_]+(?:[ '’][^\W\d_]+)*['’]?")
_NOT_NAMES = frozenset([Fact.EMAIL, Fact.NUMBER, Fact.GROUP])
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
class Facts:
    """What one line of a list says about a person."""

    line: int
    name: str
    email: str
    number: str
    groups: tuple[str, ...]
    role: str
    has_left: bool = False
    is_nobody: bool = False
    """whether nobody who learns seems to be in it"""
    text: str = ''
    """all that the line says, as the teacher is shown it if it is taken for nobody"""


def all_facts(table: Table, apart: Iterable[Line]) -> Iterator[Facts]:
    """Yield what the lines of a list say: those that stand `apart` from the people, and those below the headings."""
    yield from (replace(facts_of(table, row), is_nobody=True) for row in apart)
    do_presenters = list_roles.do_presenters_learn(_roles(table))
    learn, have_left = True, False
    for row in table.lines:
        if _repeats_headings(table, row):
            continue
        section = section_of(table, row)
        if section is not None:
            learn, have_left = section, list_leavers.is_title(''.join(row.cells))
        facts = facts_of(table, row, do_presenters=do_presenters)
        is_nobody = facts.is_nobody or not learn or section is not None
        yield replace(facts, has_left=facts.has_left or have_left, is_nobody=is_nobody)


def section_of(table: Table, row: Line) -> bool | None:
    """Return whether those below learn, if a line is a title like “Teachers”; None if it is none."""
    if not table.has_more_than_names or not is_alone(row):
        return None
    text = ''.join(map(one_line, row.cells))
    return True if list_leavers.is_title(text) else list_rows.section(text)


def _roles(table: Table) -> Iterator[str]:
    place = table.facts.index(Fact.ROLE) if Fact.ROLE in table.facts else None
    return (one_line(row.cells[place]) for row in table.lines if place is not None and place < len(row.cells))


def facts_of(table: Table, row: Line, *, do_presenters: bool = True) -> Facts:
    """Return what a line says, and whether it seems to be about somebody who learns."""
    said = dict.fromkeys(Fact, '')
    for place, (fact, cell) in enumerate(zip(table.facts, row.cells, strict=False)):
        told = '' if fact in _NOT_NAMES and list_rows.is_error(one_line(cell)) else one_line(cell)
        said[fact] = _with(said[fact], told, is_particle=place in table.particles)
    for place, fact in table.preferred.items():
        said[fact] = one_line(''.join(row.cells[place : place + 1])) or said[fact]
    parts = [part for part in (said[Fact.FIRST], said[Fact.LAST]) if part]
    is_in_parts = len(parts) == 2 and (
        not re.search(r'[\s,]', said[Fact.NAME])  # “BraLen” of a timetable
        or _MORE_THAN_NAME.search(said[Fact.NAME])
    )
    in_full = '' if is_in_parts else said[Fact.NAME]
    name = list_names.uncounted(in_full or list_names.joined(parts, family_first=table.is_family_first))
    if list_rows.is_no_name(name):
        name = in_full = ''
    learns = list_roles.learns(said[Fact.ROLE], do_presenters=do_presenters)
    is_nobody = (
        list_rows.is_of_others(name, said[Fact.GROUP])
        or _is_nobody(table, row, name, said)
        or learns is False
        or any(map(_is_flagged, table.headings, row.cells))
    )
    plain = list_names.without_remarks(name, said[Fact.GROUP])
    return Facts(
        line=row.number,
        name=list_names.turned(plain, in_three=table.is_in_three) if in_full else plain,
        email=said[Fact.EMAIL],
        number=said[Fact.NUMBER],
        groups=_groups(said[Fact.GROUP]),
        role='' if learns else said[Fact.ROLE],
        has_left=_has_left(table, row) or list_leavers.says_so(name),
        is_nobody=is_nobody,
        text=' · '.join(filter(None, map(one_line, row.cells))),
    )


def _is_flagged(title: str, cell: str) -> bool:
    return list_leavers.says_yes(cell) and flags_others(title)


def _has_left(table: Table, row: Line) -> bool:
    today = clock.now().date()
    columns = zip(table.headings, table.facts, row.cells, strict=False)
    return any(
        fact is Fact.LEFT and list_leavers.has_left(title, one_line(cell), today) for title, fact, cell in columns
    )


def _with(said: str, cell: str, *, is_particle: bool) -> str:
    """Return what was said of a fact with what one more cell says of it."""
    if not is_particle:
        return f'{said} {cell}'.strip()
    return f'{cell} {said}'.strip() if _PARTICLE.fullmatch(cell) else said  # no “Dr.”


def _is_nobody(table: Table, row: Line, name: str, said: Mapping[Fact, str]) -> bool:
    """Tell whether a line is one that programs put between people: points, totals, headings again, a test student."""
    if list_rows.is_left_out(row.cells) or _is_note(table, row, said):
        return True
    if list_rows.is_of_program(name):
        return Fact.NAME in table.facts or not said[Fact.FIRST]
    if not re.search(r'[^\W\d_]', name) and not said[Fact.EMAIL]:
        first = next(filter(None, map(one_line, row.cells)), '')
        return list_rows.is_summary(first, is_alone=True)  # “Total” below the numbers
    if said[Fact.EMAIL] or said[Fact.NUMBER] or (said[Fact.FIRST] and said[Fact.LAST]):
        return False
    if re.search(r'[^\W\d_]', said[Fact.GROUP]) and not list_rows.is_of_class(name):
        return False  # “Mark Score” of 7b
    is_points = not said[Fact.GROUP] and row in table.lines[:3] and _is_indented_alone(table, row)
    is_half = {Fact.FIRST, Fact.LAST} <= set(table.facts) and not (said[Fact.FIRST] and said[Fact.LAST])
    return is_points or list_rows.is_summary(name, is_alone=is_alone(row), is_half=is_half and not is_alone(row))


def _is_note(table: Table, row: Line, said: Mapping[Fact, str]) -> bool:
    """Tell whether a line is a note around the people: “Page 1 of 2”, “Printed on …”, or a number without a name."""
    text = ''.join(map(one_line, row.cells))
    if filled(row) == 1 and list_rows.is_footer(text):
        return True
    if not is_alone(row):
        return list_rows.is_label(said[Fact.NAME] or said[Fact.LAST] or said[Fact.FIRST])
    if not any(said[fact] for fact in (Fact.NAME, Fact.FIRST, Fact.LAST, Fact.EMAIL, Fact.NUMBER)):
        return True
    return table.has_more_than_names and list_rows.is_note(text)


def _is_indented_alone(table: Table, row: Line) -> bool:
    """Tell whether a name is indented, as that of the points in any language is, and not those of people as well."""
    place = table.facts.index(Fact.NAME) if Fact.NAME in table.facts else len(row.cells)
    indented = [each.number for each in table.lines if ''.join(each.cells[place : place + 1]).startswith(' ' * 4)]
    return indented == [row.number]


def _repeats_headings(table: Table, row: Line) -> bool:
    """Tell whether a line has the headings again, as each page of a printed list does."""
    if not table.heading_line or len(row.cells) != len(table.headings):
        return False
    return all(heading(cell) == heading(title) for cell, title in zip(row.cells, table.headings, strict=True))


def _groups(cell: str) -> tuple[str, ...]:
    """Return the groups that a cell names."""
    named = (part.strip() for part in re.split(r'[,;]| and (?=\S+$)', cell))
    return tuple(group for group in named if group and group.casefold() not in _NO_GROUP)
