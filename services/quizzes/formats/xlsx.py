"""The first sheet of a workbook, as rows of texts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from services.core.phrases import phrase
from services.quizzes.formats.findings import MOST_QUESTIONS, Wrong, quoted
from services.quizzes.formats.packages import Package
from services.quizzes.formats.safe_xml import parsed, see
from services.quizzes.formats.table import MOST_COLUMNS, Rows

BOOK = 'xl/workbook.xml'
"""what a package has in it that is a workbook"""
OTHER_KINDS = frozenset({'xl/workbook.bin', 'content.xml', 'mimetype'})
MOST_ROWS = MOST_QUESTIONS + 100
MOST_LETTERS = 50_000_000
MOST_ELEMENTS = 2_500_000
"""of a sheet; as many as a table has that is full of numbers, with `MOST_ROWS` rows and `MOST_COLUMNS` columns"""
_LONGEST_NUMBER = 100
"""signs, with blanks around it"""
_TEXTS = 'xl/sharedstrings.xml'
_CELLS = b'sheetData'
"""what the library takes for the cells of a sheet, in whichever file of the package"""
Cell = int | float | str | bool | time | date | datetime | timedelta


def rows_of(content: bytes, package: Package) -> Rows:
    """Return the rows that have something in them; raises `Wrong`."""
    _check(package)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (CalamineError, ValueError, IndexError) as error:
        raise Wrong(phrase('This workbook cannot be read. Save it as XLSX or CSV again.')) from error
    rows = []
    for number, row in enumerate(found, start=1):
        cells = [_text(cell, number) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            rows.append((number, cells))
    return rows


def _check(package: Package) -> None:
    """Raise `Wrong` where a sheet is larger than a table of questions: the library fills all that is between cells."""
    if OTHER_KINDS & set(package.names):
        raise Wrong(phrase('This is no XLSX workbook. Save it as XLSX or CSV.'))
    lengths, letters = _shared(package), 0
    # Elements go by and are not kept: the tree of a large gradebook would take some hundred megabytes.
    for name in package.names:
        content = package.read(name)
        if _CELLS not in content:  # the library looks for this word alone: file and root may be called as they like
            continue
        cells = _Cells(lengths)
        see(content, cells, most=MOST_ELEMENTS)
        letters += cells.letters
    if letters > MOST_LETTERS:
        raise Wrong(phrase('The files in this ZIP file are larger than 200 MB together. Export it in parts.'))


class _Cells:
    """Sees the cells of a sheet go by: none is too far out, and `letters` is how long their shared texts are."""

    def __init__(self, lengths: Mapping[str, int]) -> None:
        self.letters = 0
        self._lengths = lengths
        self._is_shared = self._is_value = False
        self._value = ''

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See a cell, a row, or the value of a cell."""
        if tag in {'c', 'row'} and not _is_near(attributes.get('r', 'A1')):
            raise Wrong(
                phrase('A sheet has {place} in it, which is too far out.', place=quoted(attributes.get('r', '')))
            )
        if tag == 'c':
            self._is_shared = attributes.get('t') == 's'
        elif tag == 'v':
            self._is_value, self._value = self._is_shared, ''

    def text(self, text: str) -> None:
        """See a piece of the number of a shared text."""
        if self._is_value and len(self._value) < _LONGEST_NUMBER:
            self._value += text[:_LONGEST_NUMBER]

    def end(self, tag: str) -> None:
        """Count a shared text that has ended."""
        if tag == 'v' and self._is_value:
            self.letters += self._lengths.get(self._value.strip(), 0)
            self._is_value = False


def _shared(package: Package) -> dict[str, int]:
    """Return how long the texts are that cells share, by their numbers: each cell gets a copy of its own."""
    found: dict[str, int] = {}
    for name in package.names:
        if name.lower() == _TEXTS:
            items = (each for each in parsed(package.read(name)).iter() if each.tag == 'si')
            lengths = (sum(len(part.text or '') for part in item.iter() if part.tag == 't') for item in items)
            found |= {str(number): length for number, length in enumerate(lengths)}
    return found


def _is_near(place: str) -> bool:
    row = place.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    column = place.removesuffix(row)
    return len(column) <= 2 and row.isascii() and row.isdecimal() and len(row) < 6 and int(row) <= MOST_ROWS


def _text(cell: Cell, line: int) -> str:
    """Return a cell as it is shown; a spreadsheet takes “1-3” or “1.5” for a date, which nobody meant."""
    if isinstance(cell, bool):
        return 'true' if cell else 'false'
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, (date, datetime, time, timedelta)):
        raise Wrong(phrase('Line {line}: the spreadsheet made a date of a cell. Format its column as text.', line=line))
    return str(cell).strip()
