"""The simplest way to write questions: one line each for the question, its options and the right letter."""

import pytest

from services.quizzes.formats import aiken, reading
from services.quizzes.question import WHOLE, Option, QuestionKind
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')


def test_questions_with_one_right_option() -> None:
    read = aiken.read('What is *big*?\nA) a <b>mouse</b>\nB) an elephant\nANSWER: B\n\nU.S.?\nA. yes\nB. no\nANSWER:A')

    assert read.problems == ()
    assert [(item.question.kind, item.line) for item in read.questions] == [
        (QuestionKind.SINGLE_CHOICE, 1),
        (QuestionKind.SINGLE_CHOICE, 6),
    ]
    assert read.questions[0].question.text == 'What is \\*big\\*?'
    assert read.questions[0].question.options == (
        Option(text='a \\<b\\>mouse\\</b\\>'),
        Option(text='an elephant', credit=WHOLE),
    )


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('Q\nA) a\nB) b\nANSWER: C', 'Line 4: “ANSWER: C” does not name one of the options of the question in line 1.'),
        ('Q\nA) a\nA) b\nANSWER: A', 'Line 4: “ANSWER: A” does not name one of the options of the question in line 1.'),
        ('Q\nA) a\nB) b\nANSWER: A, B', 'Line 4: “ANSWER: A, B” does not name one of the options'),
        ('Q\nA) a\nANSWER: A', 'Line 3: there are fewer than two options.'),
        ('A) a', 'Line 1: an option stands here without a question before it.'),
        ('ANSWER: A', 'Line 1: “ANSWER:” stands here without a question before it.'),
        ('Q\nA) a\nB) b', 'Line 1: the question in line 1, “Q”, has no “ANSWER:”.'),
        ('Q\nmore\nA) a\nB) b\nANSWER: A', 'Line 2: the question in line 1, “Q”, has no “ANSWER:”.'),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, problem: str) -> None:
    (found,) = aiken.read(text).problems

    assert str(found).startswith(problem)


@pytest.mark.parametrize(
    'text', ['A) ' * 1_000_000, 'a\n' * 1_000_000, 'a\n' + 'A) a\n' * 500_000, 'ANSWER:' * 700_000]
)
def test_a_file_that_was_made_to_be_slow_is_not(text: str) -> None:
    with work_of_at_most(6):
        aiken.read(text)


@pytest.mark.parametrize(
    'text',
    [
        'Q?\na) a\nb) b\nANSWER: b',
        'Q?\nA. a\nB. b\nAnswer: B',
        'Q?\nA. a\nB. b\nANSWER : B',
        'Q?\nA: a\nB: b\nANSWER: B',
        'Q?\n(A) a\n(B) b\nanswer: (b)',
        'Q?\nA. a\nB. b\nANSWER: B.',
    ],
)
def test_a_file_that_people_wrote_by_hand_is_read_too(text: str) -> None:
    read = reading.read('questions.txt', text.encode())
    assert read.problems == ()
    assert [item.question.options for item in read.questions] == [(Option(text='a'), Option(text='b', credit=WHOLE))]


def test_by_hand_too_nothing_is_guessed() -> None:
    for text in 'Q?\na) a\nb) b\nanswer: c', 'Q?\na) a\nb) b\nanswer: a, b', 'a) a\nb) b\nanswer: a':
        assert reading.read('questions.txt', text.encode()).is_refused
