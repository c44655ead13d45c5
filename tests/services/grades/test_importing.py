"""Grades from a file: the gradebook's own, edited and read back, and those of other systems."""

from collections.abc import Callable, Sequence

import pytest

from services.core import database
from services.core.csv import Value, csv_text
from services.core.errors import Invalid, NotFound, Refused
from services.core.workbook import workbook
from services.grades import entering, file_columns, grade_file, gradebook, importing, overrides
from services.grades.book import Cell, Mark
from services.grades.importing import Plan
from services.people import merging
from services.progress import enrollments
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.people import a_student, an_instructor
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C7'), pytest.mark.both_databases]
BAD = 'NaN', '1e999', '151', '-1', 'B', '=1+1', '1/0', '9' * 5_000

Table = Sequence[Sequence[Value]]


def as_csv(table: Table) -> bytes:
    return csv_text(table).encode()


def as_german_csv(table: Table) -> bytes:
    return '\r\n'.join(';'.join('' if cell is None else str(cell) for cell in row) for row in table).encode('cp1252')


async def plan(quiz: QuizAtHand, content: bytes) -> Plan:
    sheet = await grade_file.read(content)
    return await database.read(importing.plan, quiz.teacher, quiz.klass.course_id, sheet)


async def bring_in(quiz: QuizAtHand, content: bytes, *, seen: Plan, reason: str = '') -> int:
    sheet = await grade_file.read(content)
    course_id = quiz.klass.course_id
    return await database.write(importing.bring_in, quiz.teacher, course_id, sheet, seen=seen, reason=reason)


async def cells(quiz: QuizAtHand) -> dict[str, Cell]:
    book = await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id)
    return {row.name: row.cells[0] for row in book.rows}


async def heading(quiz: QuizAtHand) -> str:
    book = await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id)
    return file_columns.heading_of(book.things[0])


@pytest.mark.both_databases
@pytest.mark.parametrize('written', [as_csv, workbook, as_german_csv])
async def test_the_file_of_the_gradebook_is_edited_and_read_back(written: Callable[[Table], bytes]) -> None:
    quiz = await a_quiz(learners=['Lena', 'Otto', 'Jo'])
    lena, otto, jo = quiz.klass.learners
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]], by=lena)
    file = written(
        [
            ['Waymark ID', 'Name', await heading(quiz), 'Total'],
            [lena.user_id, 'Lena', '80,0', 75],
            [otto.user_id, 'Otto', 'x', None],
            [jo.user_id, 'Jo', None, 100],
            [999_999, 'Nemo', 12, None],
        ]
    )
    seen = await plan(quiz, file)
    assert [(each.name, each.score, each.replaces) for each in seen.changes] == [
        ('Lena', 80, True),
        ('Otto', None, False),
    ]
    assert [str(each) for each in seen.nobody] == ['Row 5: Nemo']
    with pytest.raises(Invalid, match='Give a reason'):
        await bring_in(quiz, file, seen=seen)
    before = {'Lena': Cell(75, Mark.GRADED), 'Otto': Cell(None, Mark.NONE), 'Jo': Cell(None, Mark.NONE)}
    assert await cells(quiz) == before

    assert await bring_in(quiz, file, seen=seen, reason='Spoke of humus') == 2
    assert await cells(quiz) == before | {'Lena': Cell(80, Mark.SET), 'Otto': Cell(None, Mark.EXCUSED)}
    told = await database.read(gradebook.own, lena, quiz.klass.course_id)
    assert told.by_hand[quiz.checkpoint_id].reason == 'Spoke of humus'
    again = await plan(quiz, file)
    assert (again.changes, again.same) == ((), 2)
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('written', [as_csv, workbook])
async def test_extra_credit_is_said_before_it_is_taken_and_comes_back_the_same(
    written: Callable[[Table], bytes],
) -> None:
    quiz = await a_quiz(learners=['Lena', 'Otto'])
    lena, otto = quiz.klass.learners
    file = written(
        [['Waymark ID', 'Name', await heading(quiz)], [lena.user_id, 'Lena', 120], [otto.user_id, 'Otto', '150%']]
    )
    seen = await plan(quiz, file)
    assert [str(each) for each in seen.warnings] == ['2 grades are above 100: extra credit.']
    assert await bring_in(quiz, file, seen=seen) == 2
    assert await cells(quiz) == {'Lena': Cell(120, Mark.SET), 'Otto': Cell(150, Mark.SET)}
    again = await plan(quiz, file)
    assert (again.changes, again.same, again.warnings) == ((), 2, ())


async def test_points_above_those_of_the_column_are_extra_credit() -> None:
    quiz = await a_quiz(learners=['Lena'])
    seen = await plan(quiz, b'Student,ID,Soil quiz (101)\nPoints Possible,,8\nLena,11,9\n')
    assert [(each.name, each.score) for each in seen.changes] == [('Lena', 113)]
    assert '1 grade is above 100: extra credit.' in [str(each) for each in seen.warnings]


async def test_points_of_another_system_become_percent() -> None:
    quiz = await a_quiz(learners=['Lena Brandt', 'Omar Said'])
    file = (
        'Student,ID,SIS User ID,Section,Soil quiz (101),Essay (102),Current Score\n'
        ',,,,,Manual Posting,\n'
        '    Points Possible,,,,8.00,10.00,(read only)\n'
        '"Brandt, Lena",11,S1,7b,7.00,9,90\n'
        '"Said, Omar",12,S2,7b,,8,80\n'
        'Jo,13,S3,7b,4,,\n'
        '"Student, Test",13,,7b,1,,\n'
    )
    seen = await plan(quiz, file.encode())
    assert [(each.name, each.score) for each in seen.changes] == [('Lena Brandt', 88)]
    assert [str(each) for each in seen.warnings] == [
        '“Soil quiz” has 8 points in the file; its grades are made percent of that.',
        '1 grade is rounded to a whole number.',
    ]
    assert [str(each) for each in seen.nobody] == ['Row 6: Jo']
    assert seen.left_out == ('ID', 'SIS User ID', 'Section', 'Essay (102)', 'Current Score')


async def test_points_of_google_classroom_become_percent() -> None:
    quiz = await a_quiz(learners=['Lena Brandt'])
    file = (
        'Last Name,First Name,Email Address,Soil quiz\n'
        'Date,,,2026-11-02\n'
        'Points,,,8\n'
        'Brandt,Lena,lena@elsewhere.example,6\n'
    )
    seen = await plan(quiz, file.encode())
    assert [(each.name, each.score) for each in seen.changes] == [('Lena Brandt', 75)]
    assert seen.nobody == ()


@pytest.mark.parametrize(
    ('points', 'grade', 'problem'),
    [
        (
            '8',
            '12.1',
            'Row 3, “Soil quiz”: “12.1” is no grade of 0 to 8 points, or up to 12 with extra credit.',
        ),
        ('0', '5', '“Soil quiz” has 0 points in the file. Take its column out.'),
    ],
)
async def test_points_that_make_no_percent_are_said(points: str, grade: str, problem: str) -> None:
    quiz = await a_quiz(learners=['Lena'])
    seen = await plan(quiz, f'Student,ID,Soil quiz (101)\nPoints Possible,,{points}\nLena,11,{grade}\n'.encode())
    assert [str(each) for each in seen.problems] == [problem]


async def test_no_grade_of_a_file_is_left_out_in_silence() -> None:
    quiz = await a_quiz(learners=['Otto'])
    lena = await a_student(name='Lena', email='lena@example.org')
    joined = {'course_id': quiz.klass.course_id, 'user_id': lena.user_id, 'name': 'Lena'}
    await database.write(enrollments.enroll, **joined)
    file = as_csv(
        [
            ['Name', 'E-Mail', await heading(quiz), 'Soil qiz', 'Group', 'Total'],
            ['Otto', 'Lena@example.org', 12, 80, '7b', 12],
            ['', '', 13, 70, '7b', 13],
            ['', '', '', 'see below', '', ''],
        ]
    )
    seen = await plan(quiz, file)
    assert seen.left_out == ('Soil qiz',), 'a heading with a slip in it'
    assert [str(each) for each in seen.nobody] == ['Row 3: it does not say whose grades these are.']
    said = 'Row 2: the number or the address is that of Lena, but the row says “Otto”.'
    assert [str(each) for each in seen.warnings] == [said]


async def test_a_title_that_two_things_have_takes_no_grade() -> None:
    quiz = await a_quiz(learners=['Lena'])
    await a_quiz(klass=quiz.klass)
    seen = await plan(quiz, as_csv([['Name', 'Soil quiz'], ['Lena', 12]]))
    assert [str(each) for each in seen.problems] == [
        'Several things here are called “Soil quiz”. Use the headings of the file that the gradebook gives.'
    ]


async def test_what_is_no_grade_is_named_and_nothing_changes() -> None:
    quiz = await a_quiz(learners=['Lena', *(f'L{number}' for number in range(len(BAD)))])
    rows = [[f'L{number}', cell] for number, cell in enumerate(BAD)]
    file = as_csv([['Name', await heading(quiz)], ['Lena', 12], *rows])
    seen = await plan(quiz, file)
    beginnings = [f'Row {row}, “Soil quiz”: “' for row in range(3, 3 + len(BAD))]
    assert [str(each)[: len(begins)] for each, begins in zip(seen.problems, beginnings, strict=True)] == beginnings
    with pytest.raises(Invalid, match='Row 3'):
        await bring_in(quiz, file, seen=seen)
    assert set((await cells(quiz)).values()) == {Cell(None, Mark.NONE)}


async def test_what_has_changed_since_it_was_seen_is_not_overwritten() -> None:
    quiz = await a_quiz(learners=['Lena'])
    file = as_csv([['Name', await heading(quiz)], ['Lena', 12]])
    seen = await plan(quiz, file)
    given = {'user_id': quiz.learner.user_id, 'typed': '70'}
    await database.write(entering.enter, quiz.teacher, quiz.checkpoint_id, **given)
    with pytest.raises(Refused, match='changed meanwhile'):
        await bring_in(quiz, file, seen=seen)
    assert await cells(quiz) == {'Lena': Cell(70, Mark.SET)}


async def test_a_row_is_found_by_its_number_also_where_a_guest_became_somebody_or_a_name_was_moved() -> None:
    quiz = await a_quiz(learners=['Lena', 'L.'])
    lena, guest = quiz.klass.learners
    course_id = quiz.klass.course_id
    await database.write(merging.merge, quiz.teacher, course_id, guest_id=guest.user_id, into_id=lena.user_id)
    head = ['Waymark ID', 'Name', await heading(quiz)]
    seen = await plan(quiz, as_csv([head, [guest.user_id, 'Otto', 12]]))
    assert [(each.name, each.score) for each in seen.changes] == [('Lena', 12)]
    assert [str(each) for each in seen.warnings] == [
        'Row 2: the number or the address is that of Lena, but the row says “Otto”.'
    ]
    twice = await plan(quiz, as_csv([head, [guest.user_id, 'L.', 12], [lena.user_id, 'Lena', 13]]))
    assert [str(each) for each in twice.problems] == ['Rows 2 and 3 are both about Lena.']


async def test_a_file_with_other_columns_says_what_to_do() -> None:
    quiz = await a_quiz(learners=['Lena'])
    for content, match in (
        (b'Lena;12\nOtto;13', 'The first row must say'),
        (b'Name;Homework\nLena;12', 'No column is about anything'),
        (b'Name;Soil quiz;Soil quiz\nLena;12;13', 'Two columns'),
        (b'Name;Quiz: Soil quiz (Real)\nLena;9', 'nothing says of how many'),
    ):
        with pytest.raises(Invalid, match=match):
            await bring_in(quiz, content, seen=await plan(quiz, content))


async def test_only_who_teaches_the_course_imports_grades() -> None:
    quiz = await a_quiz()
    elsewhere = await an_instructor(email='elsewhere@example.org')
    file = as_csv([['Name', 'Soil quiz'], ['Lena', 12]])
    sheet, seen = await grade_file.read(file), await plan(quiz, file)
    for stranger in quiz.learner, elsewhere:
        with pytest.raises(NotFound):
            await database.read(importing.plan, stranger, quiz.klass.course_id, sheet)
        with pytest.raises(NotFound):
            await database.write(importing.bring_in, stranger, quiz.klass.course_id, sheet, seen=seen)
        with pytest.raises(NotFound):
            await database.write(overrides.store_many, stranger, quiz.klass.course_id, [], reason='')
