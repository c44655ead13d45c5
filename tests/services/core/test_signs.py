"""What becomes of each sign: remembered, and forgotten before it fills the memory."""

import pytest

from services.core.signs import MOST, Signs

pytestmark = pytest.mark.req('O7')


def test_the_rule_is_asked_once_for_each_sign() -> None:
    asked: list[str] = []
    table = Signs(lambda sign: (asked.append(sign), '' if sign == 'é' else sign * 2)[1])

    assert 'aéaéa'.translate(table) == 'aaaaaa'
    assert asked == ['a', 'é']


def test_all_the_signs_there_are_fill_no_memory() -> None:
    table = Signs(lambda sign: sign)
    everything = ''.join(map(chr, range(0x10000, 0x10000 + 3 * MOST)))

    assert everything.translate(table) == everything
    assert len(table) <= MOST
