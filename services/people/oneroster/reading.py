"""The school that an export describes: its people, its classes, and who has which place in them.

Pure: nothing is read from or written to the database, so it runs in a thread.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Concatenate, ParamSpec, TypeVar

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.text import LONGEST_TITLE, check_title, read_address, read_name
from services.core.threads import Line
from services.people.oneroster.files import Given, Mode, given
from services.people.oneroster.school import Part, Place, Roster, SchoolClass, Someone
from services.people.oneroster.tables import Problem, Row

P = ParamSpec('P')
T = TypeVar('T')

LONGEST_ADDRESS = 200
TERMS = 20
"""of a class that are kept"""
_readers = Line('oneroster', threads=1, most_waiting=4, busy_for=20)
"""Exports may be large; they never hold up anything else."""


PARTS: Mapping[str, Part] = {'student': Part.LEARNS, 'teacher': Part.TEACHES} | dict.fromkeys(
    (
        'administrator',
        'aide',
        'counselor',
        'districtadministrator',
        'guardian',
        'parent',
        'principal',
        'proctor',
        'relative',
        'siteadministrator',
        'systemadministrator',
    ),
    Part.OTHER,
)


async def read(files: Sequence[tuple[str, bytes]]) -> Roster:
    """Read an export off the event loop; raises `Invalid` where it cannot be used, `Busy` where many are read."""
    return await _readers.run(roster_of, files)


def roster_of(files: Sequence[tuple[str, bytes]]) -> Roster:
    """Return the school that an export describes; raises `Invalid`."""
    return _Reader(given(files)).roster()


class _Wrong(Exception):
    def __init__(self, said: Phrase) -> None:
        super().__init__()
        self.said = said


class _Reader:
    """Reads one table after the other, and collects what is wrong with their lines."""

    def __init__(self, found: Given) -> None:
        self._given = found
        self._problems = list(found.problems)
        self._left_out = {name: set(table.left_out) for name, table in found.tables.items()}

    def roster(self) -> Roster:
        self._check_sessions()
        parts = self._parts()
        titles = self._titles()
        people = self._read('users', self._someone, parts)
        classes = self._read('classes', self._class, titles)
        places = self._read('enrollments', _place)
        whole = {
            name for name, mode in self._given.modes.items() if mode is Mode.BULK and self._given.tables[name].names_all
        }
        return Roster(
            version=self._given.version,
            source=self._given.source,
            people=people,
            classes=classes,
            places=places,
            whole=frozenset(whole),
            left_out={name: frozenset(ids) for name, ids in self._left_out.items()},
            problems=tuple(sorted(self._problems, key=lambda each: (each.file, each.line))),
        )

    def _rows(self, name: str) -> Sequence[Row]:
        table = self._given.tables.get(name)
        return table.rows if table else ()

    def _read(
        self, name: str, read: Callable[Concatenate[Row, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> dict[str, T]:
        """Return what the lines of a table say by their ids; those that cannot be used are left out."""
        found: dict[str, T] = {}
        for row in self._rows(name):
            try:
                found[row.id] = read(row, *args, **kwargs)
            except _Wrong as wrong:
                self._problem(name, row, wrong.said)
                self._left_out[name].add(row.id)
        return found

    def _problem(self, name: str, row: Row, said: Phrase, *, leaves_out: bool = True) -> None:
        self._problems.append(Problem(file=f'{name}.csv', line=row.line, said=said, leaves_out=leaves_out))

    def _parts(self) -> dict[str, Part]:
        """Return what people do, as the table of roles says it (1.2); teaching weighs more than learning."""
        users = {row.id for row in self._rows('users')} | self._left_out.get('users', set())
        is_whole = self._given.modes['users'] is Mode.BULK
        parts: dict[str, Part] = {}
        for row in self._rows('roles'):
            whose, part = row.get('userSourcedId'), _part(row)
            if part is None:
                self._problem('roles', row, phrase('the role “{role}” is not known.', role=row.get('role')[:40]))
            elif is_whole and whose not in users:
                self._problem('roles', row, phrase('“{id}” is not among the users.', id=whose[:60]))
            elif not row.is_gone and _WEIGHT[part] > _WEIGHT.get(parts.get(whose), -1):
                parts[whose] = part
        return parts

    def _someone(self, row: Row, parts: Mapping[str, Part]) -> Someone:
        is_on = row.get('enabledUser').casefold()
        if is_on not in {'', 'true', 'false', '1', '0'}:
            raise _Wrong(phrase('enabledUser is “{word}”, and not true or false.', word=is_on[:20]))
        part = parts.get(row.id)
        if part is None and row.get('role'):
            part = _part(row)
            if part is None:
                raise _Wrong(phrase('the role “{role}” is not known.', role=row.get('role')[:40]))
        is_gone = row.is_gone or is_on in {'false', '0'}
        return Someone(
            id=row.id,
            line=row.line,
            name='' if row.is_gone else _name(row),
            email=self._address(row),
            number=row.get('identifier')[:100],
            part=part,
            is_gone=is_gone,
        )

    def _address(self, row: Row) -> str:
        typed = row.get('email')
        email = read_address(typed)
        if email and ('@' not in email or len(email) > LONGEST_ADDRESS):
            said = phrase('“{email}” is not an e-mail address.', email=typed[:60])
            self._problem('users', row, said, leaves_out=False)
            return ''
        return email

    def _titles(self) -> dict[str, int]:
        """Return how many classes have each title."""
        found: dict[str, int] = {}
        for row in self._rows('classes'):
            found[row.get('title').casefold()] = found.get(row.get('title').casefold(), 0) + 1
        return found

    def _class(self, row: Row, titles: Mapping[str, int]) -> SchoolClass:
        title, code = row.get('title'), row.get('classCode')
        if code and titles[title.casefold()] > 1:
            title = f'{title} ({code})'
        if not row.is_gone:
            try:
                title = check_title(title, 'course')
            except Invalid as error:
                raise _Wrong(error.sentence) from error
        for column, table in (('schoolSourcedId', 'orgs'), ('courseSourcedId', 'courses'), ('termSourcedIds', _TERMS)):
            for each in _list(row.get(column)):
                self._check_reference('classes', row, each, table)
        return SchoolClass(
            id=row.id,
            line=row.line,
            title=title[:LONGEST_TITLE],
            subject=next(iter(_list(row.get('subjects'))), '')[:80],
            school=row.get('schoolSourcedId')[:255],
            terms=tuple(each[:255] for each in _list(row.get('termSourcedIds'))[:TERMS]),
            is_gone=row.is_gone,
        )

    def _check_reference(self, name: str, row: Row, id_: str, table: str) -> None:
        """Say where a line names what a complete table does not have; the line is used all the same."""
        if self._given.modes[table] is not Mode.BULK:
            return
        if id_ not in self._ids.setdefault(table, {each.id for each in self._rows(table)} | self._left_out[table]):
            said = phrase('it names “{id}”, which is not in {table}.csv.', id=id_[:60], table=table)
            self._problem(name, row, said, leaves_out=False)

    def _check_sessions(self) -> None:
        self._ids: dict[str, set[str]] = {}
        for row in self._rows(_TERMS):
            first, last = (_day(row.get(column)) for column in ('startDate', 'endDate'))
            if not row.is_gone and None in {first, last}:
                said = phrase('startDate and endDate are days such as 2026-09-01.')
                self._problem(_TERMS, row, said, leaves_out=False)
            elif first and last and first > last:
                self._problem(_TERMS, row, phrase('it ends before it begins.'), leaves_out=False)
            if parent := row.get('parentSourcedId'):
                self._check_reference(_TERMS, row, parent, _TERMS)


def _part(row: Row) -> Part | None:
    """Return what a role means; roles of a school's own begin with “ext:”. None where it is unknown."""
    role = row.get('role').casefold()
    return Part.OTHER if role.startswith('ext:') else PARTS.get(role)


def _name(row: Row) -> str:
    given_name = row.get('preferredGivenName') or row.get('givenName')
    name = f'{given_name} {row.get("preferredFamilyName") or row.get("familyName")}'
    if not name.strip():
        raise _Wrong(phrase('givenName and familyName are empty.'))
    if '\ufffd' in name:
        raise _Wrong(phrase('“{name}” has lost letters. Save the file as “CSV UTF-8”.', name=name[:60]))
    try:
        return read_name(name)
    except Invalid as error:
        raise _Wrong(error.sentence) from error


def _place(row: Row) -> Place:
    part = _part(row)
    if part is None and not row.is_gone:
        raise _Wrong(phrase('the role “{role}” is not known.', role=row.get('role')[:40]))
    days = [_day(typed) for column in ('beginDate', 'endDate') if (typed := row.get(column))]
    if None in days:
        raise _Wrong(phrase('beginDate and endDate are days such as 2026-09-01.'))
    return Place(
        id=row.id,
        line=row.line,
        class_id=row.get('classSourcedId'),
        person_id=row.get('userSourcedId'),
        part=part or Part.OTHER,
        is_primary=row.get('primary').casefold() == 'true',
        is_gone=row.is_gone,
    )


def _list(cell: str) -> list[str]:
    return [each for part in cell.split(',') if (each := part.strip())]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed[:10])
    except ValueError:
        return None


_TERMS = 'academicSessions'
_WEIGHT: Mapping[Part | None, int] = {Part.OTHER: 0, Part.LEARNS: 1, Part.TEACHES: 2}
