"""A file with grades as rows of texts: CSV from anywhere, or the first sheet of a workbook (XLSX)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.core import decoding, sheets
from services.core.errors import Invalid
from services.core.packages import SIGNS, Package
from services.core.sheet_cells import MOST_COLUMNS
from services.core.threads import Line

LARGEST = 5_000_000
"""bytes; a thousand learners with two hundred grades each have less than one million"""
MOST_ROWS = 5_000
DELIMITERS = ',;\t|'

_SEP = re.compile(r'"?sep=(.)"?[,;\t| ]*', re.IGNORECASE)
_readers = Line('grades', threads=1, most_waiting=4, busy_for=20)
"""Files of grades may be large and slow; they never hold up anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file that have something in them, each with its number in the file."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]


async def read(content: bytes) -> Sheet:
    """Read a file off the event loop; raises `Invalid` for what is no table, `Busy` where too many are being read."""
    return await _readers.run(sheet_of, content)


def sheet_of(content: bytes) -> Sheet:
    """Return the rows of a file; raises `Invalid`."""
    if len(content) > LARGEST:
        raise Invalid('The file is larger than 5 MB; a file with grades never is.', field='file')
    rows = _of_workbook(content) if content.startswith(SIGNS) else _of_text(content)
    if not rows:
        raise Invalid('The file is empty.', field='file')
    if len(rows) > MOST_ROWS or any(len(cells) >= MOST_COLUMNS for _, cells in rows):
        raise Invalid(
            'This table is larger than a gradebook. Use at most {rows} rows and {columns} columns.',
            rows=MOST_ROWS,
            columns=MOST_COLUMNS - 1,
            field='file',
        )
    return Sheet(rows=rows)


def _of_workbook(content: bytes) -> tuple[tuple[int, tuple[str, ...]], ...]:
    try:
        package = Package(content)
        return tuple((number, tuple(cells)) for number, cells in sheets.rows_of(content, package))
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field='file') from wrong


def _of_text(content: bytes) -> tuple[tuple[int, tuple[str, ...]], ...]:
    try:
        text = decoding.text_of(content)
    except decoding.Unreadable as error:
        raise Invalid(
            'Line {line} has signs in it that cannot be read. Save the file as “CSV UTF-8” and try again.',
            line=error.line,
            field='file',
        ) from error
    first, _, rest = text.partition('\n')
    if said := _SEP.fullmatch(first):
        return _split(rest, said[1], first_line=2)
    beginning = [each for each in text[:20_000].split('\n')[:20] if each.strip()]
    return _split(text, max(DELIMITERS, key=lambda delimiter: _fits(beginning, delimiter)))


def _fits(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how well a sign divides lines into cells: best is one that is in all of them equally often."""
    counts = [each.count(delimiter) for each in lines]
    return sum(one == other > 0 for one, other in pairwise(counts)), sum(counts)


def _split(text: str, delimiter: str, *, first_line: int = 1) -> tuple[tuple[int, tuple[str, ...]], ...]:
    rows, before = [], 0
    reader = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((first_line + before, tuple(cells[:MOST_COLUMNS])))
            if len(rows) > MOST_ROWS:
                break
            before = reader.line_num
    except csv.Error as error:
        raise Invalid(
            'Line {line}: this is not a table that can be read ({reason}). Save it as CSV.',
            line=first_line + before,
            reason=str(error),
            field='file',
        ) from error
    return tuple(rows)
