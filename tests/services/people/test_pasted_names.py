"""Names that are pasted: from a spreadsheet with its columns, from a page with its footers, from a mail in one line."""

import pytest

from services.people import list_pasted, list_reading
from services.people.list_reading import Choices, Fact, Fate

pytestmark = pytest.mark.req('C7')

BOTH = ['Lena Brandt', 'Omar Said']

PASTED = {
    'numbers and a footer': '1. Lena Brandt\n2. Omar Said\nConfidential\nPage 1 of 2\n',
    'a heading': 'Name\nLena Brandt\nOmar Said\n',
    'columns': 'Name\tClass\tEmail\nLena Brandt\t7b\tl@x.org\nOmar Said\t7b\to@x.org\n',
    'two names in the heading': 'Nachname, Vorname\nBrandt, Lena\nSaid, Omar\n',
    'with commas': 'First name,Last name\nLena,Brandt\nOmar,Said\n',
    'numbers before tabs': '1\tLena Brandt\n2\tOmar Said\n',
    'boxes': '☐ Lena Brandt\n☑ Omar Said\n',
    'titles': 'Class 7b:\nLena Brandt\nOmar Said\nTeachers:\nJo Lind\n',
    'a count and a line': 'Students (2)\nLena Brandt\nOmar Said\n---\nTotal: 2\n',
    'one line': 'Lena Brandt; Omar Said',
    'those who have left': 'Lena Brandt\nOmar Said\nIda Ost (left)\nLeavers:\nMax Ole\n',
}


@pytest.mark.parametrize('name', PASTED)
def test_what_is_pasted_brings_those_who_learn_and_nobody_else(name: str) -> None:
    people = list_reading.read(list_pasted.content_of(PASTED[name]))
    assert [person.name for person in people if person.fate is not Fate.LEFT] == BOTH


def test_a_line_with_commas_is_several_people_only_if_each_part_is_a_whole_name() -> None:
    assert len(list_reading.read('Lena Brandt, Omar Said, Ida Ost')) == 3
    for one in 'Brandt, Lena', 'Brandt, Lena, 7b', 'O’Rourke, Séamus, Jr.', 'Lena Brandt, Omar Said', 'Lena; 7b':
        assert len(list_reading.read(one)) == 1, one


def test_columns_without_headings_are_asked_about() -> None:
    content = list_pasted.content_of('Lena Brandt\t7b\tl@x.org\nOmar Said\t7b\to@x.org\n')
    assert isinstance(content, bytes)
    columns = {'Column 1': Fact.NAME, 'Column 2': Fact.GROUP, 'Column 3': Fact.EMAIL}
    people = list_reading.read(content, Choices(columns=columns, has_headings=False))
    assert [(one.name, one.group, one.email) for one in people] == [
        ('Lena Brandt', '7b', 'l@x.org'),
        ('Omar Said', '7b', 'o@x.org'),
    ]


def test_lines_keep_their_numbers_below_what_is_left_out() -> None:
    found = list_reading.read('Confidential\n\nLena Brandt\n---\nOmar Said')
    assert [(one.line, one.name) for one in found] == [(3, 'Lena Brandt'), (5, 'Omar Said')]
