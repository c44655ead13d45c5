"""What was chosen: one ZIP file, or the CSV files of a folder; and what the manifest says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.core.errors import Invalid
from services.core.packages import SIGNS, Package
from services.core.phrases import phrase
from services.courses.import_file import BrokenFile
from services.people.oneroster.tables import NEEDED, Problem, Table, read_table

LARGEST = 20_000_000
"""bytes of what is chosen; five thousand people with all their classes are two million, unpacked"""
MOST_UNPACKED = 60_000_000
VERSIONS = ('1.1', '1.2')
NOT_SAID = frozenset({'', 'absent', 'null', 'n/a'})


class Mode(StrEnum):
    """What a file says of those who are not in it."""

    BULK = 'bulk'
    """they have left"""
    DELTA = 'delta'
    """nothing has changed with them"""
    ABSENT = 'absent'


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The tables of an export, and what is wrong with their lines."""

    version: str
    source: str
    """the system that wrote it; its ids mean nothing in another one"""
    modes: Mapping[str, Mode]
    tables: Mapping[str, Table]
    problems: tuple[Problem, ...]


def given(files: Sequence[tuple[str, bytes]]) -> Given:
    """Return the tables of a ZIP file or of several CSV files; raises `Invalid` where they cannot be used at all."""
    by_name = _unpacked(files)
    if 'manifest.csv' not in by_name:
        raise Invalid('There is no manifest.csv. It says what is complete and what is a change.', field='file')
    manifest, broken = read_table('manifest', by_name['manifest.csv'])
    if broken:
        raise BrokenFile([each.phrase for each in broken])
    said = {row.get('propertyName'): row.get('value') for row in manifest.rows}
    version = _version(said.get('oneroster.version', ''))
    modes = _modes(said, by_name)
    tables, problems = _tables(modes, by_name, version)
    named = (said.get(f'source.system{part}', '') for part in ('Code', 'Name'))
    source = next((name for name in named if name.casefold() not in NOT_SAID), '')
    return Given(version=version, source=source[:100], modes=modes, tables=tables, problems=tuple(problems))


def _unpacked(files: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    if sum(len(content) for _, content in files) > LARGEST:
        raise Invalid('This is larger than 20 MB; the lists of a school never are.', field='file')
    by_name: dict[str, bytes] = {}
    for path, content in files:
        room = MOST_UNPACKED - sum(map(len, by_name.values()))
        inside = _zipped(content, room) if content.startswith(SIGNS) else [(path, content)]
        for name, table in inside:
            short = name.rpartition('/')[2]
            if not short.casefold().endswith('.csv') or short.startswith('._'):
                continue
            if short.casefold() in by_name:
                raise Invalid('“{name}” is there twice. Choose the files of one export.', name=short[:80], field='file')
            by_name[short.casefold()] = table
    return by_name


def _zipped(content: bytes, room: int) -> list[tuple[str, bytes]]:
    """Return the tables of a ZIP file, which may be so large together; nothing is unpacked that is larger."""
    try:
        package = Package(content)
        names = [name for name in package.names if name.rpartition('/')[2].casefold() in _READ]
        if sum(map(package.size, names)) > room:
            raise Invalid('Unpacked, this is larger than 60 MB; the lists of a school never are.', field='file')
        return [(name, package.read(name)) for name in names]
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field='file') from wrong


def _version(said: str) -> str:
    for version in VERSIONS:
        if said == version or said.startswith(f'{version}.'):
            return version
    raise Invalid(
        'manifest.csv: the version “{version}” is not read here. Export OneRoster 1.1 or 1.2.',
        version=said[:20],
        field='file',
    )


def _modes(said: Mapping[str, str], there: Mapping[str, bytes]) -> dict[str, Mode]:
    modes, wrong = {}, []
    for name in NEEDED:
        word = said.get(f'file.{name}', '').casefold()
        try:
            mode = Mode.ABSENT if word in NOT_SAID else Mode(word)
        except ValueError:
            wrong.append(
                phrase(
                    'manifest.csv: file.{name} is “{word}”, and not bulk, delta or absent.', name=name, word=word[:20]
                )
            )
            continue
        if mode is not Mode.ABSENT and f'{name}.csv'.casefold() not in there:
            wrong.append(phrase('manifest.csv promises {name}.csv, and it is not there.', name=name))
        modes[name] = mode
    if wrong:
        raise BrokenFile(wrong)
    if all(modes[name] is Mode.ABSENT for name in ('users', 'classes', 'enrollments')):
        raise Invalid('The manifest promises neither users nor classes nor enrollments, so nothing can change.')
    return modes


def _tables(
    modes: Mapping[str, Mode], by_name: Mapping[str, bytes], version: str
) -> tuple[dict[str, Table], list[Problem]]:
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    broken: list[Problem] = []
    for name, mode in modes.items():
        file = f'{name}.csv'
        if mode is Mode.ABSENT:
            if file.casefold() in by_name:
                said = phrase('this file is not read, for the manifest does not promise it.')
                problems.append(Problem(file=file, line=1, said=said, leaves_out=False))
            continue
        more = ('role',) if name == 'users' and version == '1.1' else ()
        table, wrong = read_table(name, by_name[file.casefold()], more=more, is_delta=mode is Mode.DELTA)
        tables[name] = table
        if table.is_broken:
            broken += wrong
        problems += wrong
    if broken:
        raise BrokenFile([each.phrase for each in broken])
    return tables, problems


_READ = frozenset(f'{name}.csv'.casefold() for name in ('manifest', *NEEDED))
