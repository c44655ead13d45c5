"""The one door for names, titles, addresses and codes: what nobody sees goes, what a script needs stays."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import text
from services.core.errors import Invalid
from services.core.secrets import read_code
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('A5')

UNSEEN = [
    *'\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\u180e\u034f',
    *'\u115f\u1160\u17b4\u3164\uffa0\ufe0f\U000e0041\U000e0101\x00\x07\ufff9',
]


@pytest.mark.parametrize('typed', [None, 3, True, 1e308, b'Sam', ['Sam'], {'name': 'Sam'}], ids=repr)
@pytest.mark.parametrize('read', [text.read_name, text.check_text, text.read_address, text.clean, text.line])
def test_what_is_no_text_is_refused_with_a_sentence(read: Callable[[Any], str], typed: object) -> None:
    with pytest.raises(Invalid, match='no text'):
        read(typed)
    with pytest.raises(Invalid, match='no text'):
        text.check_title(typed, 'course')  # type: ignore[arg-type]


@pytest.mark.parametrize('sign', UNSEEN, ids=lambda sign: f'U+{ord(sign):04X}')
@pytest.mark.parametrize(
    'around', ['{0}Sam Rivera', 'Sam {0}Rivera', 'Sa{0}m Rivera', 'Sam Rivera{0}', '{0}Sam {0} Rivera{0}']
)
def test_a_sign_that_nobody_sees_makes_no_other_name(sign: str, around: str) -> None:
    assert text.read_name(around.format(sign)) == 'Sam Rivera'
    assert text.check_title(around.format(sign), 'course') == 'Sam Rivera'
    assert text.read_address(around.format(sign).replace(' ', '@')).replace('@', '') == 'samrivera'


@pytest.mark.parametrize('sign', [*UNSEEN, '\u2800', '\u0301' * 5, ' ', ''], ids=ascii)
def test_what_is_empty_without_them_is_refused_with_a_true_sentence(sign: str) -> None:
    with pytest.raises(Invalid, match='Type your full name'):
        text.read_name(sign * 3)
    with pytest.raises(Invalid, match='Give the step a title'):
        text.check_title(sign, 'checkpoint')
    assert text.check_text(sign) == ''


@pytest.mark.parametrize(
    'name',
    [
        'می\u200cخواهم رضایی',
        'क्\u200dष राम',
        'ශ්\u200dරී ලංකා',
        'Nguyễn Thị Minh Khai',
        unicodedata.normalize('NFD', 'Nguyễn Thị Ánh'),
        'שָׁלוֹם בֶּן־צִבִּי',
        'ကျွန်ုပ်',
        'བསྒྲུབས་',
        '葛\U000e0100飾',
        'Ana 👩\u200d🔬',
        'Ana 👩🏽\u200d🤝\u200d👨🏿',
        'Ana 🏳\ufe0f\u200d🌈',
        'Ana 🇩🇪',
        'Ana \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f',
        'Ana ❤\ufe0f 1\ufe0f\u20e3',
        'Björk Guðmundsdóttir',
        'O’Brien-Łukasz',
        '김민준',
        'דנה כהן',
    ],
    ids=ascii,
)
def test_names_in_every_script_stay_as_they_are(name: str) -> None:
    assert text.read_name(name) == name


@pytest.mark.parametrize('mark', ['\u0301', '\u0323', '\u20dd', '\u0488'])
def test_marks_that_would_cover_other_lines_are_bounded(mark: str) -> None:
    assert text.read_name('a' + mark * 79) == 'a' + mark * text.MOST_STACKED
    assert len(text.read_name('Ana' + '\u0301\u0323\u05b4\u05bc' * 19)) <= 3 + text.MOST_MARKS


@pytest.mark.parametrize('twin', ['Ѕam Rivera', 'Sam Rіverа', 'Saм Rivera', 'ＳＡＭ rivera', 'S\u00adam Rivera'])
def test_a_name_that_looks_the_same_is_the_same(twin: str) -> None:
    assert text.plain_name(twin) == text.plain_name('Sam Rivera')


def test_names_of_one_script_are_left_in_it() -> None:
    assert text.plain_name('Ева Соос') == 'ева соос'
    assert text.plain_name('Νίκος') == text.plain_name('ΝΊΚΟΣ')


def test_signs_that_are_many_letters_are_refused_when_they_do_not_fit() -> None:
    with pytest.raises(Invalid, match='written out'):
        text.read_name('ﷺ' * 12)
    assert text.read_name('ﷺ' * 11) == 'ﷺ' * 11


@pytest.mark.parametrize('typed', ['x' * 100_000, '\u200b' * 100_000, 'a' + '\u0301' * 100_000, 'ﷺ' * 100_000])
def test_nothing_costs_more_than_its_length(typed: str) -> None:
    with work_of_at_most(0.2):
        for read in (text.read_name, lambda typed: text.check_title(typed, 'checkpoint')):
            with pytest.raises(Invalid):
                read(typed)
        read_code(typed)
        text.read_address(typed)


@pytest.mark.parametrize('unit', ['a\u0301', '\u200b', 'ﷺ', '漢字', '👩\u200d'])
def test_a_work_of_many_pages_is_not_looked_at_sign_by_sign(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer reads what learners hand in, and everybody else's writes wait for it."""
    looks: list[str] = []
    look = text._is_unseen
    monkeypatch.setattr(text, '_is_unseen', lambda *signs: (looks.append(signs[0]), look(*signs))[1])

    kept = text.check_text(unit * 10_000, most=20_000)

    assert kept == ('' if unit == '\u200b' else unit * 10_000)
    assert len(looks) <= 1


@given(st.text(max_size=60))
def test_what_was_cleaned_is_clean(typed: str) -> None:
    once = text.clean(typed)
    assert text.clean(once) == once
    assert text.line(text.line(typed)) == text.line(typed)


@pytest.mark.req('C2')
@pytest.mark.parametrize(
    ('typed', 'meant'),
    [
        ('abc-234', 'ABC234'),
        ('ＡＢＣ２３４', 'ABC234'),
        ('ａｂｃ　２３４', 'ABC234'),
        ('ABC٢٣٤', 'ABC234'),
        ('ABC۲۳۴', 'ABC234'),
        ('ABC२३४', 'ABC234'),
        ('АВС234', 'ABC234'),
        ('авс234', 'ABC234'),
        ('ΑΒΕ234', 'ABE234'),
        ('A\u200bBC\u200f234\u3164', 'ABC234'),
        ('𝐀𝐁𝐂𝟐𝟑𝟒', 'ABC234'),
        ('\u202eABC 234', 'ABC234'),
    ],
)
def test_codes_are_understood_from_every_keyboard(typed: str, meant: str) -> None:
    assert read_code(typed) == meant
