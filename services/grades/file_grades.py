"""The grades in the cells of a file: a number, an excuse, or nothing, which changes nothing."""

from decimal import ROUND_HALF_UP, Decimal

from services.core.errors import Invalid
from services.core.text import line
from services.grades.entering import EXCUSED
from services.grades.overrides import HIGHEST
from services.quizzes import numbers

NOTHING = frozenset({'', '-', '–', '—'})
"""what other programs write where there is no grade"""
_EXCUSED = frozenset({EXCUSED, 'ex', 'excused'})
_HUNDRED = Decimal(100)


def read(cell: str, *, out_of: Decimal = _HUNDRED) -> Decimal | str | None:
    """Return a grade in percent, `EXCUSED`, or None for nothing; raises `Invalid` for anything else.

    `out_of` is how many points the column has.
    """
    text = line(cell[:200]).casefold()
    if text in NOTHING:
        return None
    if text in _EXCUSED:
        return EXCUSED
    is_percent = text.endswith('%')
    number = numbers.read(text.removesuffix('%'))
    percent = number if is_percent else number * _HUNDRED / out_of
    if not 0 <= percent <= HIGHEST:
        raise Invalid('A grade is a number from 0 to {most}.', most=HIGHEST, field='file')
    return percent


def is_grade(cell: str) -> bool:
    """Tell whether a cell says something of a grade."""
    text = line(cell[:200]).casefold()
    try:
        return text in _EXCUSED or numbers.read(text.removesuffix('%')).is_finite()
    except Invalid:
        return False


def rounded(grade: Decimal) -> int:
    """Return a grade as a whole number, half of one upwards."""
    return int(grade.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def points_possible(cell: str) -> Decimal | None:
    """Return how many points a column has, where a row of the file says so."""
    try:
        number = numbers.read(line(cell[:200]))
    except Invalid:
        return None
    return number if number >= 0 else None
