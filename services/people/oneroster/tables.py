"""One CSV file of OneRoster: its lines by the names of the columns that are used here, and what is wrong with them.

Columns that are not used are not kept: among them are passwords, telephone numbers, and where people come from.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from services.core import decoding
from services.core.phrases import Phrase, phrase
from services.core.text import line as one_line

LONGEST_ID = 255
LONGEST_CELL = 2_000
MOST_ROWS = 200_000
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'orgs': ('sourcedId', 'name', 'type'),
        'academicSessions': ('sourcedId', 'title', 'startDate', 'endDate'),
        'courses': ('sourcedId', 'title'),
        'classes': ('sourcedId', 'title'),
        'users': ('sourcedId', 'givenName', 'familyName'),
        'roles': ('userSourcedId', 'role'),
        'enrollments': ('sourcedId', 'classSourcedId', 'userSourcedId', 'role'),
    }
)
"""the tables that are read, and the columns without which they say nothing"""
USED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'academicSessions': ('parentSourcedId',),
        'classes': ('courseSourcedId', 'classCode', 'schoolSourcedId', 'termSourcedIds', 'subjects'),
        'users': ('enabledUser', 'email', 'identifier', 'role', 'preferredGivenName', 'preferredFamilyName'),
        'enrollments': ('primary', 'beginDate', 'endDate'),
    }
)
"""what else of them is used"""
ACTIVE, GONE = frozenset({'active'}), frozenset({'tobedeleted', 'inactive'})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one line of a file."""

    file: str
    line: int
    said: Phrase
    leaves_out: bool = True
    """whether the line is left out because of it"""

    @property
    def phrase(self) -> Phrase:
        """The sentence with the place where it is."""
        return phrase('{file}, line {line}: {problem}', file=self.file, line=self.line, problem=self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its cells by the names of the columns, in small letters."""

    line: int
    cells: Mapping[str, str]
    is_gone: bool = False
    """whether it says that this is over"""

    def get(self, column: str) -> str:
        """Return a cell; empty where the file does not have the column."""
        return self.cells.get(column.casefold(), '')

    @property
    def id(self) -> str:
        """The id under which the other system knows it."""
        return self.cells.get('sourcedid', '')


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of a file that can be used."""

    name: str
    rows: tuple[Row, ...] = ()
    left_out: frozenset[str] = field(default_factory=frozenset)
    """ids of lines with defects: nobody has left because of these"""
    names_all: bool = True
    """whether every line has an id; if not, nobody can be said to be missing"""
    is_broken: bool = False
    """whether it cannot be read at all"""


def read_table(
    name: str, content: bytes, *, more: Sequence[str] = (), is_delta: bool = False
) -> tuple[Table, list[Problem]]:
    """Return a file as a table, and what is wrong with it."""
    file = f'{name}.csv'
    needed = ('propertyName', 'value') if name == 'manifest' else (*NEEDED[name], *more)
    try:
        return _table(name, _lines(decoding.text_of(content)), needed, is_delta=is_delta)
    except decoding.Unreadable as error:
        said = phrase('there are signs in it that cannot be read. Save the file as “CSV UTF-8”.')
        return _broken(name, Problem(file=file, line=error.line, said=said))
    except _Unsplit as error:
        said = phrase('this is no table that can be read ({reason}).', reason=str(error))
        return _broken(name, Problem(file=file, line=error.line, said=said))


def _table(
    name: str, lines: Iterator[tuple[int, list[str]]], needed: Sequence[str], *, is_delta: bool
) -> tuple[Table, list[Problem]]:
    """Read line by line, so that of each only the cells that are used stay in memory."""
    file = f'{name}.csv'
    head = next(lines, None)
    if head is None:
        return _broken(name, Problem(file=file, line=1, said=phrase('the file is empty.')))
    columns = [one_line(cell[:LONGEST_CELL]).casefold() for cell in head[1]]
    used = {each.casefold(): each for each in (*needed, *USED.get(name, ()), 'sourcedId', 'status')}
    lacking = [each for each in needed if each.casefold() not in columns]
    if lacking and any(sign in head[1][0] for sign in ';|\t'):
        said = phrase('its cells have no commas between them, as spreadsheets may save it. Export it anew.')
        return _broken(name, Problem(file=file, line=1, said=said))
    lacking += [each for low, each in used.items() if columns.count(low) > 1]
    if lacking:
        said = phrase('the columns {columns} must be there once.', columns=', '.join(lacking))
        return _broken(name, Problem(file=file, line=1, said=said))
    places = [(place, column) for place, column in enumerate(columns) if column in used]
    if name == 'manifest':
        return Table(
            name=name, rows=tuple(Row(line=number, cells=_cells(cells, places)) for number, cells in lines)
        ), []
    return _Checked(name, needed, is_delta=is_delta).table(lines, places)


class _Unsplit(Exception):
    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that have something in them, each with its number in the file."""
    reader = csv.reader(io.StringIO(text, newline=''), strict=True)
    before = count = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _Unsplit(str(error), before + 1) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MOST_ROWS:
                raise _Unsplit('too many lines', before + 1)
            yield before + 1, cells
        before = reader.line_num


def _broken(name: str, problem: Problem) -> tuple[Table, list[Problem]]:
    return Table(name=name, is_broken=True), [problem]


def _cells(cells: Sequence[str], places: Sequence[tuple[int, str]]) -> dict[str, str]:
    return {column: one_line(cells[place][:LONGEST_CELL]) for place, column in places if place < len(cells)}


class _Checked:
    """Looks at each line of a table, and collects what is wrong."""

    def __init__(self, name: str, needed: Sequence[str], *, is_delta: bool) -> None:
        self._name = name
        self._needed = needed
        self._is_delta = is_delta
        self._problems: list[Problem] = []
        self._lines: dict[str, int] = {}

    def table(
        self, lines: Iterator[tuple[int, list[str]]], places: Sequence[tuple[int, str]]
    ) -> tuple[Table, list[Problem]]:
        rows: list[Row] = []
        left_out: set[str] = set()
        names_all = True
        for number, cells in lines:
            row = Row(line=number, cells=_cells(cells, places))
            wrong = self._wrong(row)
            if wrong is None:
                rows.append(Row(line=number, cells=row.cells, is_gone=row.get('status').casefold() in GONE))
                continue
            self._problems.append(Problem(file=f'{self._name}.csv', line=number, said=wrong))
            left_out.add(row.id)
            names_all = names_all and bool(row.id)
        taken = {row.id for row in rows}
        table = Table(name=self._name, rows=tuple(rows), left_out=frozenset(left_out - taken), names_all=names_all)
        return table, self._problems

    def _wrong(self, row: Row) -> Phrase | None:
        """Return what is wrong with a line; None if it can be used."""
        status = row.get('status').casefold()
        for column in self._needed:
            may_be_empty = column in {'givenName', 'familyName'} or (status in GONE and column != 'sourcedId')
            if not row.get(column) and not may_be_empty:
                return phrase('{column} is empty.', column=column)
        if len(row.id) > LONGEST_ID or not row.id.isprintable():
            return phrase('sourcedId is too long, or no id.')
        if row.id and (first := self._lines.setdefault(row.id, row.line)) != row.line:
            return phrase('sourcedId “{id}” is in line {first} already.', id=row.id[:60], first=first)
        if status and status not in ACTIVE | GONE:
            return phrase('status is “{status}”, and not active or tobedeleted.', status=status[:20])
        if not status and self._is_delta:
            return phrase('status is empty; in a file with changes, each line says active or tobedeleted.')
        return None
