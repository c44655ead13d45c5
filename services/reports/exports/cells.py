"""What the cells of a table are, and how each is written: the same on screen, in CSV and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.core.phrases import Phrase

Cell = str | int | float | date | datetime | None
"""a moment is in the zone of the reader already"""
Row = tuple[Cell, ...]
LENGTH = len('2030-01-31 12:00:00')


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key for programs, and its name for people."""

    key: str
    name: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and where the next ones begin; None after the last."""

    rows: Sequence[Row]
    next: int | None


def written(cell: Cell, *, has_commas: bool = False) -> str | int:
    """Return a cell as it is read; a whole number stays one."""
    if isinstance(cell, str | int):
        return cell
    if cell is None:
        return ''
    if isinstance(cell, float):
        text = f'{cell:.2f}'.rstrip('0').rstrip('.')
        return text.replace('.', ',') if has_commas else text
    return moment(cell) if isinstance(cell, datetime) else cell.isoformat()


def moment(cell: datetime) -> str:
    """Return a moment as it is read, without its zone."""
    return cell.isoformat(' ', 'seconds')[:LENGTH]
