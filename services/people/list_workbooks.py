"""Class lists in workbooks: which of several sheets is the list, and its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from services.core import ods, sheets
from services.core.errors import Invalid
from services.core.packages import SIGNS, Package
from services.core.phrases import phrase
from services.core.sheet_cells import Rows
from services.core.sheets import Sheet
from services.core.text import clean
from services.courses.import_file import BrokenFile
from services.people import list_cells, list_decoding
from services.people.list_decoding import Line
from services.people.list_headings import fact_of

LARGEST_WORKBOOK = 2_000_000
"""bytes; many have the picture of a school in them"""
MOST_ELEMENTS = 600_000
"""of all sheets; a thousand people with a hundred facts each have half as many"""
LARGEST_UNPACKED = 50_000_000
MOST_SHEETS, LOOKED_AT = 20, 100
"""sheets, and lines of each, in which people are looked for"""
_OTHERS = {
    'word/document.xml': phrase('This is a document, not a table. Paste its names, or save a table as CSV.'),
    'Index/Document.iwa': phrase('This is a file of Numbers. Have it save a table as XLSX or CSV, and try again.'),
    'xl/workbook.bin': phrase('This is an XLSB workbook. Save it as XLSX or CSV, and try again.'),
}
"""by a file that is in them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The sheet that is read as the class list, and the others that have something in them."""

    sheet: str
    others: tuple[str, ...]


def is_one(content: bytes) -> bool:
    """Tell whether a file is a workbook, or something else in a ZIP file."""
    return content.startswith(SIGNS)


def lines_of(content: bytes, is_list: Callable[[Sequence[Line]], bool]) -> tuple[list[Line], Chosen]:
    """Return the lines of the first sheet that is a list, or else of the first with anything; raises `BrokenFile`."""
    if len(content) > LARGEST_WORKBOOK:
        raise BrokenFile([phrase('The workbook is larger than 2 MB; a class list never is.')])
    try:
        filled = _sheets(content)[:MOST_SHEETS]
        read = ((sheet, _lines(sheet.read())) for sheet in filled)
        first = next(read, None)
        if first is None:
            raise BrokenFile([phrase('The file is empty.')])
        chosen, lines = next((each for each in chain([first], read) if is_list(each[1][:LOOKED_AT])), first)
    except BrokenFile:
        raise
    except Invalid as error:
        raise BrokenFile([error.sentence]) from error
    others = tuple(sheet.name for sheet in filled if sheet is not chosen)
    return list_decoding.bounded(lines), Chosen(sheet=chosen.name, others=others)


def _sheets(content: bytes) -> list[Sheet]:
    package = Package(content)
    if sum(map(package.size, package.names)) > LARGEST_UNPACKED:
        raise Invalid('Unpacked, this workbook is larger than 50 MB; a class list never is.')
    for name, sentence in _OTHERS.items():
        if name in package:
            raise Invalid(sentence)
    if sheets.BOOK not in package and ods.CONTENT not in package:
        raise Invalid('This is a ZIP file, and no workbook. Unpack it, and choose the table that is in it.')
    return sheets.all_of(content, package, most_elements=MOST_ELEMENTS)


def _lines(rows: Rows) -> list[Line]:
    """Return the lines of a sheet; a table of text that was opened without being divided is divided now."""
    all_ = (Line(number=number, cells=tuple(map(_plain, cells))) for number, cells in rows)
    lines = [line for line in all_ if any(clean(cell).strip() for cell in line.cells)]
    if not lines or any(sum(map(bool, line.cells)) != 1 for line in lines):
        return lines
    text = [''] * lines[-1].number
    for line in lines:
        text[line.number - 1] = ' '.join(''.join(line.cells).split())
    try:
        divided = list_decoding.lines_of_text('\n'.join(text))
    except BrokenFile:
        return lines
    return divided if any(sum(map(bool, map(fact_of, line.cells))) > 1 for line in divided) else lines


def _plain(cell: str) -> str:
    return list_cells.plain(list_cells.without_signs(cell))
