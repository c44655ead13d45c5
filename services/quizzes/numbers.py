"""Numbers as people type them: with a comma or a point, in any digits, as a fraction or with a power of ten.

What was read is shown before it counts, because `1,234` means two things.
"""

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from services.core.errors import Invalid
from services.quizzes.question import NumberAnswer, Tolerance

LONGEST = 60
LARGEST = 300
"""the largest power of ten, up or down"""
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_MINUS = str.maketrans(dict.fromkeys('−‒–—﹣－', '-') | {'＋': '+'})
_BLANK = r"[\s'’`´_\u00a0\u202f\u2009]"
_BLANKS = re.compile(f'{_BLANK}+')
_APART = re.compile(rf'\d{_BLANK}+(?!\d{{3}}(?!\d)|\d\d{_BLANK}+\d)\d')
"""two numbers rather than groups of one: 3 4, but not 1 500, 12 34 567"""
_BEHIND = re.compile(r'[.,×x*·e/⁄]', re.IGNORECASE)
_POWER = re.compile(r'(?:[×x*·]10(?:\^|\*\*)|e)([+-]?\d{1,4})$', re.IGNORECASE)
_RAISED = re.compile('[⁰¹²³⁴-⁹⁺⁻]+')
_FRACTION = re.compile(r'([+-]?\d{1,20})[/⁄](\d{1,20})')
_MIXED = re.compile(r'([+−-]?\d{1,20})\s+(\d{1,20})\s*[/⁄]\s*(\d{1,20})')
_PLAIN = re.compile(r'[+-]?(?:\d+(?:\.\d*)?|\.\d+)')


def read(raw: str, *, decimal_mark: str = '.') -> Decimal:
    """Return the number that somebody typed; raises `Invalid` with what cannot be read.

    `decimal_mark` is that of the person's language: it decides where both readings are possible, such as `1,234`.
    """
    if len(raw) > LONGEST:
        raise Invalid('This is too long for a number; use at most {most} characters.', most=LONGEST, field='answer')
    value = _read(raw.strip(), decimal_mark)
    if value is None or not value.is_finite():
        raise Invalid(
            'This cannot be read as a number. Type one such as 12, -0.5, 1,5 or 3e8.',
            field='answer',
        )
    if value and not -LARGEST <= value.adjusted() <= LARGEST:
        raise Invalid('This number is too large or too small to be compared.', field='answer')
    return value


def shown(value: Decimal, *, decimal_mark: str = '.') -> str:
    """Return a number as a person reads it."""
    plain = format(_CONTEXT.plus(value).normalize(), 'f') if -12 < value.adjusted() < 21 else str(value.normalize())
    return plain.replace('.', decimal_mark)


def fits(value: Decimal, answer: NumberAnswer) -> bool:
    """Tell whether a number lies within the tolerance of another, bounds included.

    The three kinds of tolerance are those of Moodle (question/type/numerical), without its slack for floats.
    """
    if answer.is_any:
        return True
    right, tolerance = answer.value, answer.tolerance
    if answer.tolerance_kind is Tolerance.NOMINAL:
        return _CONTEXT.abs(_CONTEXT.subtract(value, right)) <= tolerance
    if answer.tolerance_kind is Tolerance.RELATIVE:
        return _CONTEXT.abs(_CONTEXT.subtract(value, right)) <= _CONTEXT.multiply(abs(right), tolerance)
    factor = 1 + tolerance
    ends = sorted((_CONTEXT.divide(right, factor), _CONTEXT.multiply(right, factor)))
    return ends[0] <= value <= ends[1]


def _read(raw: str, decimal_mark: str) -> Decimal | None:
    last = unicodedata.numeric(raw[-1], None) if raw else None
    if last is not None and unicodedata.category(raw[-1]) == 'No' and '⁄' in unicodedata.normalize('NFKC', raw[-1]):
        return _mixed(raw[:-1].strip(), unicodedata.normalize('NFKC', raw[-1]), decimal_mark)
    if (parts := _MIXED.fullmatch(raw)) and int(parts[2]) < int(parts[3]):  # or else 1 1/2 would be 11/2
        return _mixed(parts[1], f'{parts[2]}⁄{parts[3]}', decimal_mark)
    raw = _RAISED.sub(lambda found: f'^{found[0]}', raw)  # or else 10² would be 102
    if any(unicodedata.category(each) == 'No' and each not in '⁰¹²³⁴⁵⁶⁷⁸⁹' for each in raw):
        return None
    text = unicodedata.normalize('NFKC', raw).translate(_MINUS)
    text = ''.join(_digit(each) for each in text).replace('٫', '.').replace('٬', ',')
    if _APART.search(_BEHIND.split(text, maxsplit=1)[0]):
        return None
    text = _BLANKS.sub('', text)
    if found := _FRACTION.fullmatch(text):
        return _divided(found[1], found[2])
    power = _POWER.search(text)
    # nobody groups thousands before a power of ten: 6.022e23 is one in each language
    mantissa = _with_point(text[: power.start()] if power else text, decimal_mark, groups=not power)
    if not _PLAIN.fullmatch(mantissa):
        return None
    try:
        value = Decimal(mantissa)
        return value.scaleb(int(power[1]), Context(prec=LONGEST)) if power else value
    except (InvalidOperation, OverflowError):
        return None


def _mixed(whole: str, fraction: str, decimal_mark: str) -> Decimal | None:
    """Return a whole number with one of the signs for a fraction behind it, such as 2½."""
    part = _divided(*fraction.split('⁄'))
    if not whole or part is None:
        return part
    if whole in {'-', '−', '+'}:
        return -part if whole != '+' else part
    value = _read(whole, decimal_mark)
    if value is None or value != value.to_integral_value():
        return None
    return value - part if whole.startswith(('-', '−')) else value + part


def _divided(above: str, below: str) -> Decimal | None:
    if not above or not below or not Decimal(below):
        return None  # “⅟” has nothing below
    return _CONTEXT.divide(Decimal(above), Decimal(below))


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


def _with_point(text: str, decimal_mark: str, *, groups: bool) -> str:
    """Return a number with a point as its only mark, as the two marks in it are to be understood."""
    points, commas = text.count('.'), text.count(',')
    if points and commas:
        decimal = max('.,', key=text.rfind)
    elif points + commas == 1:
        mark = '.' if points else ','
        grouped = groups and len(text.rsplit(mark, 1)[1]) == 3 and text.lstrip('+-').split(mark)[0] not in {'', '0'}
        decimal = decimal_mark if grouped else mark
    else:
        decimal = ''  # none, or one mark several times: groups of thousands
    thousands = {'.', ','} - {decimal}
    if not decimal and (points or commas) and not re.fullmatch(r'[+-]?\d{1,3}([.,]\d{3})+', text):
        return ''
    for mark in thousands:
        text = text.replace(mark, '')
    return text.replace(',', '.')
