"""Class lists as other programs write them, and who of a list is who of the course."""

import pytest

from services.core import database
from services.courses.import_file import BrokenFile
from services.people import class_lists, list_entering, list_reading
from services.people.list_reading import Choices, Fate, Person
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.req('C7')]

ENCODINGS = ['utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'cp1252', 'mac_roman', 'iso8859-1', 'iso8859-15']
HEADINGS = [
    'Vorname;Nachname;Klasse',
    'First Name [Required];Last Name [Required];Section',
    'First_name;Last_Name;Groups',
    'givenName;familyName;class',
    'Prénom;Nom;Classe',
    'Nombre;Apellidos;Grupo',
]


def names(content: bytes, choices: Choices = list_reading.NO_CHOICES) -> list[str]:
    return [person.name for person in list_reading.read(content, choices)]


@pytest.mark.parametrize('headings', HEADINGS)
@pytest.mark.parametrize('encoding', ENCODINGS)
@pytest.mark.parametrize('end', ['\n', '\r\n', '\r', '\r\r\n'], ids=ascii)
def test_every_encoding_line_end_and_heading(encoding: str, end: str, headings: str) -> None:
    for delimiter in ';,\t|':
        text = f'{headings}\n;;\nJürgen;Müller;7b\n\nZoë;Groß;7b\n'.replace(';', delimiter).replace('\n', end)
        assert names(text.encode(encoding)) == ['Jürgen Müller', 'Zoë Groß']


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('sep=;\r\nname;email\r\nLena Brandt;lena@example.org\r\n', ['Lena Brandt']),
        ('\ufeff\ufeffname\nLena Brandt\n', ['Lena Brandt']),
        ('Class 7b;;\n;;\nname;email;group\nLena Brandt;l@example.org;A\n', ['Lena Brandt']),
        ('Name;Vorname\nBrandt;Lena\n', ['Lena Brandt']),
        ('name\nBrandt, Lena\nSaid, Omar\n', ['Lena Brandt', 'Omar Said']),
        (
            'Student,ID,Section\n,,Manual Posting\n    Points Possible,,\n"Brandt, Lena",1,A\n"Student, Test",2,A\n',
            ['Lena Brandt'],
        ),
        ('Last Name,First Name,Quiz\nDate,,2026\nPoints,,10\nBrandt,Lena,9\n', ['Lena Brandt']),
        ('givenName,familyName,role\nJo,Lind,teacher\nLena,Brandt,student\n', ['Lena Brandt']),
        ('name,email\n"Two\nlines",t@example.org\nBen,b@example.org\n', ['Two lines', 'Ben']),
        ('name\nMÃ¼ller\n', ['Müller']),
        ('name\nAmina\n,\n\nBrandt, Lena,,\n', ['Amina', 'Lena Brandt']),
        ('name\nדנה לוי\u200f\n', ['דנה לוי']),
    ],
)
def test_what_programs_put_around_people(text: str, found: list[str]) -> None:
    assert names(text.encode()) == found


def test_what_is_unknown_is_said_and_a_bad_line_is_skipped_on_request() -> None:
    content = b'Wer,Post\nLena,l@example.org\nBen,nonsense\n'
    with pytest.raises(BrokenFile, match='Line 1 must name'):
        list_reading.read(content)
    columns = {'Wer': list_reading.Fact.NAME, 'Post': list_reading.Fact.EMAIL}
    with pytest.raises(BrokenFile, match='Line 3'):
        list_reading.read(content, Choices(columns=columns))
    assert names(content, Choices(columns=columns, skip_bad_lines=True)) == ['Lena']


def test_what_cannot_be_decoded_is_refused_with_its_line() -> None:
    with pytest.raises(BrokenFile, match='Line 3 has signs'):
        list_reading.read('name\nZoë Müller\nJürg'.encode() + b'\xff\n')
    assert names('name\nMÃ¼ller\n'.encode(), Choices(keep_garbled=True)) == ['MÃ¼ller']


async def plan(course: CourseAtHand, text: str, **choices: object) -> tuple[Person, ...]:
    chosen = Choices(**choices)  # type: ignore[arg-type]
    people = list_reading.read(text.encode(), chosen)
    return await database.read(class_lists.plan, course.teacher, course.course_id, people, chosen)


async def bring(course: CourseAtHand, text: str, **choices: object) -> tuple[Person, ...]:
    chosen = Choices(**choices)  # type: ignore[arg-type]
    people = list_reading.read(text.encode(), chosen)
    return await list_entering.bring_in(course.teacher, course.course_id, people, chosen)


@pytest.mark.usefixtures('db')
async def test_namesakes_and_siblings_are_told_apart_in_any_order() -> None:
    course = await a_course()
    rows = [
        'Ali Khan,k1@example.org',
        'Ali Khan,k2@example.org',
        'Anna Roth,roth@example.org',
        'Ben Roth,roth@example.org',
    ]
    first = await bring(course, 'name,email\n' + '\n'.join(rows))
    again = await bring(course, 'name,email\n' + '\n'.join(reversed(rows)))

    assert [person.fate for person in first] == [Fate.NEW] * 4
    assert [person.fate for person in again] == [Fate.HERE] * 4
    assert [person.user_id for person in reversed(again)] == [person.user_id for person in first]
    (third,) = await plan(course, 'name,email\nCleo Roth,roth@example.org\n')
    assert third.fate is Fate.ASKED, 'a third child, or one renamed'


@pytest.mark.usefixtures('db')
async def test_a_namesake_who_is_here_is_asked_about_and_the_answer_is_kept() -> None:
    course = await a_course()
    here = await a_guest(code=course.code, name='Ali Khan')
    text = 'name,email\nAli Khan,k1@example.org\nAli Khan,k2@example.org\n'

    planned = await plan(course, text)
    assert [person.fate for person in planned] == [Fate.ASKED] * 2
    assert {one.user_id for person in planned for one in person.candidates} == {here.user_id}
    with pytest.raises(BrokenFile, match='choose who'):
        await bring(course, text)
    with pytest.raises(BrokenFile, match='another line, too'):
        await bring(course, text, decisions={2: here.user_id, 3: here.user_id})
    await bring(course, text, decisions={2: list_reading.NEW_PERSON, 3: here.user_id})

    again = await plan(course, text)
    assert [person.fate for person in again] == [Fate.HERE] * 2
    assert again[1].user_id == here.user_id


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'content',
    [
        b'\r' * list_reading.LONGEST_LIST,
        b'name\n' + b'\r' * 200_000,
        ('\r' * 100_000).encode('utf-16') + b'\x00\xd8',
        '@ ' + 'a' * 200_000,
        'a' * 100_000 + '@' + 'a' * 100_000,
        '\t' * 200_000,
        (' ' * 900 + '1\n') * 250,
        b'Form,' + b','.join(b'T%d' % number for number in range(190)) + b'\n' + (b'7b,' + b',' * 188 + b'x\n') * 990,
    ],
    ids=[
        'line ends alone',
        'line ends',
        'line ends before what cannot be read',
        'an address',
        'half an address',
        'tabs',
        'spaces',
        'many columns',
    ],
)
def test_a_list_costs_no_more_than_its_length(content: bytes | str) -> None:
    """A pattern holds up all threads while it looks: one that begins anew at each sign did so for half a minute."""
    with work_of_at_most(3), pytest.raises(BrokenFile):
        list_reading.read(content)
