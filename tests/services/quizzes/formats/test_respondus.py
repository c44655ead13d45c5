"""Questions as exams are written in a text editor, for Respondus and for what reads its standard format."""

from decimal import Decimal

import pytest

from services.quizzes.formats import reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, Option, Pair, QuestionKind
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')


def read(*lines: str) -> Read:
    return reading.read('exam.txt', '\n'.join(lines).encode())


def right(found: Read) -> list[list[str]]:
    return [[option.text for option in item.question.options if option.credit] for item in found.questions]


def test_a_question_of_each_kind() -> None:
    found = read(
        'Title: Moons',
        'Points: 2',
        '3) Which of these',
        'is a moon?',
        '~ It goes round Jupiter.',
        '@ Look it up.',
        'a) Mars',
        '*b) Io, which is',
        'far away',
        '',
        'Type: MR',
        '4. Planets?',
        '*a. Mars',
        'b. Io',
        'Points: 1',
        '5. The sun is a star.',
        '*a. True',
        'b. False',
        'Type: E',
        '6. Why is there day and night?',
        'a. It turns.',
        'Type: F',
        '7. Who discovered Io?',
        'a. Galilei',
        'b. Galileo Galilei',
        'Type: MT',
        '8. Match.',
        'a. Io = Jupiter',
        'b. Titan = Saturn',
        'Type: ORD',
        '9. Outwards:',
        'a. Venus',
        'b. Earth',
    )

    assert [str(each) for each in (*found.problems, *found.left_out, *found.warnings)] == []
    moon, planets, sun, day, who, pairs, order = [item.question for item in found.questions]
    assert (moon.kind, moon.title, moon.text) == (QuestionKind.SINGLE_CHOICE, 'Moons', 'Which of these\nis a moon?')
    assert moon.options == (Option(text='Mars'), Option(text='Io, which is far away', credit=WHOLE))
    assert (moon.feedback_right, moon.feedback_wrong) == ('It goes round Jupiter.', 'Look it up.')
    assert [moon.points, planets.points, sun.points] == [2, 2, Decimal(1)]
    assert (planets.kind, planets.title) == (QuestionKind.MULTIPLE_CHOICE, '')
    assert (sun.kind, [each.credit for each in sun.options]) == (QuestionKind.TRUE_FALSE, [WHOLE, 0])
    assert (day.kind, day.graders_note) == (QuestionKind.ESSAY, 'It turns.')
    assert [each.pattern for each in who.texts] == ['Galilei', 'Galileo Galilei']
    assert pairs.pairs == (Pair(left='Io', right='Jupiter'), Pair(left='Titan', right='Saturn'))
    assert order.order == ('Venus', 'Earth')


def test_what_is_right_may_be_listed_at_the_end() -> None:
    found = read(
        *('1. Which is a moon?', 'a. Mars', 'b. Io'),
        *('2. Planets?', 'a. Mars', 'b. Io', 'c. Venus'),
        *('3. The sun is a star.', 'a. True', 'b. False'),
        *('Type: E', '4. Why?'),
        *('Type: F', '5. Who discovered Io?'),
        *('Answers:', '', '1. B', '2) a, c', '3. T', '4. It turns, and', '5. Galilei'),
    )

    assert found.problems == ()
    assert right(found)[:2] == [['Io'], ['Mars', 'Venus']]
    assert [each.credit for each in found.questions[2].question.options] == [WHOLE, 0]
    assert found.questions[3].question.graders_note == 'It turns, and'
    assert [each.pattern for each in found.questions[4].question.texts] == ['Galilei']


def test_answers_may_stand_side_by_side() -> None:
    found = read('1. Moon?', 'a. Mars', 'b. Io', '2. Planet?', 'a. Mars', 'b. Io', 'ANSWERS :', '1. B   2. A')

    assert right(found) == [['Io'], ['Mars']]


def test_questions_without_a_gap_between_them_stay_apart() -> None:
    found = read('1. Moon?', 'a. Mars', '*b. Io', '2. Planet?', '*a. Mars', 'b. Io')

    assert [item.question.text for item in found.questions] == ['Moon?', 'Planet?']
    assert right(found) == [['Io'], ['Mars']]


MOON = ('1. Moon?', 'a. Mars', 'b. Io')


@pytest.mark.parametrize(
    ('lines', 'problem'),
    [
        (('Answers:', '1. C'), 'Line 1: “C” at the end does not name options of this question.'),
        (('Answers:', '1. Io'), 'Line 1: “Io” at the end does not name options of this question.'),
        (('Answers:', '1. B', '2. A'), 'Line 6: no question has the number 2.'),
        (('Answers:', '1. B', '1. A'), 'Line 6: the answer to question 1 is there twice.'),
        (('Answers:', 'B'), 'Line 5: an answer begins with the number of its question, such as “3. B”.'),
        (('2. Star?', 'a. x', '*b. y'), 'Line 1: no option is marked as right. Put a * before it.'),
        (('a. Titan', 'Answers:', '1. B'), 'Line 1: two options have the same letter.'),
        (('*c. Titan', 'Answers:', '1. B'), 'Line 1: the list at the end names other options than those with a *.'),
        (('1. Star?', 'a. x', 'b. y', 'Answers:', '1. B'), 'Line 8: several questions have the number 1.'),
        (('', 'Turn the page', '*c. Titan'), 'Line 5: this line belongs to no question.'),
        (('Type: F', '2. Who?', 'Answers:', '1. B', '2. Io, Titan'), 'Line 5: “Io, Titan” may be one answer or'),
        (('Type: MT', '2. Match.', 'a. Io', 'b. Titan', 'Answers:', '1. B'), 'Line 5: what belongs together has to'),
        (('Type: F', '2. Who?', 'Answers:', '1. B'), 'Line 5: no answer is marked as right.'),
    ],
)
def test_nothing_is_guessed(lines: tuple[str, ...], problem: str) -> None:
    problems = [str(each) for each in read(*MOON, *lines).problems]

    assert problems[0].startswith(problem)


def test_other_kinds_and_feedback_of_one_option_are_listed() -> None:
    found = read('Type: JUM', '1. Put in.', 'a. x', '2. Moon?', 'a. Mars', '@ No.', '*b. Io')

    assert [str(each) for each in found.left_out] == [
        '1 piece of feedback with a condition of its own.',
        'Line 2: questions of the kind “JUM” are not taken over.',
    ]
    assert right(found) == [['Io']]


@pytest.mark.parametrize(
    'text',
    [
        '1. a\n*a. b\n' * 300_000,
        '1. a\n*a. b\nAnswers:\n' + '1. a ' * 500_000,
        'Type: E\n1. a\na. ' + 'b\n' * 1_000_000,
    ],
)
def test_a_file_that_was_made_to_be_slow_is_not(text: str) -> None:
    with work_of_at_most(6):
        reading.read('exam.txt', text.encode())
