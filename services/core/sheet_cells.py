"""The cells of a workbook (XLSX) as they lie in its files: none is too far out, and some look longer than they are.

A library reads them. It fills all that is between two cells, and it does not say how numbers are shown.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.core.errors import Invalid
from services.core.packages import Package
from services.core.safe_xml import parsed, see

MOST_ROWS = 5_100
MOST_COLUMNS = 200
MOST_LETTERS = 50_000_000
MOST_ELEMENTS = 2_500_000
"""of all sheets; as many as a table has that is full of numbers, with `MOST_ROWS` rows and `MOST_COLUMNS` columns"""
Rows = Sequence[tuple[int, Sequence[str]]]
"""the number of each row in its file, and its cells"""
Place = tuple[int, int]
"""a row and a column, counted from 1"""
_LONGEST_NUMBER = 100
"""signs, with blanks around it"""
_TEXTS, _STYLES = 'xl/sharedstrings.xml', 'xl/styles.xml'
_FOLDER, _BOOK, _RELATIONS = 'xl', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels'
_CELLS = b'sheetData'
"""what the library takes for the cells of a sheet, in whichever file of the package"""
_REFERENCE = re.compile('([A-Z]{1,2})([1-9][0-9]{0,4})')
_FILLED = frozenset(['v', 'is', 'f'])
"""what a cell has in it that is more than a colour"""
_ZEROS = re.compile('0{2,20}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The cells of one file."""

    are_filled: bool
    """whether there is more in any than a colour"""
    digits: Mapping[Place, int]
    """how many digits a number shows at least, such as 007, where that is said"""


UNKNOWN = Checked(are_filled=True, digits={})
"""of a sheet whose file is not found"""


def checked(package: Package, most_elements: int) -> dict[str, Checked]:
    """Return what the library does not tell, by file; raises `Invalid` where there is too much."""
    lengths, digits, letters = _shared(package), _digits(package), 0
    found = {}
    # Elements go by and are not kept: the tree of a large gradebook would take some hundred megabytes.
    for name in package.names:
        content = package.read(name)
        if _CELLS not in content:  # the library looks for this word alone: file and root may be called as they like
            continue
        cells = _Cells(lengths, digits)
        see(content, cells, most=most_elements)
        letters += cells.letters
        found[name] = Checked(are_filled=cells.are_filled, digits=cells.digits)
    check_letters(letters)
    return found


def check_letters(letters: int) -> None:
    """Raise `Invalid` where the cells of a workbook show more than anybody has typed; many may share one text."""
    if letters > MOST_LETTERS:
        raise Invalid(
            'The cells of this workbook have more than {most} million letters in them. Divide it, and try again.',
            most=MOST_LETTERS // 1_000_000,
        )


def files_of(package: Package) -> dict[str, str]:
    """Return in which file each sheet is, by its name."""
    files = {each.get('Id'): each.get('Target', '') for each in _elements(package, _RELATIONS, 'Relationship')}
    return {
        sheet.get('name', ''): posixpath.normpath(posixpath.join('/', _FOLDER, files[sheet.get('id')])).lstrip('/')
        for sheet in _elements(package, _BOOK, 'sheet')
        if sheet.get('id') in files
    }


class _Cells:
    """Sees the cells of a sheet go by: none is too far out, and `letters` is how long their shared texts are."""

    def __init__(self, lengths: Mapping[str, int], styles: Mapping[str, int]) -> None:
        self.letters = 0
        self.are_filled = False
        self.digits: dict[Place, int] = {}
        self._lengths, self._styles = lengths, styles
        self._is_shared = self._is_value = False
        self._value = ''
        self._row = self._cell = ''
        self._shows = 0

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See a cell, a row, or the value of a cell."""
        if tag == 'row':
            self._row, self._cell = attributes.get('r', ''), ''
        elif tag == 'c':
            self._cell = attributes.get('r', '')
            self._is_shared = attributes.get('t') == 's'
            self._shows = 0 if attributes.get('t', 'n') != 'n' else self._styles.get(attributes.get('s', ''), 0)
        elif tag in _FILLED:
            self._check_near()
        if tag == 'v':
            self._is_value, self._value = self._is_shared, ''

    def _check_near(self) -> None:
        """Raise `Invalid` where a cell with something in it lies where no table is."""
        place = _place(self._cell or f'A{self._row or 1}')
        if place is None or place[0] > MOST_ROWS:
            shown = ''.join(filter(str.isprintable, self._cell or self._row))[:20]
            raise Invalid('A sheet has {place} in it, which is too far out.', place=shown)
        self.are_filled = True
        if self._shows and self._cell:
            self.digits[place] = self._shows

    def text(self, text: str) -> None:
        """See a piece of the number of a shared text."""
        if self._is_value and len(self._value) < _LONGEST_NUMBER:
            self._value += text[:_LONGEST_NUMBER]

    def end(self, tag: str) -> None:
        """Count a shared text that has ended."""
        if tag == 'v' and self._is_value:
            self.letters += self._lengths.get(self._value.strip(), 0)
            self._is_value = False


def _place(reference: str) -> Place | None:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord('A') + 1
    return int(found[2]), column


def _shared(package: Package) -> dict[str, int]:
    """Return how long the texts are that cells share, by their numbers: each cell gets a copy of its own."""
    items = _elements(package, _TEXTS, 'si')
    lengths = (sum(len(part.text or '') for part in item.iter() if part.tag == 't') for item in items)
    return {str(number): length for number, length in enumerate(lengths)}


def _digits(package: Package) -> dict[str, int]:
    """Return how many digits at least each style shows, by its number, where that is what it is about: `0000`."""
    formats = {each.get('numFmtId'): each.get('formatCode', '') for each in _elements(package, _STYLES, 'numFmt')}
    styles = (each for all_ in _elements(package, _STYLES, 'cellXfs') for each in all_ if each.tag == 'xf')
    shown = {str(number): formats.get(style.get('numFmtId'), '') for number, style in enumerate(styles)}
    return {number: len(code) for number, code in shown.items() if _ZEROS.fullmatch(code)}


def _elements(package: Package, name: str, tag: str) -> Iterator[Element]:
    """Yield the elements of a file, whatever the case of its name, as the library finds it."""
    for each in package.names:
        if each.lower() == name:
            yield from parsed(package.read(each)).iter(tag)
