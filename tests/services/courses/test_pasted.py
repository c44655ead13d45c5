"""Pasted checkpoints: what programs put in front of a line, how people write minutes, and titles that are too long."""

import time

import pytest

from services.core import database
from services.core.errors import Invalid
from services.core.transaction import Transaction
from services.courses import checkpoints, outline, pasted
from services.courses.pasted import LONGEST_TITLE
from tests.factories.classes import a_course
from tests.support.work_time import frozen_memory, slowness, work_of_at_most

pytestmark = pytest.mark.req('C3')

MARKS = {
    'Word': ['·\t', 'o\t', '§\t', '\uf0b7\t', '\uf0a7\t', '\uf0d8\t', '\uf0fc\t', '1.\t', 'a.\t', 'A.\t', '(a)\t'],
    'Docs': ['● ', '○ ', '■ ', '1. ', 'a. ', 'i. ', '1.1. ', '1.1.1. ', '☐ ', '➢ ', '- '],
    'Pages': ['• ', '•\t', '\t•\t', '1.\t', '\t1.1.\t', '– '],
    'Excel': ['1\t', '12\t', '1.2\t'],
    'Markdown': ['- ', '* ', '+ ', '1) ', '3. ', '- [ ] ', '1. [x] ', '## ', '> ', '> - 2. ', '  - ', '    1. '],
    'a mail or a chat': ['=> ', '-> ', '» ', '~ ', '1.) ', '1.: ', '1a. ', '1-1. ', '1> ', '{1} ', '**1.** '],
    'a phone': ['✔\ufe0f ', '☑\ufe0f', '✅ ', '⬜ ', '🔲 ', '⚫ ', '👉 ', '1\ufe0f\u20e3 ', '🔟 ', '🔹 '],
    'other scripts': ['一、', '（1）', '㈠ ', 'Ⅳ. ', '가. ', 'ア. ', 'а) ', 'α) '],
    'elsewhere': ['①', '⒈', '１．', '1、', '✓ ', '•', '(3) ', '\ufeff- ', '\u200b• ', '\u00a0\u00a0- ', 'III) '],
}  # fmt: skip


@pytest.mark.parametrize(('program', 'mark'), [(program, mark) for program in MARKS for mark in MARKS[program]])
@pytest.mark.parametrize('words', ['Wet the sample', '3.5 ml of water', 'ÄÖ', '水を入れる', 'o', '💧'])
def test_what_a_program_puts_in_front_is_left_out(program: str, mark: str, words: str) -> None:
    assert [line.title for line in pasted.read(mark + words)] == [words]


@pytest.mark.parametrize('mark', ['1.', '1)', '12.', '1 - ', '1\\. '])
def test_a_number_may_touch_its_word(mark: str) -> None:
    assert [line.title for line in pasted.read(f'{mark}Wet the sample')] == ['Wet the sample']


@pytest.mark.parametrize(
    'line',
    ['-5 degrees', '3.5 ml of water', 'o or not', 'A. Smith counts', 'e.g. soil', '1:30 is late', 'iPhone', '#5 stays',
     '5 - 3 = 2', '3D print', '1.5.2026 is late', '~5 ml', 'Step 1: wet it', '2-3 drops', 'x - y', '10:30 – start',
     '2 drops', '[draft] look', '(not now)', 'I. Newton', '50% of it', '1.2 km', '§5 of the law', '*really* wet'],
)  # fmt: skip
def test_what_belongs_to_the_words_stays(line: str) -> None:
    assert [each.title for each in pasted.read(line)] == [line]


@pytest.mark.parametrize(
    'line', ['', ' ', '\u200b', '\u200b\ufeff\u2060', '\u3164', '\u2800', '---', '***', '• ', '1.\t', '…']
)
def test_a_line_that_shows_no_letter_is_no_checkpoint(line: str) -> None:
    assert pasted.read(line) == []
    assert [each.title for each in pasted.read(f'Wet\n{line}\nDry')] == ['Wet', 'Dry']


@pytest.mark.parametrize(
    ('ending', 'minutes'),
    [
        (' (5 min)', 5), (' (5 MIN.)', 5), (' 10 Min.', 10), (' 10 min', 10), (' 10min', 10), (" 5'", 5), (' 5′', 5),
        (' 10m', 10), (' (10m)', 10), (' [10 min]', 10), (' – 10 min', 10), (' - 10 min', 10), (', 10 Minuten', 10),
        (': 10 minutes', 10), ('\t10 min', 10), (' 1 h', 60), (' 1h', 60), (' (1 h)', 60), (' 1:30 h', 90),
        (' (1:30 h)', 90), (' 1,5 h', 90), (' 1.5 hours', 90), (' 1 h 30 min', 90), (' 1h30', 90), (' 2 Std.', 120),
        (' 1 heure', 60), (' (ca. 5 min)', 5), (' ~5 min', 5), (' (about 5 minutes)', 5), (' ( 5 min )  ', 5),
    ],
)  # fmt: skip
def test_minutes_are_read_as_people_write_them(ending: str, minutes: int) -> None:
    (line,) = pasted.read(f'Wet it{ending}')
    assert (line.title, line.minutes) == ('Wet it', minutes)


@pytest.mark.parametrize(
    ('line', 'minutes'),
    [('Wait for 10 min', 10), ('Nach 10 Min.', 10), ('Run 10 m', None), ('Stir 5–10 min', None), ('5 min', None),
     ('Read page 10', None), ('At 10:30', None), ('Wet it (twice)', None)],
)  # fmt: skip
def test_a_time_that_belongs_to_the_sentence_stays_there(line: str, minutes: int | None) -> None:
    (read,) = pasted.read(line)
    assert (read.title, read.minutes) == (line, minutes)


@pytest.mark.parametrize(
    'line',
    ['5 min: Wet it', '(5 min) Wet it', '[5 min] Wet it', '5 min – Wet it', '1. (5 min): Wet it', '| Wet it | 5 min |',
     '- 5 Minuten | Wet it'],
)  # fmt: skip
def test_a_time_in_front_or_in_a_table_is_read(line: str) -> None:
    (read,) = pasted.read(line)
    assert (read.title, read.minutes) == ('Wet it', 5)


@pytest.mark.parametrize('line', ['10 min walk', '5 m: run', '1 h later: look', '(5 or 10 min) Wet it'])
def test_what_is_no_time_in_front_stays(line: str) -> None:
    (read,) = pasted.read(line)
    assert (read.title, read.minutes) == (line, None)


@pytest.mark.parametrize(
    'line',
    ['**Wet it**', '__Wet__ it', '*Wet it*', '_Wet it_', '`Wet it`', '~~Wet it~~', '- **Wet** it', '### Wet it ###',
     '| Wet it |', '&bull; Wet&nbsp;it', '&#87;et it'],
)  # fmt: skip
def test_what_markdown_and_web_pages_put_into_a_line_is_left_out(line: str) -> None:
    assert [each.title for each in pasted.read(line)] == ['Wet it']


@pytest.mark.parametrize('line', ['snake_case_name', '2 * 3 * 4', 'print(`a`) and `b`', 'C # and D', 'a|b|', 'R&D; x'])
def test_signs_of_markdown_that_are_words_stay(line: str) -> None:
    assert [each.title for each in pasted.read(line)] == [line]


def test_a_link_of_markdown_is_its_words_with_the_address_below() -> None:
    (line,) = pasted.read('1. [Wet it](https://example.org/a) (5 min)')
    assert (line.title, line.description, line.minutes) == ('Wet it', 'https://example.org/a', 5)


def test_a_long_line_is_cut_at_its_sentence() -> None:
    first, rest = 'Take the sample out of the bag.', 'Then ' + 'shake it well and ' * 6 + 'wait.'
    (line,) = pasted.read(f'1. {first} {rest} (5 min)')
    assert (line.title, line.description, line.minutes) == (first, rest, 5)


@pytest.mark.parametrize('words', ['x' * 121, 'word ' * 60, 'No. ' + 'x' * 200, '水' * 300, 'a' * 10_000])
def test_a_line_without_such_a_sentence_is_told_in_full_below(words: str) -> None:
    (line,) = pasted.read(words)
    assert len(line.title) <= LONGEST_TITLE
    assert line.title.endswith('…')
    assert line.description == words.strip()


@pytest.mark.parametrize(
    'unit',
    [
        ' ',
        '(',
        '1.',
        '\t',
        '5 m',
        '[',
        '- ',
        'a. ',
        '(1 h ',
        '\u200b',
        'x. ',
        '\n',
        '- a\n',
        '**a',
        '`a',
        '[a',
        '&#1',
        '| ',
        '# ',
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    with work_of_at_most(1.5):
        pasted.read((unit * 100_000)[:100_000])


@pytest.mark.req('O7')
@pytest.mark.usefixtures('db')
@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@pytest.mark.parametrize('unit', ['\n', ' \n', '-|-\n', '- \n', 'a\n'], ids=ascii)
async def test_nobody_waits_for_a_text_of_very_many_lines(unit: str) -> None:
    """While the writer reads one, nobody else's tap is saved."""
    course = await a_course(checkpoints=0)
    spent = 0.0

    def add(tx: Transaction) -> None:
        nonlocal spent
        spent = -time.thread_time()
        try:
            checkpoints.add(tx, course.teacher, course.module_id, lines=unit * (200_000 // len(unit)))
        finally:
            spent += time.thread_time()

    with pytest.raises(Invalid), frozen_memory():
        await database.write(add)

    assert spent < 0.1 * slowness()


@pytest.mark.usefixtures('db')
async def test_a_list_from_a_word_processor_becomes_checkpoints() -> None:
    course = await a_course(checkpoints=0)
    lines = '·\tWet it 5 min\no\tFind the layers\n\u200b\n§\t' + 'Draw what you see. ' * 10 + '\n\uf0b7\tClean up\n'

    await database.write(checkpoints.add, course.teacher, course.module_id, lines=lines)

    (section,) = await database.read(outline.sections, course.teacher, course.course_id)
    details = [checkpoint.details for checkpoint in section.checkpoints]
    assert [each.title for each in details] == ['Wet it', 'Find the layers', details[2].title, 'Clean up']
    assert details[2].title.startswith('Draw what you see. Draw')
    assert f'{details[2].title} {details[2].description}'.count('Draw what you see.') == 10
    assert details[0].estimated_minutes == 5
