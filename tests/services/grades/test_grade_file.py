"""Files with grades, as they are read before anybody knows what they are about."""

from decimal import Decimal

import pytest

from services.core.errors import Invalid
from services.core.workbook import workbook
from services.grades import file_grades, grade_file
from services.grades.entering import EXCUSED
from services.quizzes.formats.table import MOST_COLUMNS

pytestmark = pytest.mark.req('C7')


@pytest.mark.parametrize(
    ('cell', 'grade'),
    [
        ('1,5', Decimal('1.5')),
        ('1.5', Decimal('1.5')),
        ('87 %', Decimal(87)),
        ('٨٠', Decimal(80)),
        ('EX', EXCUSED),
        ('0', Decimal(0)),
        (' ', None),
        ('–', None),
    ],
)
def test_a_grade_is_read_as_people_write_it(cell: str, grade: Decimal | str | None) -> None:
    assert file_grades.read(cell) == grade


def test_half_of_a_percent_counts_for_the_learner() -> None:
    assert [file_grades.rounded(Decimal(each)) for each in ('87.4', '87.5', '86.5')] == [87, 88, 87]


@pytest.mark.parametrize(
    ('content', 'match'),
    [
        (b'', 'empty'),
        (b'\n\n', 'empty'),
        (b'PK\x03\x04 and no workbook', 'ZIP'),
        (b'"Name;Soil quiz\nLena;12', 'not a table that can be read'),
        (b'x' * (grade_file.LARGEST + 1), 'larger than 5 MB'),
        (b';' * MOST_COLUMNS + b'x', 'larger than a gradebook'),
        (b'a,b\n' * (grade_file.MOST_ROWS + 1), 'larger than a gradebook'),
    ],
    ids=['nothing', 'blank', 'zip', 'quote', 'large', 'wide', 'long'],
)
def test_a_file_that_is_no_table_says_what_to_do(content: bytes, match: str) -> None:
    with pytest.raises(Invalid, match=match):
        grade_file.sheet_of(content)


def test_what_the_gradebook_hands_out_can_be_brought_in_again_however_large_it_is() -> None:
    heads = ['Waymark ID', 'Name', *(f'Quiz {number}' for number in range(150))]
    grades = [[number, f'Learner {number}', *([number % 101] * 150)] for number in range(1, 1_101)]
    rows = grade_file.sheet_of(workbook([heads, *grades])).rows
    assert len(rows) == 1_101
    assert rows[-1] == (1_101, ('1100', 'Learner 1100', *['90'] * 150))


def test_the_signs_between_cells_are_found() -> None:
    for content in (b'a;b,c\n1;2', b'sep=;\na;b,c\n1;2', b'a\tb,c\n1\t2'):
        assert [cells for _row, cells in grade_file.sheet_of(content).rows] == [('a', 'b,c'), ('1', '2')]
