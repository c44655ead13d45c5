"""The people of a class list: from a file or pasted names to one value for each line, and a sentence for each bad one.

Pure: nothing is read from or written to the database, so it can run in a thread.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.errors import Invalid
from services.core.markup import LINK
from services.core.phrases import Phrase, phrase
from services.core.text import plain_name, read_address, read_name
from services.courses.import_file import BrokenFile
from services.people import (
    groups,
    list_cells,
    list_pasted,
    list_roles,
    list_rows,
    list_tables,
)
from services.people.list_columns import Table
from services.people.list_decoding import LONGEST_LIST, MOST_LINES, repaired
from services.people.list_headings import Fact
from services.people.list_lines import Facts, all_facts
from services.people.list_opening import opened
from services.people.list_pasted import LONGEST_PASTED
from services.people.list_workbooks import Chosen

__all__ = ['LONGEST_LIST', 'MOST_LINES', 'NEW_PERSON', 'NO_CHOICES', 'Candidate', 'Choices', 'Fact', 'Fate', 'Person']

NEW_PERSON = 0
"""the decision that a line is about nobody who is known"""
LONGEST_ADDRESS = 200
LONGEST_TEXT = 120
"""letters of a line about nobody that are shown"""
_ROUNDED = re.compile(r'\d[.,]\d+E\+\d+', re.IGNORECASE)
"""a long number as a spreadsheet shows it: several people have the same"""


class Fate(StrEnum):
    """What becomes of one line."""

    NEW = 'new'
    """becomes a guest with a code of their own"""
    ENROLLED = 'enrolled'
    """has an account, and learns in the course from now on"""
    HERE = 'here'
    """learns here already; only the group is taken over"""
    OUT = 'out'
    """was removed from the course, and stays removed"""
    LEFT = 'left'
    """has left the class, as the list itself says: nothing is done"""
    ASKED = 'asked'
    """may be somebody who is known: the teacher has to decide"""
    NOBODY = 'nobody'
    """is about nobody who learns, it seems: a total, a title, a teacher; the name is all that the line says"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A known person whom a line may be about."""

    user_id: int
    name: str
    about: str
    """the addresses and numbers that are noted of them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of a list; `code` is how a new guest gets in, once the list is brought in."""

    line: int
    name: str
    email: str
    group: str
    more_groups: tuple[str, ...] = ()
    """the other groups of the same cell, which are not taken"""
    number: str = ''
    written: str = ''
    """the name as the file has it, if it was garbled there and has been repaired"""
    fate: Fate = Fate.NEW
    user_id: int | None = None
    code: str = ''
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the teacher has decided about a list."""

    columns: Mapping[str, Fact] = field(default_factory=dict)
    """what a column means, by its heading"""
    decisions: Mapping[int, int] = field(default_factory=dict)
    """by line, the id of the person that it is about, or `NEW_PERSON`"""
    has_headings: bool = True
    """False if the first line is a person; then the headings are `Column 1`, `Column 2`, …"""
    taken_lines: frozenset[int] = frozenset()
    """lines about people who come in although the list seems to say that they are nobody, or have left"""
    skip_bad_lines: bool = False
    keep_garbled: bool = False


NO_CHOICES = Choices()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A list as it was read: the good lines, and a sentence for each bad one."""

    table: Table | None
    """None for bare names, which have no columns"""
    people: tuple[Person, ...]
    problems: tuple[Phrase, ...]
    left_out: tuple[Person, ...] = ()
    """the lines about nobody, so that the teacher can take one that is about somebody after all"""
    nobody: Phrase | None = None
    """why nobody comes in, if that is so"""
    chosen: Chosen | None = None
    """the sheet of a workbook that was read"""


def table(content: bytes, choices: Choices = NO_CHOICES) -> Table | None:
    """Return the columns of a list, and what each seems to mean; None for bare names; raises `BrokenFile`."""
    return opened(content, choices.columns, has_headings=choices.has_headings).table


def read(content: bytes | str, choices: Choices = NO_CHOICES) -> list[Person]:
    """Return the people of a list; raises `BrokenFile`, for bad lines only unless they are to be skipped."""
    return list(checked(content, choices).people)


def checked(content: bytes | str, choices: Choices = NO_CHOICES) -> Reading:
    """Return what a list says if it can be brought in; raises `BrokenFile` as `read` does."""
    found = reading(content, choices)
    if found.problems and not choices.skip_bad_lines:
        raise BrokenFile(found.problems)
    if found.nobody:
        raise BrokenFile([found.nobody])
    return found


def reading(content: bytes | str, choices: Choices = NO_CHOICES) -> Reading:
    """Return everything that a file, or a text of names, says; raises `BrokenFile` if it is no list at all."""
    at_hand = opened(content, choices.columns, has_headings=choices.has_headings)
    found = at_hand.table
    if found and not found.has_names:
        raise BrokenFile([_no_names(found)])
    rest = None
    if found:
        list_tables.check_is_one(found)
        found, below, rest = list_tables.first_of(found)
        found = list_tables.filled_down(found)
        all_ = list(all_facts(found, [*found.above, *below]))
    else:
        all_ = list(list_pasted.facts_of(at_hand.text))
    left_out = tuple(_nobody_in(all_, choices))
    people, problems = _people((each for each in all_ if not _is_nobody(each, choices)), choices)
    problems += [rest] if rest else []
    if len(people) > MOST_LINES:
        said = phrase(
            'A class list has at most {most} people; this file has {count}.', most=MOST_LINES, count=len(people)
        )
        raise BrokenFile([said])
    twice = dict(_twice([person for person in people if person.fate is not Fate.LEFT]))
    people = [person for person in people if person.line not in twice]
    problems = [*problems, *twice.values()]
    nobody = None
    if all(person.fate is Fate.LEFT for person in people):
        nobody = _all_left() if people else _nobody(found)
        if not people and not left_out:
            raise BrokenFile(problems or [nobody])
    return Reading(
        table=found,
        people=tuple(people),
        problems=tuple(problems),
        left_out=left_out,
        nobody=nobody,
        chosen=at_hand.chosen,
    )


def _no_names(found: Table) -> Phrase:
    shown = ', '.join(title for title in found.headings if title) or '–'
    return phrase(
        'Line {line} must name the columns, and one of them “name”. It says: {shown}.',
        line=found.heading_line,
        shown=shown[:200],
    )


def _nobody(found: Table | None) -> Phrase:
    if found and found.lines and Fact.ROLE in found.facts:
        return phrase('Nobody in this file learns, as its column of roles says.')
    return phrase('There is nobody in this file.')


def _all_left() -> Phrase:
    return phrase(
        'Everybody in this list has left, as it says itself. If they have not, say that the columns that tell it '
        'are not used.'
    )


def _is_nobody(facts: Facts, choices: Choices) -> bool:
    return facts.is_nobody and facts.line not in choices.taken_lines


def _nobody_in(all_: Iterable[Facts], choices: Choices) -> Iterator[Person]:
    """Yield the lines about nobody in which there is a letter, so that the teacher sees them."""
    for facts in all_:
        is_said = any(map(str.isalpha, facts.text)) and not facts.text.startswith('sep=')
        if is_said and _is_nobody(facts, choices):
            text = facts.text[:LONGEST_TEXT]
            yield Person(line=facts.line, name=text, email='', group='', fate=Fate.NOBODY)


def _people(all_: Iterable[Facts], choices: Choices) -> tuple[list[Person], list[Phrase]]:
    people, problems = [], []
    for facts in all_:
        try:
            people.append(_person(facts, choices))
        except Invalid as error:
            problems.append(phrase('Line {line}: {problem}', line=facts.line, problem=error.sentence))
    return people, problems


def _person(facts: Facts, choices: Choices) -> Person:
    def mended(cell: str) -> str:
        return cell if choices.keep_garbled else repaired(cell)

    name, inside = _without_address(mended(facts.name))
    if '\ufffd' in name:
        raise Invalid('“{name}” has lost letters. Save the file as “CSV UTF-8” and try again.', name=name[:60])
    if not name:
        raise Invalid('The name is missing.')
    if list_roles.learns(facts.role) is None:
        said = 'It is not known whether “{role}” learns. If all do, say that the column of roles is not used.'
        raise Invalid(said, role=facts.role[:60])
    taken, *more = [mended(group) for group in facts.groups] or ['']
    return Person(
        line=facts.line,
        name=read_name(name),
        email=_address(facts.email or inside),
        group=groups.check_name(taken),
        more_groups=tuple(more),
        number='' if _ROUNDED.fullmatch(facts.number) else facts.number[:100],
        written=facts.name if name != facts.name and not inside else '',
        fate=Fate.LEFT if facts.has_left and facts.line not in choices.taken_lines else Fate.NEW,
    )


def _without_address(name: str) -> tuple[str, str]:
    """Return a name and the address that stands behind it, as in “Lena Brandt <lena@…>” and “Lena Brandt, lena@…”."""
    found = list_cells.ADDRESS.search(name) if '@' in name and len(name) <= LONGEST_PASTED else None
    before = name[: found.start()].strip(' ,') if found and found.end() == len(name) else ''
    return (before, found[1]) if found and before else (name, '')


def _address(cell: str) -> str:
    """Return the address of a cell, also of “Lena Brandt <lena@…>”."""
    cell = LINK.sub(r'\1', cell[:LONGEST_PASTED])
    if list_rows.is_no_address(cell):
        return ''
    email = read_address(cell.rpartition('<')[2].rstrip('>;, ')).removeprefix('mailto:')
    if len(email) > LONGEST_ADDRESS or (email and not re.fullmatch(r'[^\s@<>,;]+@[^\s@<>,;]+', email)):
        raise Invalid('“{email}” is not an e-mail address.', email=cell[:60])
    return email


def _twice(people: Sequence[Person]) -> Iterator[tuple[int, Phrase]]:
    seen: dict[tuple[str, str, str], int] = {}
    for person in people:
        key = plain_name(person.name), person.email, person.number
        if key in seen:
            yield (
                person.line,
                phrase(
                    'Line {line}: {name} is in line {first} already. Add what tells them apart.',
                    line=person.line,
                    name=person.name,
                    first=seen[key],
                ),
            )
        seen.setdefault(key, person.line)
