"""Whatever of a class list is taken for nobody is shown, and comes in if the teacher says that it is somebody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.core import database
from services.courses.import_file import BrokenFile
from services.people import list_entering, list_reading, participants
from services.people.list_reading import Choices, Fate
from tests.factories.classes import a_course

pytestmark = pytest.mark.req('C7')

LEFT_OUT: dict[str, tuple[bytes | str, dict[int, str]]] = {
    'a total': (b'Name,Class,Marks\nLena Brandt,7b,4\nTotal Marks,,4\n', {3: 'Total Marks · 4'}),
    'a title': (b'Class 7b\nName,Class\nLena Brandt,7b\n', {1: 'Class 7b'}),
    'teachers, and who is below them': (
        b'Name,Class\nLena Brandt,7b\nTeachers,\nJo Lind,7b\n',
        {3: 'Teachers', 4: 'Jo Lind · 7b'},
    ),
    'a role': (b'Name,Role\nLena Brandt,Student\nJo Lind,Teacher\n', {3: 'Jo Lind · Teacher'}),
    'a table of teachers': (
        b'Name,Class\nLena Brandt,7b\nTeachers,\nSurname,Phone,Email\nLind,1,j@x.org\n',
        {3: 'Teachers', 4: 'Surname · Phone · Email', 5: 'Lind · 1 · j@x.org'},
    ),
    'people above one who is called like a heading': (
        b'Lena Brandt,7b\nOmar Said,7b\nVorname,Klasse\nBen Okafor,7b\n',
        {1: 'Lena Brandt · 7b', 2: 'Omar Said · 7b'},
    ),
    'pasted': ('Lena Brandt\nConfidential\nTeachers\nJo Lind\n', {2: 'Confidential', 3: 'Teachers', 4: 'Jo Lind'}),
}


@pytest.mark.parametrize('kind', LEFT_OUT)
def test_a_line_about_nobody_is_shown_and_can_be_taken(kind: str) -> None:
    content, expected = LEFT_OUT[kind]
    found = list_reading.reading(content)
    assert {one.line: one.name for one in found.left_out} == expected
    assert {one.fate for one in found.left_out} == {Fate.NOBODY}

    line = max(expected)
    taken = list_reading.reading(content, Choices(taken_lines=frozenset([line])))
    assert {one.line for one in taken.people} - {one.line for one in found.people} == {line}
    assert line not in {one.line for one in taken.left_out}


def test_who_has_left_can_be_taken() -> None:
    content = b'Name,Status\nLena Brandt,Active\nOmar Said,Withdrawn\n'
    found = list_reading.reading(content, Choices(taken_lines=frozenset([3])))
    assert [(one.name, one.fate) for one in found.people] == [('Lena Brandt', Fate.NEW), ('Omar Said', Fate.NEW)]


def test_a_list_of_nobody_is_shown_and_brings_nobody_in() -> None:
    content = b'Name,Class,Marks\nTotal Marks,,4\n'
    found = list_reading.reading(content)
    assert [one.name for one in found.left_out] == ['Total Marks · 4']
    assert str(found.nobody) == 'There is nobody in this file.'
    with pytest.raises(BrokenFile, match='There is nobody'):
        list_reading.read(content)
    assert [one.name for one in list_reading.read(content, Choices(taken_lines=frozenset([2])))] == ['Total Marks']


CELLS = some.sampled_from(
    [
        *('Lena Brandt', 'Total Marks', 'Class average', 'Max', 'Teachers', 'Students', 'Name', 'Vorname', 'Class 7b'),
        *('left', 'withdrawn', '(read only)', 'Confidential', 'Page 1 of 2', 'Points', 'l@x.org', 'Teacher', 'Ime'),
        *('7b', '', '', '', '17', '—', 'Printed on:', 'Student, Test', 'Date', 'example: Jo', '#REF!', 'tobedeleted'),
    ]
)

HEADINGS = {
    'Name',
    'Vorname',
    'Ime',
    'Class',
    'Remark',
    'Student',
    'Students',
    'Teacher',
    'Teachers',
    'left',
    'withdrawn',
    '',
    '—',
}


@settings(max_examples=300, deadline=None)
@given(rows=some.lists(some.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8), above=some.booleans())
def test_no_line_with_a_letter_is_lost_without_a_word(rows: list[tuple[str, str, str]], above: bool) -> None:
    lines = [*rows[: len(rows) // 2 if above else 0], ('Name', 'Class', 'Remark')]
    lines += rows[len(rows) // 2 if above else 0 :]
    table = list_reading.table('\n'.join(';'.join(cells) for cells in lines).encode())
    if not table.has_names:
        return  # the teacher is asked for the columns
    try:
        found = list_reading.reading('\n'.join(';'.join(cells) for cells in lines).encode())
    except BrokenFile:
        return  # the teacher is told
    told = ' '.join(map(str, found.problems))
    begins = min((n for n in range(99) if f'Line {n}: Other columns' in told), default=99)
    seen = {one.line for one in (*found.people, *found.left_out)}
    titles = lines[table.heading_line - 1]
    for number, cells in enumerate(lines, 1):
        is_person = any(map(str.isalpha, ''.join(cells))) and not set(cells) <= HEADINGS
        is_second_title = number == table.heading_line - 1 and any(
            title.startswith(f'{cell}: ') for title in table.headings for cell in cells
        )
        if is_person and cells != titles and not is_second_title and number < begins:
            assert number in seen or f'Line {number}:' in told, (number, cells)


@pytest.mark.usefixtures('db')
async def test_what_was_taken_is_brought_in_and_nothing_else() -> None:
    course = await a_course()
    content = b'Name,Class\nLena Brandt,7b\nTotal Marks,\nClass average,\n'
    choices = Choices(taken_lines=frozenset([3]))
    people = list_reading.read(content, choices)
    await list_entering.bring_in(course.teacher, course.course_id, people, choices)
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    assert [person.name for person in found.learners] == ['Lena Brandt', 'Total Marks']
