"""From the bytes of a class list to rows of cells: how it is written, which signs stand between the cells."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.core import decoding
from services.core.phrases import phrase
from services.core.text import clean
from services.courses.import_file import BrokenFile
from services.people import list_cells, list_web
from services.people.list_headings import KNOWN_WORDS, fact_of
from services.people.list_web import MOST_COLUMNS

LONGEST_LIST = 256 * 1024
"""bytes"""
MOST_LINES = 1_000
DELIMITERS = ',;\t|，；│'

_OTHER_FILES = {
    b'\xd0\xcf\x11\xe0': phrase(
        'This is a workbook of before 2007 (.xls), or one with a password. Save it as XLSX without one, and try again.'
    ),
    b'%PDF': phrase('This is a PDF, not a table. Have the program that made it save a table as CSV.'),
    b'{\\rtf': phrase('This is a document, not a table. Paste its names, or save a table as CSV.'),
}
"""by the bytes that they begin with"""
_NO_TABLE = phrase('This is a web page, not a table. Open it in a spreadsheet and save it as “CSV UTF-8”.')
_BENT = str.maketrans('“”„«»', '"' * 5)
_SEP = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table, with the number of its line in the file."""

    number: int
    cells: tuple[str, ...]


def lines_of(content: bytes) -> list[Line]:
    """Return the rows of a file that have something in them; raises `BrokenFile`."""
    if len(content) > LONGEST_LIST:
        raise BrokenFile([phrase('The file is larger than 256 kB; a class list never is.')])
    start = content[:100].removeprefix(codecs.BOM_UTF8).lstrip()
    for mark, said_of_it in _OTHER_FILES.items():
        if start.startswith(mark):
            raise BrokenFile([said_of_it])
    written = _text_of(content)
    if written.lstrip().startswith('<'):
        return bounded(list(_on_page(written)))
    return lines_of_text(_with_plain_quotes(list_cells.without_signs(written)))


def lines_of_text(text: str) -> list[Line]:
    """Return the rows of a text that have something in them; raises `BrokenFile`."""
    first, _, rest = text.partition('\n')
    said = _SEP.match(first.strip(' ,;\t|') or first)
    if said or re.fullmatch(r'"?sep=\s*"?', first.strip('\n'), re.IGNORECASE):
        delimiter = said[1] if said else '\t'
        return bounded(list(_split(rest, delimiter, first_line=2)))
    if not text.strip():
        raise BrokenFile([phrase('The file is empty.')])
    return bounded(_best_split(text))


def _text_of(content: bytes) -> str:
    try:
        return decoding.text_of(content, KNOWN_WORDS)
    except decoding.Unreadable as error:
        unread = phrase(
            'Line {line} has signs in it that cannot be read. Save the file as “CSV UTF-8” and try again.',
            line=error.line,
        )
        raise BrokenFile([unread]) from error


def _on_page(written: str) -> Iterator[Line]:
    rows = list_web.rows_of(written) if list_web.is_page(written) else []
    if not any(map(any, rows)):
        raise BrokenFile([_NO_TABLE])
    for number, cells in enumerate(rows, start=1):
        if any(clean(cell).strip() for cell in cells):
            yield Line(number=number, cells=tuple(map(list_cells.plain, cells)))


def _with_plain_quotes(text: str) -> str:
    """Return a text with straight quotes where an editor has bent those around its cells."""
    return text.translate(_BENT) if text.lstrip()[:1] in {'“', '”', '„', '«'} else text


def repaired(cell: str) -> str:
    """Return a cell as it was before a program took its UTF-8 for another encoding; most cells are fine."""
    if cell.isascii():
        return cell
    for encoding in ('cp1252', 'latin-1', 'mac_roman'):
        try:
            was = cell.encode(encoding).decode('utf-8')
        except UnicodeError:
            continue
        if any(character.isalpha() for character in was if not character.isascii()):
            return was
    return cell


def _best_split(text: str) -> list[Line]:
    """Split at what gives the most known headings, and then the most columns; one column is not split at all."""
    best: tuple[tuple[int, int], list[Line]] | None = None
    refusal: BrokenFile | None = None
    for delimiter in DELIMITERS:
        try:
            lines = list(_split(text, delimiter))
        except BrokenFile as error:
            refusal = refusal or error
            continue
        known = [sum(bool(fact_of(cell)) for cell in line.cells) for line in lines[:20]]
        top = max(known, default=0)
        width = len(lines[known.index(top)].cells) if top else max((len(line.cells) for line in lines[:20]), default=0)
        if best is None or (top, width) > best[0]:
            best = (top, width), lines
    if best is None:
        assert refusal is not None
        raise refusal
    if best[0][1] == 1:
        inner = _columns_inside(best[1])
        if inner:
            return inner
        alone = (
            replace(line, cells=tuple(cell.strip(f' {DELIMITERS}') for cell in line.cells))
            for line in _split(text, '\x1f')
        )
        return [line for line in alone if line.cells[0]]
    return best[1]


def _columns_inside(lines: list[Line]) -> list[Line]:
    """Return the columns of lines that a program put in quotes whole, or has put below each other with spaces."""
    for between in (*DELIMITERS, None):
        split = [
            replace(
                line, cells=tuple(line.cells[0].split(between) if between else re.split(' {2,}', line.cells[0].strip()))
            )
            for line in lines
        ]
        width = len(split[0].cells)
        if (
            width > 1
            and all(len(line.cells) == width for line in split)
            and sum(map(bool, map(fact_of, split[0].cells))) > 1
        ):
            return split
    return _below_headings(lines)


def _below_headings(lines: Sequence[Line]) -> list[Line]:
    """Return the columns of lines that stand below their headings with spaces, where some have nothing in a column."""
    top = next((line.cells[0] for line in lines if len(_apart(line.cells[0])) > 1), '')
    begins = [0, *(found.end() for found in re.finditer(r'(?<=\S) {2,}', top))]
    if len(begins) > MOST_COLUMNS or sum(map(bool, map(fact_of, _apart(top)))) < 2:
        return []
    ends = [*begins[1:], None]
    split = []
    for line in lines:
        cells = [line.cells[0][begin:end] for begin, end in zip(begins, ends, strict=True)]
        is_cut = any(cell and following.strip() and not cell.endswith(' ') for cell, following in pairwise(cells))
        if is_cut and len(_apart(line.cells[0])) > 1:
            return []
        split.append(replace(line, cells=(line.cells[0].strip(),) if is_cut else tuple(map(str.strip, cells))))
    return split


def _apart(line: str) -> list[str]:
    return re.split(' {2,}', line.strip())


def _split(text: str, delimiter: str, *, first_line: int = 1) -> Iterator[Line]:
    reader = csv.reader(
        io.StringIO(text, newline=''),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=f'{delimiter} "' in text,
        escapechar='\\' if '\\"' in text else None,
    )
    before = 0
    try:
        for cells in reader:
            if any(clean(cell).strip() for cell in cells):
                yield Line(number=first_line + before, cells=tuple(map(list_cells.plain, cells[:MOST_COLUMNS])))
            before = reader.line_num
    except csv.Error as error:
        unread = phrase('This is not a table that can be read ({reason}). Save it as CSV.', reason=str(error))
        raise BrokenFile([unread]) from error


def bounded(lines: list[Line]) -> list[Line]:
    """Return lines without the signs of a spreadsheet that they are texts; raises `BrokenFile` for too many or none."""
    if len(lines) > MOST_LINES + 20:
        too_many = phrase(
            'A class list has at most {most} people; this file has {count} lines.', most=MOST_LINES, count=len(lines)
        )
        raise BrokenFile([too_many])
    if not lines:
        raise BrokenFile([phrase('The file is empty.')])
    rows = list_cells.without_text_quotes([line.cells for line in lines])
    return [replace(line, cells=row) for line, row in zip(lines, rows, strict=True)]
