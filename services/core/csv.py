"""What leaves Waymark as a table for other programs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

Value = str | int | Decimal | None

FORMULA_SIGNS = tuple('=+-@\t\r\n＝＋－＠')
"""A cell that begins with one of these is worked out by spreadsheets (also in full width)."""
_PARTED = re.compile(r'([;\t\r\n][" ]*)(?=[=+\-@＝＋－＠])')
_PARTED_BY_COMMAS = re.compile(r'([,\t\r\n][" ]*)(?=[=+\-@＝＋－＠])')
"""Where another cell begins for a spreadsheet that expects other marks between cells, as its country has them."""


def csv_text(rows: Iterable[Sequence[Value]]) -> str:
    """Return a table as CSV that spreadsheets open as it is: with a mark of its encoding, and no formula in it."""
    text = io.StringIO()
    text.write('\ufeff')
    csv.writer(text).writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


def safe_cell(value: Value, *, parted_by: str = ',') -> Value:
    """Return a value as it stands in a cell: a text that would be a formula gets an apostrophe before it.

    So does a part of it that would be a cell of its own where the other of both marks, comma and semicolon, is usual.
    """
    if not isinstance(value, str):
        return value
    parted = _PARTED if parted_by == ',' else _PARTED_BY_COMMAS
    text = parted.sub(r"\1'", value)
    return f"'{text}" if text.lstrip(' ').startswith(FORMULA_SIGNS) else text
