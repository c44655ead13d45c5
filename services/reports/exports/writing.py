"""Files of a table, written a page of rows at a time, so that a million rows take no more memory than a thousand."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache, partial
from typing import IO, Any, Protocol

from models import ExportForm
from services.core import workbook
from services.core.csv import safe_cell
from services.core.errors import Refused
from services.core.phrases import Phrase
from services.core.workbook import Sheet
from services.reports.exports.cells import Cell, Column, Row, moment, written

MEDIA_TYPES = {
    ExportForm.CSV: 'text/csv; charset=utf-8',
    ExportForm.XLSX: workbook.MEDIA_TYPE,
    ExportForm.JSON: 'application/json',
    ExportForm.PDF: 'application/pdf',
}
FROZEN = 2
"""columns of a workbook that stay in place: who it is, or when and who"""


class Writer(Protocol):
    """One file that is being written."""

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write the end; the file itself stays open."""


def writer(
    form: ExportForm, file: IO[bytes], columns: Sequence[Column], say: Callable[[Phrase], str], *, has_commas: bool
) -> Writer:
    """Begin a file: with its head, in the language of the reader; JSON has the keys of programs."""
    heads = [say(column.name) for column in columns]
    if form is ExportForm.CSV:
        return _Csv(file, heads, has_commas=has_commas)
    if form is ExportForm.XLSX:
        return _Workbook(file, heads)
    return _Json(file, [column.key for column in columns])


def drop(into: Writer) -> None:
    """Let go of a file that is not finished."""
    with suppress(Exception):  # it was given up already, such as for a full disk
        into.close()


class _Csv:
    """What spreadsheets open as it is: with a mark of the encoding, and no formula in it."""

    def __init__(self, file: IO[bytes], heads: Sequence[str], *, has_commas: bool) -> None:
        self._file = file
        self._mark = ';' if has_commas else ','
        number = partial(written, has_commas=has_commas)
        text = partial(_safe, mark=self._mark)
        self._ways: Mapping[type, Callable[[Any], Cell]] = {
            str: text,
            float: number,
            date: number,
            datetime: moment,
        }
        file.write(b'\xef\xbb\xbf')
        self.add([tuple(heads)])

    def add(self, rows: Sequence[Row]) -> None:
        text = io.StringIO()
        columns = [self._column(cells) for cells in zip(*rows, strict=True)]
        csv.writer(text, delimiter=self._mark).writerows(zip(*columns, strict=True))
        self._file.write(text.getvalue().encode())

    def _column(self, cells: Sequence[Cell]) -> Iterable[Cell]:
        """Return a column as it is written: a look at each of millions of cells would take longer than the cells."""
        kinds = set(map(type, cells))
        if kinds <= _PLAIN:
            return cells
        if kinds == {str}:  # there are few texts, and each is in thousands of rows
            ready = {text: self._ways[str](text) for text in set(cells)}
            return [ready[text] for text in cells]
        return map(self._ways[datetime] if kinds == {datetime} else self._cell, cells)

    def _cell(self, cell: Cell) -> Cell:
        kind = type(cell)
        return cell if kind in _PLAIN else self._ways.get(kind, self._other)(cell)

    def close(self) -> None:
        """Add nothing."""

    def _other(self, cell: Cell) -> str:
        """Write a cell of a kind that is none of these, such as a word from a list, as a text that is not trusted."""
        return _safe(str(written(cell)), mark=self._mark)


_PLAIN = frozenset({int, type(None)})
"""kinds of cells that `csv` writes as they are"""


@lru_cache(maxsize=10_000)
def _safe(text: str, mark: str) -> str:
    """Return a text as a cell has it; there are few, and each is in thousands of rows."""
    return str(safe_cell(text, parted_by=mark))


class _Workbook:
    """A workbook: numbers are numbers, and what is text stays text."""

    def __init__(self, file: IO[bytes], heads: Sequence[str]) -> None:
        self._sheet = Sheet(file, frozen=FROZEN)
        self._number = 0
        self.add([tuple(heads)])

    def add(self, rows: Sequence[Row]) -> None:
        self._number += len(rows)
        if self._number > workbook.MOST_ROWS:
            raise Refused(
                'A workbook holds {most} rows. Choose fewer learners or days, or CSV.', most=workbook.MOST_ROWS
            )
        self._sheet.add([[cell if isinstance(cell, float) else written(cell) for cell in row] for row in rows])

    def close(self) -> None:
        self._sheet.close()


class _Json:
    """A list of records, one on a line."""

    def __init__(self, file: IO[bytes], keys: Sequence[str]) -> None:
        self._file, self._keys, self._before = file, keys, '[\n'

    def add(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        records = (dict(zip(self._keys, map(_plain, row), strict=True)) for row in rows)
        lines = ',\n'.join(json.dumps(record, ensure_ascii=False) for record in records)
        self._file.write((self._before + lines).encode())
        self._before = ',\n'

    def close(self) -> None:
        self._file.write(b'\n]\n' if self._before == ',\n' else b'[]\n')


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date | datetime) else cell
