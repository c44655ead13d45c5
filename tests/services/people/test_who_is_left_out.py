"""Class lists with lines and columns about others: footers, parents and teachers, people who have left."""

from datetime import UTC, datetime

import pytest

from services.core import clock, database
from services.courses.import_file import BrokenFile
from services.people import class_lists, list_entering, list_reading
from services.people.list_reading import Choices, Fact, Fate
from tests.factories.classes import a_course

pytestmark = pytest.mark.req('C7')

ROW = tuple[str, str, str]
"""name, address, group"""

LENA: list[ROW] = [('Lena Brandt', '', '7b')]
BOTH: list[ROW] = [*LENA, ('Omar Said', '', '7b')]
WITH_ADDRESS: list[ROW] = [('Lena Brandt', 'l@x.org', '7b')]

FOOTERS = [
    'Confidential',
    'STRICTLY CONFIDENTIAL - do not share',
    'Vertraulich',
    'Document confidentiel',
    'Конфиденциально',
    '机密',
    'OFFICIAL-SENSITIVE',
    'For internal use only',
    'Please do not leave this list lying around',
    'Nur für den Dienstgebrauch',
    'Ne pas diffuser',
    '*** End of list ***',
    'Unterschrift der Lehrkraft',
    'Signature',
    'This list contains personal data and must be destroyed after use.',
    'Next',
]

OTHERS: dict[str, tuple[str, list[ROW]]] = {
    'a title above the columns of parents': (
        'Student,,,Parent,\nFirst name,Last name,Class,Name,Email\nLena,Brandt,7b,Eva Brandt,e@x.org\n',
        LENA,
    ),
    'parents in front': (
        'Parent,,Student,,\nName,Email,First name,Last name,Class\nEva,e@x.org,Lena,Brandt,7b\n',
        LENA,
    ),
    'addresses of all three': (
        'Pupil,,,Mother,,Father,\nName,Class,Email,Name,Email,Name,Email\nLena Brandt,7b,l@x.org,Eva,e@x.org,J,j@x.o\n',
        WITH_ADDRESS,
    ),
    'Erziehungsberechtigte': (
        'Schüler;;;Erziehungsberechtigte 1;;\nName;Vorname;Klasse;Name;Vorname;E-Mail\nBrandt;Lena;7b;Roth;Eva;e@x.o\n',
        LENA,
    ),
    'headings below the title alone': ('Name,Class,Parents,\n,,Name,Email\nLena Brandt,7b,Eva,e@x.org\n', LENA),
    'some headings in the first row': (
        'Class,Student,,Parent,\n,First name,Last name,Name,Email\n7b,Lena,Brandt,Eva,e@x.org\n',
        LENA,
    ),
    'a title of the list is above no column': (
        "Parents' evening 7b,,\nName,Class,Email\nLena Brandt,7b,l@x.org\n",
        WITH_ADDRESS,
    ),
    'a teacher above the table': (
        'Class 7b,,Teacher Jo Lind\nName,Class,Email\nLena Brandt,7b,l@x.org\n',
        WITH_ADDRESS,
    ),
    'in brackets': ('Name,Class,Email (parent)\nLena Brandt,7b,e@x.org\n', LENA),
    'E-Mail (Eltern)': ('Name;Klasse;E-Mail (Eltern)\nLena Brandt;7b;e@x.org\n', LENA),
    'a group of a tutor': ('Name,Tutor Group\nLena Brandt,7b\n', LENA),
    'a teacher in the column of groups': ('Name,Class\nLena Brandt,7b\nJo Lind,Teacher\n', LENA),
    'a teacher in brackets': ('Name,Class\nMr. Lind (class teacher),7b\nLena Brandt,7b\n', LENA),
    'a parent for each child': ('Name,Type,Class\nLena Brandt,Child,7b\nEva Brandt,Parent,7b\n', LENA),
    'an address of the child beside one of a parent': (
        'Nom;Prénom;Classe;Email élève;Email responsable 1\nBrandt;Lena;7b;l@x.org;e@x.org\n',
        WITH_ADDRESS,
    ),
    'Japanese': ('Name,クラス,保護者氏名,保護者メールアドレス\nLena Brandt,7b,Eva,e@x.org\n', LENA),
    'Finnish': ('Sukunimi;Etunimi;Luokka;Huoltajan sähköposti\nBrandt;Lena;7b;e@x.org\n', LENA),
    'Email (mère)': ('Nom;Prénom;Classe;Email (mère)\nBrandt;Lena;7b;e@x.org\n', LENA),
    'a parent and a child in brackets': (
        'Name (Parent),Email (Parent),Name (Child),Class\nEva,e@x.org,Lena Brandt,7b\n',
        LENA,
    ),
}

LEAVERS = {
    'withdrawn': 'Name,Form,Status\nLena Brandt,7b,Active\nOmar Said,7b,Withdrawn\n',
    'withdrawn, with the day': 'Name,Form,Status\nLena Brandt,7b,\nOmar Said,7b,Withdrawn (2026-09-30)\n',
    'inactive': 'Name,Form,Enrollment Status\nLena Brandt,7b,Enrolled\nOmar Said,7b,INACTIVE\n',
    'a day of leaving': 'Name,Form,Exit Date\nLena Brandt,7b,\nOmar Said,7b,2026-09-30\n',
    'abgemeldet': 'Name;Klasse;Status\nLena Brandt;7b;\nOmar Said;7b;abgemeldet\n',
    'abgemeldet am': 'Name;Klasse;Abgemeldet am\nLena Brandt;7b;\nOmar Said;7b;03.11.2026\n',
    'baja': 'Alumno;Grupo;Estado\n"Brandt, Lena";7b;Activo\n"Said, Omar";7b;Baja\n',
    'a tick': 'Name,Form,Left\nLena Brandt,7b,\nOmar Said,7b,x\n',
    'not active': 'Name,Form,is_active\nLena Brandt,7b,TRUE\nOmar Said,7b,FALSE\n',
    'a day as a spreadsheet counts': 'Name,Form,Leaving date\nLena Brandt,7b,46500\nOmar Said,7b,46000\n',
    'behind the name': 'Name,Form\nLena Brandt,7b\nOmar Said (left),7b\n',
    'behind the name, with a dash': 'Name,Form\nLena Brandt,7b\nOmar Said - withdrawn,7b\n',
    'below a title': 'Name,Form\nLena Brandt,7b\nWithdrawn students,\nOmar Said,7b\n',
    'Abgänge': 'Name;Klasse\nLena Brandt;7b\nAbgänge:;\nOmar Said;7b\n',
    'a question': 'Name,Form,Active?\nLena Brandt,7b,Y\nOmar Said,7b,N\n',
    'Bromcom': 'Surname,Forename,Tutor Group,Status\nBrandt,Lena,7b,On Roll\nSaid,Omar,7b,Off Roll\n',
    'no longer': 'Name,Form,Status\nLena Brandt,7b,\nOmar Said,7b,No longer enrolled\n',
    'a day behind the word': 'Name;Klasse;Status\nLena Brandt;7b;\nOmar Said;7b;Abgang zum 31.10.\n',
    'Chinese': 'Name,班级,状态\nLena Brandt,7b,在读\nOmar Said,7b,退学\n',
    'Russian': 'Name;Класс;Статус\nLena Brandt;7b;учится\nOmar Said;7b;отчислен\n',
    'PowerSchool': 'LastFirst,Home_Room,Enroll_Status\n"Brandt, Lena",7b,0\n"Said, Omar",7b,2\n',
    'a state and a day': 'Name,Form,Status,End date\nLena Brandt,7b,Active,2027-07-31\nOmar Said,7b,Active,1/9/2026\n',
}


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, 'now', lambda: datetime(2026, 11, 30, tzinfo=UTC))


def rows(content: str, choices: Choices = list_reading.NO_CHOICES) -> list[ROW]:
    found = list_reading.read(content.encode(), choices)
    return [(one.name, one.email, one.group) for one in found if one.fate is not Fate.LEFT]


@pytest.mark.parametrize('footer', FOOTERS)
def test_what_a_list_says_of_itself_is_nobody(footer: str) -> None:
    assert rows(f'Name,Form\n{footer},\nLena Brandt,7b\nOmar Said,7b\n{footer},\n') == BOTH
    assert rows(f'Name\nLena\n{footer}\n') == [('Lena', '', '')]
    assert rows(f'Pupil ID,Name,Form\n1,Lena Brandt,7b\n{footer},,\n') == LENA


@pytest.mark.parametrize('name', ['Ende', 'Conrad Confid', 'Signe', 'Ana María de la Cruz Pérez Jr.', 'Nexter'])
def test_names_that_look_like_a_footer_are_people(name: str) -> None:
    assert len(rows(f'Name,Form\nLena Brandt,7b\n{name},\n')) == 2


@pytest.mark.parametrize('name', OTHERS)
def test_parents_and_teachers_lend_a_child_neither_name_nor_address(name: str) -> None:
    content, expected = OTHERS[name]
    assert rows(content) == expected


def test_the_address_of_parents_is_taken_where_the_teacher_says_so() -> None:
    content = 'Pupil,,Parent\nName,Class,Email\nLena Brandt,7b,e@x.org\n'
    assert rows(content, Choices(columns={'Parent: Email': Fact.EMAIL})) == [('Lena Brandt', 'e@x.org', '7b')]


@pytest.mark.parametrize('name', LEAVERS)
def test_a_list_says_who_has_left(name: str) -> None:
    assert rows(LEAVERS[name]) == LENA
    fates = [one.fate for one in list_reading.read(LEAVERS[name].encode())]
    assert fates == [Fate.NEW, Fate.LEFT], 'shown, and not silently lost'


@pytest.mark.parametrize(
    'content',
    [
        'Name,Form,Exit Date\nLena Brandt,7b,2027-07-31\nOmar Said,7b,\n',
        'Name,Form,Exit Date\nLena Brandt,7b,05/12/2026\nOmar Said,7b,00.00.0000\n',
        'Name,Form,Status\nLena Brandt,7b,Submitted\nOmar Said,7b,Left behind in maths\n',
        'Name,Form,Status\nLena Brandt,7b,Active\nOmar Said,7b,Suspended\n',
        'Name,Form,Remark\nLena Brandt,7b,Withdrawn\nOmar Said,7b,Inactive\n',
    ],
    ids=['a day to come', 'a day that may be to come', 'another state', 'for a while', 'another column'],
)
def test_in_doubt_nobody_has_left(content: str) -> None:
    assert rows(content) == BOTH


def test_where_everybody_has_left_the_teacher_is_told_what_to_do() -> None:
    content = 'Name,Form,End date\nLena Brandt,7b,2026-07-31\n'
    with pytest.raises(BrokenFile, match='say that the columns that tell it are not used'):
        rows(content)
    assert rows(content, Choices(columns={'End date': Fact.IGNORED})) == LENA


@pytest.mark.usefixtures('db')
async def test_who_has_left_is_not_brought_in_and_keeps_the_place_that_they_have() -> None:
    course = await a_course()
    before = 'Name,Form,Status\nLena Brandt,7b,Active\nOmar Said,7b,Active\n'
    after = 'Name,Form,Status\nLena Brandt,7b,Active\nOmar Said,7b,Left\nIda Ost,7b,Left\nMax Ole,7b,Active\n'
    ids = course.teacher, course.course_id
    await list_entering.bring_in(*ids, list_reading.read(before.encode()))

    planned = await database.read(class_lists.plan, *ids, list_reading.read(after.encode()))
    brought = await list_entering.bring_in(*ids, list_reading.read(after.encode()))

    expected = [Fate.HERE, Fate.LEFT, Fate.LEFT, Fate.NEW]
    assert [one.fate for one in planned] == [one.fate for one in brought] == expected
    assert [one.code for one in brought if one.fate is Fate.LEFT] == ['', '']
    again = await database.read(class_lists.plan, *ids, list_reading.read(before.encode()))
    assert [one.fate for one in again] == [Fate.HERE] * 2
