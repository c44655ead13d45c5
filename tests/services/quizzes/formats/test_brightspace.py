"""Questions as Brightspace imports them from a table, and as people write that table by hand."""

from decimal import Decimal

import pytest

from services.quizzes.formats import reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, CreditRule, Option, Pair, Question, QuestionKind, TextAnswer
from tests.services.quizzes.formats.test_table import a_workbook
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')

ALL = """\
//A table with a question of each kind,,,,
,,,,
NewQuestion,WR,,,
ID,SOIL-1,,,
Title,Pores,,,
QuestionText,Why does clay hold water?,,,
Points,4,,,
Difficulty,7,,,
InitialText,Because,,,
AnswerKey,Small pores,,,
NewQuestion,SA,,,
QuestionText,Who turns the soil?,,,
InputBox,3,40,,
Answer,100,worms,regexp,
Answer,50,beetles,,
NewQuestion,M,,,
QuestionText,Match.,,,
Scoring,EquallyWeighted,,,
Choice,1,Jupiter,,
Choice,2,Saturn,,
Choice,3,Mars,,
Match,2,Titan,,
Match,1,<b>Io</b>,HTML,
NewQuestion,MC,,,
QuestionText,"Which is ""a moon"", please?",,,
Points,1,,,
Option,0,Mars,,A planet
Option,100,Io,,Yes
Option,25,Vega,,
Hint,Look up,,,
Feedback,<p>Of <b>Jupiter</b>.</p>,HTML,,
NewQuestion,TF,,,
QuestionText,The sun is a planet.,,,
TRUE,0,No,,
FALSE,100,Right,,
NewQuestion,MS,,,
QuestionText,Which are planets?,,,
Scoring,RightAnswers,,,
Option,1,Mars,,
Option,0,Io,,
Option,1,Venus,,
NewQuestion,O,,,
QuestionText,From the sun outwards:,,,
Item,Venus,,The first
Item,Earth,,
"""


def read(content: str) -> Read:
    return reading.read('questions.csv', content.encode('utf-8-sig'))


def asked(kind: str, *rows: str) -> Read:
    return read('\n'.join([f'NewQuestion,{kind}', 'QuestionText,Which?', *rows]))


def question(kind: str, *rows: str) -> Question:
    found = asked(kind, *rows)
    assert [str(each) for each in found.problems] == []
    return found.questions[0].question


def test_a_question_of_each_kind() -> None:
    found = read(ALL)

    assert [str(each) for each in found.problems] == []
    essay, word, pairs, moon, sun, planets, order = [item.question for item in found.questions]
    assert [item.line for item in found.questions] == [3, 11, 16, 24, 32, 36, 42]
    assert (essay.kind, essay.title, essay.points, essay.graders_note) == (
        QuestionKind.ESSAY,
        'Pores',
        Decimal(4),
        'Small pores',
    )
    assert word.texts == (TextAnswer(pattern='worms'), TextAnswer(pattern='beetles', credit=5000))
    assert pairs.pairs == (
        Pair(left='Titan', right='Saturn'),
        Pair(left='**Io**', right='Jupiter'),
        Pair(right='Mars'),
    )
    assert (moon.text, moon.feedback) == ('Which is "a moon", please?', 'Of **Jupiter**.')
    assert moon.options == (
        Option(text='Mars', feedback='A planet'),
        Option(text='Io', credit=WHOLE, feedback='Yes'),
        Option(text='Vega', credit=2500),
    )
    assert sun.options == (Option(credit=0, feedback='No'), Option(credit=WHOLE, feedback='Right'))
    assert [each.text for each in planets.options if each.credit] == ['Mars', 'Venus']
    assert (planets.kind, planets.credit_rule) == (QuestionKind.MULTIPLE_CHOICE, CreditRule.GUESS_NEUTRAL)
    assert order.order == ('Venus', 'Earth')


def test_what_is_not_taken_over_is_listed() -> None:
    assert [str(each) for each in read(ALL).left_out] == [
        'The number that 1 question had elsewhere.',
        'What 1 essay begins with.',
        'The hints of 1 question.',
        'How 1 question reckons, beyond which answers are right.',
        '1 piece of feedback with a condition of its own.',
        '“Difficulty” of 1 question.',
    ]


@pytest.mark.parametrize(
    ('kind', 'rows', 'problem'),
    [
        ('MC', ['Option,100,Paris, the city,,', 'Option,0,Lyon,,'], 'a comma too many'),
        ('MC', ['Option,,100,Paris', 'Option,,0,Lyon'], 'a comma too many'),
        ('MC', ['Option,0,Paris', 'Option,0,Lyon'], 'no option is marked as right'),
        ('MS', ['Option,50,Paris', 'Option,0,Lyon'], '“50” is neither 1 nor 0'),
        ('MC', ['Answer,100,Paris', 'Option,100,Lyon', 'Option,0,Rome'], '“Answer” in line 3 is no answer to it'),
        ('TF', ['TRUE,100'], 'have to be “true” and “false”'),
        ('TF', ['TRUE,100', 'FALSE,100'], 'exactly one of'),
        ('M', ['Choice,1,a', 'Choice,2,b', 'Match,3,c', 'Match,1,d'], '“3” is the number of no choice'),
        ('M', ['Choice,1,a', 'Choice,1,b', 'Match,1,c', 'Match,1,d'], 'two choices have the same number'),
        ('MC', ['QuestionText,Who?', 'Option,100,a', 'Option,0,b'], '“QuestionText” is there twice'),
    ],
)
def test_a_key_is_never_guessed(kind: str, rows: list[str], problem: str) -> None:
    (found,) = asked(kind, *rows).problems
    assert problem in str(found)
    assert str(found).startswith('Line 1: ')


def test_how_answers_count_is_kept_where_it_is_the_same_here() -> None:
    rows = 'Scoring,AllOrNothing', 'Option,1,a', 'Option,0,b'
    assert question('MS', *rows).credit_rule is CreditRule.ALL_OR_NOTHING
    assert asked('MS', *rows).left_out == ()
    assert question('SA', 'Answer,100,Io,sensitive').minds_case
    assert not question('SA', 'Answer,100,Io').minds_case


def test_expressions_and_kinds_that_are_not_here_are_named() -> None:
    found = read(ALL + 'NewQuestion,SA\nQuestionText,A letter?\nAnswer,100,[a-z]+,regexp\nNewQuestion,MSA\n')
    assert [str(each) for each in found.left_out][-2:] == [
        'Line 46: answers as expressions, such as “[a-z]+”, are not taken over.',
        'Line 49: questions of the kind “MSA” are not taken over.',
    ]


def test_a_row_without_a_word_before_it_is_not_lost() -> None:
    (problem,) = asked('MC', 'Option,100,a', ',0,b', 'Option,0,c').problems
    assert str(problem) == 'Line 4: this row belongs to no question.'


def test_other_spreadsheets_write_it_with_other_signs() -> None:
    expected = [item.question for item in read(ALL).questions]
    semicolons = ALL.replace(',', ';').replace('a moon"";', 'a moon"",')
    assert [item.question for item in read(semicolons).questions] == expected
    cells = [('A1', 'NewQuestion'), ('B1', 'TF'), ('A2', 'QuestionText'), ('B2', 'Is it?')]
    content = a_workbook([*cells, ('A3', 'TRUE'), ('B3', '100'), ('A4', 'FALSE'), ('B4', '0')])
    found = reading.read('questions.xlsx', content)
    assert found.problems == ()
    assert [option.credit for option in found.questions[0].question.options] == [WHOLE, 0]


def test_a_table_that_was_made_to_be_slow_is_not() -> None:
    with work_of_at_most(4):
        read('NewQuestion,MC\n' + 'Option,100,a\n' * 100_000)
        read('NewQuestion,MC\nQuestionText,a\n' * 100_000)
        read('NewQuestion,M\n' + 'Choice,1,a\nMatch,1,a\n' * 50_000)
