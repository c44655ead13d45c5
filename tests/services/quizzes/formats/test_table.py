"""Questions in a spreadsheet, one in each row; most teachers have theirs like this."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from services.quizzes.formats import reading, table
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, QuestionKind, TextAnswer
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')


def rows(*lines: str, headings: str = 'Type;Question;Option 1;Option 2;Option 3;Right;Tolerance') -> Read:
    return reading.read('questions.csv', '\n'.join([headings, *lines]).encode())


def test_the_template_has_a_question_of_each_kind_and_is_read_back() -> None:
    read = reading.read('template.csv', table.template().encode())

    assert (read.problems, read.warnings) == ((), ())
    assert [item.question.kind for item in read.questions] == [
        QuestionKind.SINGLE_CHOICE,
        QuestionKind.MULTIPLE_CHOICE,
        QuestionKind.TRUE_FALSE,
        QuestionKind.NUMERIC,
        QuestionKind.SHORT_TEXT,
        QuestionKind.MATCHING,
        QuestionKind.ORDERING,
        QuestionKind.ESSAY,
    ]
    moons, planets, *_ = [item.question for item in read.questions]
    assert (moons.title, moons.tags, moons.feedback) == ('Moons', ('sky',), 'Of Jupiter.')
    assert [option.text for option in planets.options if option.credit > 0] == ['Mars', 'Venus']
    assert planets.points == Decimal(2)


def test_what_is_right_is_a_letter_a_number_or_the_text() -> None:
    for right in ('B', 'b', '2', 'Io'):
        (item,) = rows(f';Which?;Mars;Io;Vega;{right};').questions
        assert item.question.options == (Option(text='Mars'), Option(text='Io', credit=WHOLE), Option(text='Vega'))
        assert (item.question.kind, item.line) == (QuestionKind.SINGLE_CHOICE, 2)
    (item,) = rows(';Which?;Mars;Io;Vega;"A, 3";').questions
    assert item.question.kind is QuestionKind.MULTIPLE_CHOICE


def test_other_answers() -> None:
    read = rows(
        'number;pi?;;;;3,14 ± 0,005;',
        'number;when?;;;;1822 | 1..2;2',
        'short text;who?;;;;Galilei | G. Galilei;',
        'matching;?;a -> 1;b → 2;-> 3;;',
        'ordering;?;x;y;z;;',
        'essay;why?;;;;two reasons;',
        ';sun?;;;;TRUE;',
    )

    pi, when, who, pairs, order, essay, sun = [item.question for item in read.questions]
    assert pi.numbers == (NumberAnswer(value=Decimal('3.14'), tolerance=Decimal('0.005')),)
    assert when.numbers == (
        NumberAnswer(value=Decimal(1822), tolerance=Decimal(2)),
        NumberAnswer(value=Decimal('1.5'), tolerance=Decimal('0.5')),
    )
    assert who.texts == (TextAnswer(pattern='Galilei'), TextAnswer(pattern='G. Galilei'))
    assert pairs.pairs == (Pair(left='a', right='1'), Pair(left='b', right='2'), Pair(right='3'))
    assert order.order == ('x', 'y', 'z')
    assert essay.graders_note == 'two reasons'
    assert sun.kind is QuestionKind.TRUE_FALSE


@pytest.mark.parametrize(
    ('row', 'problem'),
    [
        (';Which?;3;1;2;2;', '“2” could be the place of an option or its text; write its letter.'),
        (';Which?;a;b;c;D;', '“D” is none of the options.'),
        (';Which?;a;b;c;;', 'no option is marked as right.'),
        ('single choice;Which?;a;b;c;A,B;', 'several options are right; write “multiple choice” as its type.'),
        (';Which?;a;;c;C;', 'an option is empty; leave no gap between options.'),
        (';Which?;;;;42;', 'say in “Type” how this question is answered.'),
        ('riddle;Which?;;;;42;', '“riddle” is no type of question. See the template.'),
        ('true or false;Which?;;;;maybe;', '“maybe” is neither “true” nor “false”.'),
        ('number;Which?;;;;1,234;', '“1,234” is not a number. Write it like 1.5 or 1500.'),
        ('number;Which?;;;;1;-1', 'A tolerance cannot be below 0, as “-1” is.'),
        ('matching;Which?;a;b->c;;;', 'the pair “a” has no “->”.'),
        ('essay;;;;;;', 'the question has no text.'),
    ],
)
def test_a_key_is_never_guessed(row: str, problem: str) -> None:
    read = rows('essay;Why?;;;;;', row)

    assert [str(each) for each in read.problems] == [f'Line 3: {problem}']


def test_a_table_of_another_language_and_program_is_recognised() -> None:
    content = 'sep=;\nTyp;Frage;A;B;Richtig;Punkte\nEinfachauswahl;Größe?;kurz;länger;B;1,5\n'.encode('cp1252')

    read = reading.read('fragen.csv', content)

    assert read.questions[0].question.text == 'Größe?'
    assert read.questions[0].question.points == Decimal('1.5')
    assert [option.credit for option in read.questions[0].question.options] == [0, WHOLE]


def test_a_quote_that_does_not_end_is_said() -> None:
    read = rows(';Which?;"a;b;c;A;')

    assert str(read.problems[0]).startswith('Line 2: this is not a table that can be read (')


def a_workbook(
    cells: Sequence[tuple[str, str]], *, more: Sequence[tuple[str, str]] = (), sheet: str = 'sheet1.xml'
) -> bytes:
    """A workbook as small as one can be, with texts and numbers at their places."""
    made = BytesIO()
    package = 'http://schemas.openxmlformats.org/package/2006'
    office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    sheets = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    written = ''.join(f'<row>{cell(place, value)}</row>' for place, value in cells)
    with ZipFile(made, 'w', ZIP_DEFLATED) as archive:
        archive.writestr(
            '[Content_Types].xml',
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            '_rels/.rels',
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            'xl/workbook.xml',
            f'<workbook xmlns="{sheets}" xmlns:r="{office}"><sheets><sheet name="Q" sheetId="1" r:id="r1"/></sheets>'
            '</workbook>',
        )
        archive.writestr(
            'xl/_rels/workbook.xml.rels',
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            f'Target="worksheets/{sheet}"/></Relationships>',
        )
        archive.writestr(
            f'xl/worksheets/{sheet}', f'<worksheet xmlns="{sheets}"><sheetData>{written}</sheetData></worksheet>'
        )
        for name, content in more:
            archive.writestr(name, content)
    return made.getvalue()


def cell(place: str, value: str) -> str:
    if value.isdecimal():
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


WORKBOOK = [('A1', 'Question'), ('B1', 'Option 1'), ('C1', 'Option 2'), ('D1', 'Right'), ('E1', 'Points')]


def test_a_workbook_is_read_as_a_table() -> None:
    content = a_workbook([*WORKBOOK, ('A3', 'Which?'), ('B3', 'Mars'), ('C3', 'Io'), ('D3', 'B'), ('E3', '2')])

    read = reading.read('questions.xlsx', content)

    assert read.problems == ()
    assert [(item.line, item.question.points) for item in read.questions] == [(3, Decimal(2))]
    assert read.questions[0].question.options[1] == Option(text='Io', credit=WHOLE)


@pytest.mark.parametrize('place', ['XFD1048576', 'A1048576', 'AAA1', 'A99999999999999999999', 'A٣'])
def test_a_sheet_with_a_cell_at_the_end_of_the_world_is_refused(place: str) -> None:
    with work_of_at_most(1):
        read = reading.read('questions.xlsx', a_workbook([*WORKBOOK, (place, 'far')]))

        assert 'too far out' in str(read.problems[0])


def test_a_sheet_under_another_name_is_measured_as_well() -> None:
    read = reading.read('questions.xlsx', a_workbook([*WORKBOOK, ('XFD1048576', 'far')], sheet='s.dat'))

    assert 'too far out' in str(read.problems[0])


def test_one_long_text_that_many_cells_share_is_refused() -> None:
    texts = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"a" * 200_000}</t></si></sst>'
    )
    cells = ''.join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(1, 400))
    more = [
        ('xl/sharedStrings.xml', texts),
        ('xl/worksheets/sheet2.xml', f'<worksheet><sheetData>{cells}</sheetData></worksheet>'),
    ]

    read = reading.read('questions.xlsx', a_workbook(WORKBOOK, more=more))

    assert 'more than 50 million letters' in str(read.problems[0])


def test_other_workbooks_are_refused() -> None:
    other = reading.read('a.xlsx', a_workbook(WORKBOOK, more=[('content.xml', '<a/>')]))
    broken = reading.read('a.xlsx', a_workbook(WORKBOOK)[:-40])

    assert str(other.problems[0]) == 'This is no XLSX workbook. Save it as XLSX or CSV.'
    assert str(broken.problems[0]).startswith('This ZIP file is broken')


def test_a_letter_means_the_option_that_its_heading_names_wherever_the_column_stands() -> None:
    for right in 'B', 'Option B', '2', 'option_b':
        (item,) = rows(f'Q?;y;x;{right}', headings='Question;Option B;Option A;Right').questions
        assert item.question.options == (Option(text='x'), Option(text='y', credit=WHOLE))


def test_a_heading_that_is_missing_between_options_is_said_before_a_letter_means_another_one() -> None:
    for headings in 'Question;A;C;D;Right', 'Question;Option 2;Option 3;Option 4;Right':
        (problem,) = rows('Q?;x;y;z;C', headings=headings).problems
        assert 'A heading of an option is missing' in str(problem)


@pytest.mark.parametrize(
    ('headings', 'named'),
    [('Question;Option 1;Option 2;Answer;Correct', 'Correct'), ('Question;A;B;Option A;Right', 'Option A')],
)
def test_two_columns_for_the_same_are_said_before_one_of_them_is_believed(headings: str, named: str) -> None:
    read = rows('Which?;Mars;Io;A;B', headings=headings)
    (problem,) = read.problems
    assert str(problem) == f'The column “{named}” says the same as one before it. Take one of both out.'


def test_a_second_column_that_is_not_about_the_key_is_left_out_and_named() -> None:
    read = rows('Which?;Mars;Io;A;Yes.;Well.', headings='Question;Option 1;Option 2;Right;Feedback;Explanation')
    assert [str(each) for each in read.left_out] == ['The column “Explanation”.']
    assert [item.question.feedback for item in read.questions] == ['Yes.']


KAHOOT = (
    'Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,'
    'Answer 3 - max 75 characters,"Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",'
    'Correct answer(s) - choose at least one'
)


def test_a_quiz_of_kahoot_names_right_options_by_their_places_even_where_they_are_numbers() -> None:
    read = rows('2 + 2?,4,2,1,20,1', 'Primes?,2,3,4,20,"1,2"', headings=KAHOOT)

    assert [str(each) for each in read.problems] == []
    one, two = [item.question for item in read.questions]
    assert (one.kind, [each.text for each in one.options if each.credit]) == (QuestionKind.SINGLE_CHOICE, ['4'])
    assert (two.kind, [each.text for each in two.options if each.credit]) == (QuestionKind.MULTIPLE_CHOICE, ['2', '3'])
    assert len(read.left_out) == 1


def test_a_quiz_of_quizizz_has_kinds_of_its_own() -> None:
    read = rows(
        'Moon?,Multiple Choice,Mars,Io,,2,30,Of Jupiter.',
        'Planets?,Checkbox,Mars,Io,Venus,"1,3",30,',
        'Who?,Fill-in-the-Blank,Galilei,Galileo,,,30,',
        'Why?,Open-Ended,,,,,30,',
        'Liked it?,Poll,yes,no,,,30,',
        headings='Question Text,Question Type,Option 1,Option 2,Option 3,Correct Answer,Time in seconds,'
        'Answer explanation',
    )

    assert [str(each) for each in read.problems] == []
    moon, planets, who, why = [item.question for item in read.questions]
    assert (moon.kind, moon.feedback) == (QuestionKind.SINGLE_CHOICE, 'Of Jupiter.')
    assert [each.text for each in planets.options if each.credit] == ['Mars', 'Venus']
    assert [each.pattern for each in who.texts] == ['Galilei', 'Galileo']
    assert why.kind is QuestionKind.ESSAY
    assert [str(each) for each in read.left_out] == [
        'The column “Time in seconds”.',
        'Line 6: questions of the kind “poll” are not taken over.',
    ]


@pytest.mark.parametrize(
    ('row', 'problem'),
    [
        ('short text;Which?;Mars;Io;Vega;B;', 'a question of this type has no options; they would be lost.'),
        ('number;How many?;3;4;5;4;', 'a question of this type has no options; they would be lost.'),
        ('essay;Why?;so;;;;', 'a question of this type has no options; they would be lost.'),
        ('ordering;Outwards:;Earth;Venus;Mars;B, A, C;', 'the options say what is right; leave “Right” empty.'),
        ('matching;Match;a->1;b->2;;2;', 'the options say what is right; leave “Right” empty.'),
    ],
)
def test_options_and_a_key_that_do_not_go_together_are_said(row: str, problem: str) -> None:
    assert [str(each) for each in rows(row).problems] == [f'Line 2: {problem}']
