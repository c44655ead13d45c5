"""What leaves Waymark as a table for other programs."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Value = str | int | Decimal | None

FORMULA_SIGNS = tuple('=+-@\t\r\n＝＋－＠')
"""A cell that begins with one of these is worked out by spreadsheets (also in full width)."""


def csv_text(rows: Iterable[Sequence[Value]]) -> str:
    """Return a table as CSV that spreadsheets open as it is: with a mark of its encoding, and no formula in it."""
    text = io.StringIO()
    text.write('\ufeff')
    csv.writer(text).writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


def safe_cell(value: Value) -> Value:
    """Return a value as it stands in a cell: a text that would be a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(' ').startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value
