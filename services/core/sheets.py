"""The sheets of a workbook (XLSX, ODS), as rows of texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from services.core import ods
from services.core.errors import Invalid
from services.core.packages import Package
from services.core.sheet_cells import MOST_COLUMNS, MOST_ELEMENTS, MOST_ROWS, UNKNOWN, Place, Rows, checked, files_of

BOOK = 'xl/workbook.xml'
"""what a package has in it that is a workbook"""
OTHER_KINDS = frozenset({'xl/workbook.bin', 'content.xml', 'mimetype'})
Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet that people see, with something in it; `read` returns the rows that have something, each with its number.

    Dates are read like 2030-01-31, and numbers as they look.
    """

    name: str
    read: Callable[[], Rows]


def rows_of(content: bytes, package: Package) -> Rows:
    """Return the rows of the first sheet that have something in them; raises `Invalid`, also for a date."""
    _check_kind(package)
    checked(package, MOST_ELEMENTS)
    rows = []
    for number, row in enumerate(_found(_opened(content), 0), start=1):
        cells = [_text(cell) if not _is_date(cell) else _no_date(number) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            rows.append((number, cells))
    return rows


def all_of(content: bytes, package: Package, *, most_elements: int) -> list[Sheet]:
    """Return the sheets that people see and that have something in them; raises `Invalid`."""
    if ods.CONTENT in package:
        tables = ods.tables_of(package, most_elements)
        return [Sheet(name=name, read=partial(list, rows)) for name, rows in tables if rows]
    _check_kind(package)
    checked_, files, book = checked(package, most_elements), files_of(package), _opened(content)
    found = []
    for place, each in enumerate(book.sheets_metadata):
        cells = checked_.get(files.get(each.name, ''), UNKNOWN)
        if each.visible is SheetVisibleEnum.Visible and cells.are_filled:
            found.append(Sheet(name=each.name, read=partial(_as_it_looks, book, place, cells.digits)))
    return found


def _check_kind(package: Package) -> None:
    if BOOK not in package or OTHER_KINDS & set(package.names):
        raise Invalid('This is no XLSX workbook. Save it as XLSX or CSV.')


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, ValueError) as error:
        raise _unread() from error


def _found(book: CalamineWorkbook, place: int) -> list[list[Cell]]:
    try:
        return book.get_sheet_by_index(place).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (CalamineError, ValueError, IndexError) as error:
        raise _unread() from error


def _unread() -> Invalid:
    return Invalid('This workbook cannot be read. Save it as XLSX or CSV again.')


def _as_it_looks(book: CalamineWorkbook, place: int, digits: Mapping[Place, int]) -> Rows:
    rows = []
    for number, row in enumerate(_found(book, place), start=1):
        near = row[:MOST_COLUMNS]
        if near.count('') == len(near):
            continue
        cells = [_text(cell).zfill(digits.get((number, column), 0)) for column, cell in enumerate(near, start=1)]
        if any(cells):
            rows.append((number, cells))
    return rows


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, (date, datetime, time, timedelta))


def _no_date(line: int) -> str:
    """Refuse a date: a spreadsheet takes “1-3” or “1.5” for one, which nobody meant."""
    raise Invalid('Line {line}: the spreadsheet made a date of a cell. Format its column as text.', line=line)


def _text(cell: Cell) -> str:
    """Return a cell as it is shown."""
    if isinstance(cell, bool):
        return 'true' if cell else 'false'
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and not cell.time():
        return cell.date().isoformat()
    return str(cell).strip()
