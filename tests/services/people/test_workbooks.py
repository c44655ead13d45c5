"""Class lists as schools have them: workbooks of Excel, Google and LibreOffice, with all that is in them beside."""

from collections.abc import Callable

import pytest

from services.core.workbook import workbook
from services.courses.import_file import BrokenFile
from services.people import list_reading
from services.people.list_reading import Choices, Fact, Person
from tests.support.work_time import work_of_at_most
from tests.support.workbooks import DAY, ZEROS, ods, ods_row, row, shown, text, texts, value, xlsx, zipped

pytestmark = pytest.mark.req('C7')

HEAD = ['Name', 'Group', 'Student ID']


def people(content: bytes) -> list[tuple[int, str, str, str]]:
    return [(each.line, each.name, each.group, each.number) for each in list_reading.read(content)]


def test_a_workbook_is_read_with_its_rows_as_lines_and_its_cells_as_they_look() -> None:
    content = xlsx(
        {
            '7b': row(1, text('A1', 'List of 7b'))
            + row(3, text('A3', 'Name'), text('B3', 'Group'), text('C3', 'Student ID'))
            + row(4, text('A4', 'Brandt, Lena'), value('B4', '7'), value('C4', '42', style=ZEROS))
            + row(6, text('A6', 'Omar Said'), value('B6', '7.5'), text('C6', '007'))
            + row(7, value('A7', 'Otto Oz', formula='B1&amp;C1').replace('<c ', '<c t="str" '), value('C7', '1234567'))
        }
    )

    assert people(content) == [
        (4, 'Lena Brandt', '7', '00042'),
        (6, 'Omar Said', '7.5', '007'),
        (7, 'Otto Oz', '', '1234567'),
    ]


def test_who_has_left_by_a_date_of_a_spreadsheet_has_left() -> None:
    content = xlsx(
        {
            'List': row(1, text('A1', 'Name'), text('B1', 'Date left'))
            + row(2, text('A2', 'Lena Brandt'))
            + row(3, text('A3', 'Omar Said'), value('B3', '44197', style=DAY))
            + row(4, text('A4', 'Otto Oz'), value('B4', '73415', style=DAY))
        }
    )

    assert [(each.name, str(each.fate)) for each in list_reading.read(content)] == [
        ('Lena Brandt', 'new'),
        ('Omar Said', 'left'),
        ('Otto Oz', 'new'),
    ]


def test_what_we_write_is_read() -> None:
    content = workbook([['First name', 'Last name', 'E-mail'], ['Lena', 'Brandt', 'lena@example.org']])

    assert [(each.name, each.email) for each in list_reading.read(content)] == [('Lena Brandt', 'lena@example.org')]


def test_an_ods_shows_what_it_shows_and_notes_pictures_and_repeated_cells_change_nothing() -> None:
    note = '<office:annotation><text:p>was ill</text:p></office:annotation>'
    table = (
        '<table:shapes><text:p>a picture</text:p></table:shapes>'
        + ods_row(shown('Name'), shown('Group'), shown('Student ID'), shown('', times=16_000))
        + ods_row(
            shown('Lena Brandt').replace('<text:p>', f'{note}<text:p>'),
            shown('7b', times=1),
            shown('00042', is_like=' office:value-type="float" office:value="42"'),
        )
        + ods_row(shown('', times=16_000), times=3)
        + ods_row(shown('Omar<text:s/><text:span>Said</text:span>'), shown('7b'), shown('7'))
        + ods_row(shown('', times=16_000), times=1_048_000)
    )

    assert people(ods({'List': table})) == [(2, 'Lena Brandt', '7b', '00042'), (6, 'Omar Said', '7b', '7')]


def test_the_first_sheet_with_people_is_read_and_named_and_what_is_hidden_is_not() -> None:
    sheets = {
        'Unseen': texts(['Name'], ['Somebody Else']),
        'Read me': texts(['How to use this workbook'], ['Print it on A4.', 'See page 2.']),
        'Empty': '',
        '7a': texts(['Name', 'E-mail'], ['Lena Brandt', 'lena@example.org']),
        '7b': texts(['Name', 'E-mail'], ['Omar Said', '']),
    }
    table = ods_row(shown('Name')) + ods_row(shown('Lena Brandt'))
    tables = {'Unseen': table.replace('Lena', 'Else'), 'Notes': ods_row(shown('12')), '7a': table, '7b': table}

    found = list_reading.reading(xlsx(sheets, hidden=['Unseen']))
    found_ods = list_reading.reading(ods(tables, hidden=['Unseen']))

    assert [person.name for person in found.people] == ['Lena Brandt']
    assert found.chosen
    assert (found.chosen.sheet, found.chosen.others) == ('7a', ('Read me', '7b'))
    assert [person.name for person in found_ods.people] == ['Lena Brandt']
    assert found_ods.chosen
    assert (found_ods.chosen.sheet, found_ods.chosen.others) == ('7a', ('Notes', '7b'))


def test_columns_that_are_not_known_are_asked_for_as_in_any_other_list() -> None:
    content = xlsx({'List': texts(['Wer', 'Treff'], ['Lena Brandt', 'Blau'], ['Omar Said', 'Rot'])})

    table = list_reading.table(content)
    assert table
    assert (table.headings, table.has_names) == (('Wer', 'Treff'), False)
    choices = Choices(columns={'Wer': Fact.NAME, 'Treff': Fact.GROUP})
    read = list_reading.read(content, choices)
    assert [(each.name, each.group) for each in read] == [('Lena Brandt', 'Blau'), ('Omar Said', 'Rot')]


@pytest.mark.parametrize(
    'rows',
    [
        (['Lena Brandt'], ['Omar Said']),
        (['Brandt, Lena'], ['Said, Omar']),
        (['Name;E-mail'], ['Lena Brandt;l@x.org'], ['Omar Said;']),
        (['Name'], ['Brandt, Lena'], ['Said, Omar']),
        (['Name'], ['Lena Brandt'], ['"Said, Omar"']),
    ],
)
def test_one_column_is_bare_names_or_a_table_that_nobody_has_divided(rows: tuple[list[str], ...]) -> None:
    assert [each.name for each in list_reading.read(xlsx({'List': texts(*rows)}))] == ['Lena Brandt', 'Omar Said']


FAR = {'List': texts(HEAD, ['Lena Brandt']) + row(1_048_576, text('A1048576', 'far'))}
LIST = texts(HEAD, ['Lena Brandt'])


def many_rows() -> bytes:
    return xlsx({'List': LIST + ''.join(f'<row r="{number}"/>' for number in range(3, 700_000))})


@pytest.mark.parametrize(
    ('make', 'says'),
    [
        (lambda: xlsx({'List': LIST})[:-30], 'This ZIP file is broken'),
        (
            lambda: xlsx({'List': LIST}, more={'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row'}),
            'the XML is broken',
        ),
        (lambda: xlsx({'List': LIST + row(6_000, text('A6000', 'far'))}), 'A6000 in it, which is too far out'),
        (lambda: xlsx(FAR), 'A1048576 in it, which is too far out'),
        (many_rows, 'deeper or larger than it may be'),
        (lambda: xlsx({'List': LIST + ' ' * 51_000_000}), 'would become far larger'),
        (lambda: xlsx({'List': LIST}, more={f'{name}.bin': bytes(900_000) for name in range(60)}), 'larger than 50 MB'),
        (lambda: xlsx({'List': LIST}, more={'big': bytes(range(256)) * 8_000}) + bytes(2_000_000), 'larger than 2 MB'),
        (lambda: xlsx({'List': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'}), 'the XML is broken'),
        (lambda: xlsx({}, more={'xl/sharedStrings.xml': '<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'}), 'DOCTYPE'),
        (lambda: xlsx({'List': ''}), 'The file is empty'),
        (lambda: xlsx({'List': texts(HEAD, *[['Lena Brandt']] * 1_100)}), 'at most 1000 people'),
        (lambda: ods({'List': ods_row(shown('Lena'), times=1_000_000)}), 'too far out'),
        (
            lambda: ods({'List': ods_row(shown('Lena' * 10_000, times=200), times=5_000)}),
            'more than 50 million letters',
        ),
        (
            lambda: ods({}, more={'META-INF/manifest.xml': '<manifest:encryption-data/>'}),
            'This workbook has a password',
        ),
        (lambda: ods({}, more={'mimetype': 'application/vnd.oasis.opendocument.text'}), 'This is a document'),
        (lambda: zipped({'word/document.xml': '<w/>'}), 'This is a document'),
        (lambda: zipped({'Index/Document.iwa': b'\0'}), 'This is a file of Numbers'),
        (lambda: zipped({'xl/workbook.bin': b'\0'}), 'This is an XLSB workbook'),
        (lambda: zipped({'list.csv': 'Name\nLena'}), 'This is a ZIP file, and no workbook'),
    ],
)
def test_what_is_broken_or_a_trick_ends_in_a_sentence_soon(make: Callable[[], bytes], says: str) -> None:
    content = make()

    with work_of_at_most(10), pytest.raises(BrokenFile, match=says):
        list_reading.reading(content)


def test_macros_other_files_and_colours_down_to_the_last_row_change_nothing() -> None:
    coloured = row(1_048_576, '<c r="A1048576" s="1"/><c r="XFD1048576" s="1"/>')
    link = '<externalLink><externalBook r:id="x"/></externalLink>'
    more = {'xl/vbaProject.bin': b'\xd0\xcf\x11\xe0', 'xl/externalLinks/externalLink1.xml': link}

    assert [each.name for each in list_reading.read(xlsx({'List': LIST + coloured}, more=more))] == ['Lena Brandt']


def read(content: bytes) -> list[Person]:
    return list_reading.read(content)


def test_a_file_of_bare_names_is_read_as_pasted_names_are() -> None:
    for content in b'Lena Brandt\nOmar Said\n', b'1. Brandt, Lena\n2. Said, Omar\n', b'Brandt, Lena\r\n\r\nSaid, Omar':
        assert [each.name for each in read(content)] == ['Lena Brandt', 'Omar Said']
    assert [(each.line, each.name) for each in read('\ufeffLena Low\n\nЁжи\n'.encode())] == [
        (1, 'Lena Low'),
        (3, 'Ёжи'),
    ]


@pytest.mark.parametrize(
    'content', [b'Wer\nLena Brandt\nOmar Said\n', b'Wer\nLena\nOmar\n', b'12\n13\n', b'Wer,Treff\nLena,Blau\n']
)
def test_a_word_above_names_that_may_be_a_heading_is_asked_about(content: bytes) -> None:
    table = list_reading.table(content)

    assert table is not None
    assert not table.has_names
