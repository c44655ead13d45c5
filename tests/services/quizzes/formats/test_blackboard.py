"""Questions as Blackboard uploads them: a line each, with tabs."""

from decimal import Decimal

import pytest

from services.quizzes.formats import reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, QuestionKind

pytestmark = pytest.mark.req('Q9')


def read(*lines: str) -> Read:
    return reading.read('upload.txt', '\n'.join(lines).encode())


def test_a_question_of_each_kind() -> None:
    found = read(
        'MC\tWhich is a moon?\tMars\tincorrect\tIo\tcorrect\t\t',
        'MA\tPlanets?\tMars\tCorrect\tIo\tIncorrect\tVenus\tcorrect',
        '"TF"\t"The ""sun"" is a star, is it?"\tTRUE',
        'ESS\tWhy is there day and night?\tIt turns.',
        'SR\tWhat is a day?',
        'ORD\tOutwards:\tVenus\tEarth\tMars',
        'MAT\tMatch.\tIo\tJupiter\tTitan\tSaturn',
        'FIB\tWho discovered Io?\tGalilei\tGalileo Galilei',
        'NUM\tWhat is π?\t3.14\t0.005',
    )

    assert [str(each) for each in (*found.problems, *found.left_out, *found.warnings)] == []
    moon, planets, sun, day, short, order, pairs, who, pi = [item.question for item in found.questions]
    assert (moon.kind, moon.options) == (
        QuestionKind.SINGLE_CHOICE,
        (Option(text='Mars'), Option(text='Io', credit=WHOLE)),
    )
    assert planets.kind is QuestionKind.MULTIPLE_CHOICE
    assert [each.text for each in planets.options if each.credit] == ['Mars', 'Venus']
    assert (sun.text, [each.credit for each in sun.options]) == ('The "sun" is a star, is it?', [WHOLE, 0])
    assert (day.kind, day.graders_note, short.kind) == (QuestionKind.ESSAY, 'It turns.', QuestionKind.ESSAY)
    assert order.order == ('Venus', 'Earth', 'Mars')
    assert pairs.pairs == (Pair(left='Io', right='Jupiter'), Pair(left='Titan', right='Saturn'))
    assert [each.pattern for each in who.texts] == ['Galilei', 'Galileo Galilei']
    assert pi.numbers == (NumberAnswer(value=Decimal('3.14'), tolerance=Decimal('0.005')),)


@pytest.mark.parametrize(
    ('line', 'problem'),
    [
        ('MC\tWhich?\tMars\tincorrect\tIo', '“Io” stands alone: answers come in twos here.'),
        ('MC\tWhich?\tMars\tIo\tVega\tcorrect', '“Io” is neither “correct” nor “incorrect”.'),
        ('MC\tWhich?\tMars\tincorrect\tIo\tincorrect', 'no option is marked as right.'),
        ('TF\tIs it?\ttrue\tfalse', '“true false” is neither “true” nor “false”.'),
        ('TF\tIs it?', '“” is neither “true” nor “false”.'),
        ('MAT\tMatch.\tIo\tJupiter\tTitan', '“Titan” stands alone: answers come in twos here.'),
        ('NUM\tHow many?\t1,234', '“1,234” is not a number. Write it like 1.5 or 1500.'),
        ('NUM\tHow many?', 'a number and how far from it an answer may be are all that can stand here.'),
        ('FIB\tWho?', 'no answer is marked as right.'),
        ('Which is a moon?\tIo', '“WHICH IS A MOON?” is no type of question of Blackboard.'),
    ],
)
def test_a_key_is_never_guessed(line: str, problem: str) -> None:
    assert [str(each) for each in read('TF\tIs it?\ttrue', line).problems] == [f'Line 2: {problem}']


def test_kinds_that_are_not_here_are_named() -> None:
    found = read('TF\tIs it?\ttrue', 'FIB_PLUS\t[a] and [b]\ta\tx\t\tb\ty', 'OP\tWell?')
    assert [str(each) for each in found.left_out] == [
        'Line 2: questions of the kind “FIB_PLUS” are not taken over.',
        'Line 3: questions of the kind “OP” are not taken over.',
    ]
    assert len(found.questions) == 1
