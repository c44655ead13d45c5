"""Numbers as people type them, in class and at home, on every keyboard."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.core.errors import Invalid
from services.quizzes import numbers
from services.quizzes.question import NumberAnswer, Tolerance

pytestmark = pytest.mark.req('Q1')


@pytest.mark.parametrize(
    ('typed', 'value'),
    [
        ('12', '12'),
        (' -0.5 ', '-0.5'),
        ('1,5', '1.5'),
        ('1.5', '1.5'),
        ('−3', '-3'),
        ('1 234,5', '1234.5'),
        ('1.234,5', '1234.5'),
        ('1,234.5', '1234.5'),
        ("1'234.5", '1234.5'),
        ('1,234,567', '1234567'),
        ('0,125', '0.125'),
        (',125', '0.125'),
        ('1234,567', '1234567'),
        ('3e8', '3E8'),
        ('3,0 × 10^8', '3E8'),
        ('3x10**-2', '0.03'),
        ('3·10⁻²', '0.03'),
        ('6 × 10²³', '6E23'),
        ('1/2', '0.5'),
        ('½', '0.5'),
        ('2½', '2.5'),
        ('-2½', '-2.5'),
        ('٣٫١٤', '3.14'),
        ('１２．５', '12.5'),
        ('5.', '5'),
        ('1 1/2', '1.5'),
        ('-1 1/2', '-1.5'),
        ('1 500', '1500'),
        ('1 234 567,5', '1234567.5'),
        ('12 34 567', '1234567'),
        ('3.141 592 65', '3.14159265'),
        ('1 500/3', '500'),
        ('1.5 e -3', '0.0015'),
        ('１．５ｅ－３', '0.0015'),
        ('۱۲۳', '123'),
        ('१२.५', '12.5'),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, value: str) -> None:
    assert numbers.read(typed) == Decimal(value)


def test_where_two_readings_are_possible_the_language_decides() -> None:
    assert numbers.read('1,234') == 1234
    assert numbers.read('1,234', decimal_mark=',') == Decimal('1.234')
    assert numbers.read('1.234', decimal_mark=',') == 1234
    assert numbers.read('6.022e23', decimal_mark=',') == Decimal('6.022e23'), 'no groups before a power of ten'
    assert numbers.read('6,022 × 10^23') == Decimal('6.022e23')
    assert numbers.shown(Decimal('1234.50'), decimal_mark=',') == '1234,5'


@pytest.mark.parametrize(
    'typed',
    [
        '⅟',
        '⅟2⅟',
        '',
        'NaN',
        'inf',
        '-',
        '1e999',
        '1e99999',
        '1,2,3',
        '12abc',
        '1/0',
        '1.5/2',
        'e5',
        '--1',
        '½½',
        '10²',
        '²',
        '3×105',
        '①',
        'H₂',
        '1' * 61,
        '\x00',
        '3 4',
        '10 30',
        '1 12 5',
        '5 %',
        '5 cm',
        '1 1/0',
    ],
)
def test_what_is_no_number_has_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid):
        numbers.read(typed)


@given(st.text(max_size=70))
@example('²')
def test_whatever_is_typed_is_a_finite_number_or_refused(typed: str) -> None:
    try:
        value = numbers.read(typed)
    except Invalid:
        return
    assert value.is_finite()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3))
def test_what_is_echoed_is_read_as_the_same_number(value: Decimal) -> None:
    assert numbers.read(numbers.shown(value) + ('' if value % 1 else '.0')) == value


@pytest.mark.parametrize(
    ('kind', 'tolerance', 'inside', 'outside'),
    [
        (Tolerance.NOMINAL, '0.1', ['9.9', '10', '10.1'], ['9.89', '10.11']),
        (Tolerance.RELATIVE, '0.05', ['9.5', '10.5'], ['9.49', '10.51']),
        (Tolerance.GEOMETRIC, '1', ['5', '20'], ['4.99', '20.01']),
        (Tolerance.NOMINAL, '0', ['10', '10.000'], ['10.0000001']),
    ],
)
def test_the_bounds_of_a_tolerance_are_inside(
    kind: Tolerance, tolerance: str, inside: list[str], outside: list[str]
) -> None:
    answer = NumberAnswer(value=Decimal(10), tolerance=Decimal(tolerance), tolerance_kind=kind)
    negative = NumberAnswer(value=Decimal(-10), tolerance=Decimal(tolerance), tolerance_kind=kind)
    assert all(numbers.fits(Decimal(each), answer) and numbers.fits(-Decimal(each), negative) for each in inside)
    assert not any(numbers.fits(Decimal(each), answer) or numbers.fits(-Decimal(each), negative) for each in outside)
