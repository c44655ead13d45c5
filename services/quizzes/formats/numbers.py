"""Numbers as files write them. They are never guessed at: a key that was read wrongly marks everybody wrongly."""

import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from services.core.phrases import phrase
from services.quizzes.formats.findings import Wrong, quoted
from services.quizzes.question import WHOLE

_NUMBER = re.compile(r'[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,2})?', re.ASCII)
_COMMA = re.compile(r'[+-]?\d{1,60},\d{1,60}', re.ASCII)
_THOUSANDS = re.compile(r'[+-]?[1-9]\d{0,2},\d{3}', re.ASCII)
"""what may be a thousand and more, or one and a fraction"""
MOST_POINTS = 1_000
LEAST_POINTS = Decimal('0.01')


def number_of(text: str) -> Decimal:
    """Return a number; raises `Wrong` for what could be read in two ways."""
    plain = text.strip().replace('\u2212', '-')
    if _COMMA.fullmatch(plain) and not _THOUSANDS.fullmatch(plain):
        plain = plain.replace(',', '.')
    if not _NUMBER.fullmatch(plain):
        raise Wrong(phrase('“{number}” is not a number. Write it like 1.5 or 1500.', number=quoted(text)))
    return Decimal(plain)


def tolerance_of(text: str) -> Decimal:
    """Return how far from a number an answer may be; raises `Wrong`."""
    tolerance = number_of(text) if text.strip() else Decimal(0)
    if tolerance < 0:
        raise Wrong(phrase('A tolerance cannot be below 0, as “{number}” is.', number=quoted(text)))
    return tolerance


def band(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Return the middle of two numbers, and how far they are from it; raises `Wrong`."""
    if low > high:
        raise Wrong(phrase('{low} to {high} is no range; begin with the smaller number.', low=low, high=high))
    with localcontext(prec=200):
        return (low + high) / 2, (high - low) / 2


def credit_of(percent: str) -> int:
    """Return a percentage as ten-thousandths; raises `Wrong`."""
    share = number_of(percent)
    if abs(share) > 100:
        raise Wrong(phrase('{number} % is more than all the credit of a question.', number=share))
    return int((share * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def percent_of(credit: int) -> str:
    """Return ten-thousandths as a percentage, without zeros at its end."""
    return f'{Decimal(credit) / 100:f}'


def made_whole(credits: list[int]) -> list[int]:
    """Return credits that give all together, where only rounding kept them from it, such as three times 33.33 %."""
    right = [place for place, credit in enumerate(credits) if credit > 0]
    missing = WHOLE - sum(credits[place] for place in right)
    if not 0 < abs(missing) <= len(right):
        return credits
    step = 1 if missing > 0 else -1
    nudged = set(right[: abs(missing)])
    return [credit + step * (place in nudged) for place, credit in enumerate(credits)]


def points_of(text: str) -> Decimal:
    """Return what a question is worth; nothing said is one point. Raises `Wrong`."""
    if not text.strip():
        return Decimal(1)
    points = number_of(text)
    if not 0 <= points <= MOST_POINTS:
        raise Wrong(phrase('A question is worth 0 to {most} points, not {number}.', most=MOST_POINTS, number=points))
    return points.quantize(LEAST_POINTS, ROUND_HALF_EVEN).normalize() + 0
