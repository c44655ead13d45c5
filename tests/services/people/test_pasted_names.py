"""Names that are pasted: from a spreadsheet with its columns, from a page with its footers, from a mail in one line."""

import pytest

from services.courses.import_file import BrokenFile
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
    'heading in the plural': 'Students\nLena Brandt\nOmar Said\n',
    'a title of the list': 'Schülerliste 7b\nLena Brandt\nOmar Said\n',
    'a mail': 'Hi Jo, here is the list:\n01 Brandt, Lena\n02 Said, Omar\nThanks!\nBest regards,\nPat Roe\n',
    'a call of the roll': '1. Lena Brandt ✓\n2. Omar Said (absent)\n',
    'birthdays': 'Lena Brandt 01.02.2014\nOmar Said (3/4/2014)\n',
    'the teacher above': 'Klassenlehrer: Jo Lind\nMs. Lind (teacher)\nLena Brandt\nOmar Said\n',
    'a meeting': 'Participants (3)\nJo Lind (Host, me)\nLena Brandt\nOmar Said (Guest)\n',
    'Google Classroom': 'Teachers\nJo Lind\nStudents\n2 students\nLena Brandt\nOmar Said\n',
    'mentions': '@Lena Brandt @Omar Said',
    'a bar between': 'Lena Brandt | Omar Said',
    'a stroke between': 'Lena Brandt / Omar Said',
    'pronouns': 'Lena Brandt (she/her)\nSaid, Omar (he/him)\n',
    'Markdown': '| Name | Class |\n|---|---|\n| Lena Brandt | 7b |\n| Omar Said | 7b |\n',
    'the head of a mail': 'From: Jo Lind <j@x.org>\nTo: Lena Brandt <l@x.org>; Omar Said <o@x.org>\nSubject: Bio\n',
    'addresses in single quotes': "'Lena Brandt' <l@x.org>; 'Omar Said' <o@x.org>",
    'addresses behind a dash or a colon': 'Lena Brandt - l@x.org\nOmar Said: o@x.org\n',
    'addresses in Markdown': 'Lena Brandt [l@x.org](mailto:l@x.org)\nOmar Said\n',
    'signs of HTML': 'Lena&nbsp;Brandt\nOmar &#83;aid\n',
    'numbers with signs': '#1 Lena Brandt\n#2 Omar Said\n',
    'numbers with a colon': '1: Lena Brandt\n2: Omar Said\n',
    'numbers in one line': '1. Lena Brandt 2. Omar Said 3. Ida Ost (left)',
    'bullets in one line': '• Lena Brandt • Omar Said',
    'dots in one line': 'Lena Brandt · Omar Said',
    'tabs in one line': 'Lena Brandt\tOmar Said\n',
    'two with an and': 'Lena Brandt and Omar Said',
    'a group in front': 'Group A: Lena Brandt; Omar Said\n',
    'columns of spaces': 'Name         Class\nLena Brandt  7b\nOmar Said    7b\n',
    'Teams': 'In this meeting (3)\nJo Lind\nOrganizer\nLena Brandt\nMuted\nOmar Said\nUnverified\n',
    'Zoom': 'Participants (3)\nJL\nJo Lind (Host)\nLB\nLena Brandt\nOS\nOmar Said (Guest)\n',
    'Meet': 'People\nIn call\n3\nJo Lind (You)\nMeeting host\nLena Brandt\nOmar Said\n',
    'roles behind a dash': 'Jo Lind - Teacher\nLena Brandt - Student\nOmar Said (Student)\n',
    'roles behind a comma': 'Jo Lind, Teacher\nLena Brandt, Student\nOmar Said, Student\n',
    'remarks': 'Lena Brandt (Unverified)\nOmar Said - absent\n',
    'more pronouns': 'Lena Brandt - she/her\nOmar Said he/him\n',
    'quotes and commas': '"Lena Brandt","Omar Said"\n',
    'a list of a program': "['Lena Brandt', 'Omar Said']",
    'a spreadsheet’s quotes': "'Lena Brandt\n'Omar Said\n",
    'links': '[Lena Brandt](http://x.org/1)\n=HYPERLINK("http://x.org","Omar Said")\n',
    'bold': '**Lena Brandt**\n__Omar Said__\n',
    'titles of Markdown': '# Class 7b\n## Teachers\n- Jo Lind\n## Students\n1. Lena Brandt\n1. Omar Said\n',
    'the class between': 'Lena Brandt\n7b\nOmar Said\n7b\n',
    'times': '08:01 Lena Brandt\n08:02 Omar Said ✔️\n',
    'a mail with thanks': 'Dear Jo,\nhere they are:\nLena Brandt\nOmar Said\n\nThanks,\nPat\n',
    'a mail with greetings': 'Hallo Jo,\nLena Brandt\nOmar Said\n\nViele Grüße\nPat Roe\n',
    'last, first, as Outlook has them': 'Brandt, Lena; Said, Omar',
    'an and in front': 'Lena Brandt,\nand Omar Said\n',
    'addresses below': 'Lena Brandt\nl@x.org\nOmar Said\no@x.org\n',
    'a heading beside an empty column': 'Name\tUnterschrift\nLena Brandt\t\nOmar Said\t\n',
    'labels in front': 'Teacher: Jo Lind\nStudent: Lena Brandt\nName: Omar Said\n',
    'numbers behind': 'Lena Brandt 12345\nOmar Said - 12346\n',
    'birthdays of programs': 'Lena Brandt 2014-02-01\nOmar Said (2014-03-04)\n',
    'who is a girl': 'Lena Brandt (f)\nOmar Said (m)\n',
    'a messenger': '~Lena Brandt\n~ Omar Said\n',
    'a list of a web page': '<ul><li>Lena Brandt</li>\n<li class="x">Omar Said</li></ul>\n',
    'a table of a web page': '<table><tr><th>Name<tr><td>Lena Brandt<tr><td>Omar Said</table>',
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


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('Lena Brandt, Omar Said and Ida Ost', ['Lena Brandt', 'Omar Said', 'Ida Ost']),
        ('Lena Brandt, Omar Said und Ida Ost', ['Lena Brandt', 'Omar Said', 'Ida Ost']),
        ('张华、李明、王芳', ['张华', '李明', '王芳']),
        ('ليلى حسن، عمر سعيد', ['ليلى حسن', 'عمر سعيد']),
        ('Table 1\nTable 2', ['Table 1', 'Table 2']),
        ('Kind 7\nKind 8', ['Kind 7', 'Kind 8']),
        ('Anna-Lena (Leni) Brandt', ['Anna-Lena (Leni) Brandt']),
        ('Brandt y Ruiz, Lena', ['Lena Brandt y Ruiz']),
        ('Host Eva\nGuest Omar', ['Host Eva', 'Guest Omar']),
        ('Regards Kim\nBest Lee', ['Regards Kim', 'Best Lee']),
        ('The class is: Lena Brandt, Omar Said and Ida Ost.', ['Lena Brandt', 'Omar Said', 'Ida Ost']),
        ('Hi Jo\nDear Kim', ['Hi Jo', 'Dear Kim']),
        ('King, Martin Luther, Jr.', ['Martin Luther King Jr.']),
    ],
)
def test_each_of_several_is_called_by_their_name(text: str, names: list[str]) -> None:
    assert [one.name for one in list_reading.read(list_pasted.content_of(text))] == names


@pytest.mark.parametrize('heading', sorted(list_pasted._ALONE_ABOVE))
def test_each_heading_that_stands_alone_is_known(heading: str) -> None:
    found = list_reading.read(list_pasted.content_of(f'{heading}\nLena Brandt\nOmar Said\n'))
    assert [one.name for one in found] == BOTH


def test_columns_without_headings_are_asked_about() -> None:
    content = list_pasted.content_of('Lena Brandt\t7b\tl@x.org\nOmar Said\t7b\to@x.org\n')
    assert isinstance(content, bytes)
    columns = {'Column 1': Fact.NAME, 'Column 2': Fact.GROUP, 'Column 3': Fact.EMAIL}
    people = list_reading.read(content, Choices(columns=columns, has_headings=False))
    assert [(one.name, one.group, one.email) for one in people] == [
        ('Lena Brandt', '7b', 'l@x.org'),
        ('Omar Said', '7b', 'o@x.org'),
    ]


def test_a_class_behind_a_name_is_the_group() -> None:
    people = list_reading.read('Lena Brandt (7b)\nOmar Said, 7 c\nIda Ost')
    assert [(one.name, one.group) for one in people] == [('Lena Brandt', '7b'), ('Omar Said', '7 c'), ('Ida Ost', '')]


def test_addresses_alone_are_people_without_names() -> None:
    with pytest.raises(BrokenFile) as refusal:
        list_reading.read('l@x.org; o@x.org')
    assert [str(problem) for problem in refusal.value.problems] == [
        'Line 1: The name is missing.',
        'Line 2: The name is missing.',
    ]


def test_first_names_between_commas_are_people_if_they_are_many() -> None:
    assert [one.name for one in list_reading.read('Lena, Omar, Ida, Max')] == ['Lena', 'Omar', 'Ida', 'Max']
    assert len(list_reading.read('Brandt, Lena, Maria')) == 1


def test_lines_keep_their_numbers_below_what_is_left_out() -> None:
    found = list_reading.read('Confidential\n\nLena Brandt\n---\nOmar Said')
    assert [(one.line, one.name) for one in found] == [(3, 'Lena Brandt'), (5, 'Omar Said')]


@pytest.mark.parametrize('text', ['', '\n', ' \t ', '\u200b', '---'])
def test_where_nothing_was_typed_there_is_nobody(text: str) -> None:
    with pytest.raises(BrokenFile):
        list_reading.read(text)
