"""What is no question yet is refused with what to do."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.core.errors import Invalid
from services.quizzes import answer, checking
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

pytestmark = pytest.mark.req('Q1')

RIGHT, WRONG = Option(text='Clay', credit=WHOLE), Option(text='Sand')
ONE = Question(kind=QuestionKind.SINGLE_CHOICE, text='Finest?', options=(RIGHT, WRONG))
NUMBER = Question(kind=QuestionKind.NUMERIC, text='How many?', numbers=(NumberAnswer(value=Decimal(3)),))
BROKEN = {
    'Type what is asked': replace(ONE, text='  '),
    'Mark the option that is right': replace(ONE, options=(WRONG, Option(text='Silt'))),
    'between 2 and': replace(ONE, options=(RIGHT,)),
    'is there twice': replace(ONE, options=(RIGHT, WRONG, WRONG)),
    'Type a text for each option': replace(ONE, options=(RIGHT, Option(credit=WHOLE))),
    'points must be above 0': replace(ONE, points=Decimal('NaN')),
    'at most 1000': replace(ONE, points=Decimal('1E+999')),
    'two decimal places': replace(ONE, points=Decimal('0.001')),
    'at most 20 tags': replace(ONE, tags=tuple(map(str, range(21)))),
    'at least one option': Question(
        kind=QuestionKind.MULTIPLE_CHOICE, text='Which?', options=(WRONG, Option(text='x'))
    ),
    'true or false': Question(kind=QuestionKind.TRUE_FALSE, text='Is it?', options=(Option(), Option())),
    'tolerance must be 0 or more': replace(NUMBER, numbers=(NumberAnswer(value=Decimal(1), tolerance=Decimal(-1)),)),
    'no number': replace(NUMBER, numbers=(NumberAnswer(value=Decimal('NaN')),)),
    'number that is right': replace(NUMBER, numbers=(NumberAnswer(value=Decimal(1), credit=5_000),)),
    'one answer that is right': Question(
        kind=QuestionKind.SHORT_TEXT, text='What?', texts=(TextAnswer(pattern='a', credit=0),)
    ),
    'between 1 and 300': Question(kind=QuestionKind.SHORT_TEXT, text='What?', texts=(TextAnswer(pattern='\u200b'),)),
    'right part of each pair': Question(
        kind=QuestionKind.MATCHING, text='Match', pairs=(Pair(left='a', right=''),) * 2
    ),
    'between 2 and 50 pairs': Question(kind=QuestionKind.MATCHING, text='Match', pairs=(Pair(left='a', right='b'),)),
    'Two parts': Question(kind=QuestionKind.ORDERING, text='Sort', order=('a', 'a', 'b')),
}


@pytest.mark.parametrize('sentence', BROKEN)
def test_what_is_missing_is_said(sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        checking.check(BROKEN[sentence])


def test_a_question_keeps_what_belongs_to_its_kind() -> None:
    mixed = replace(ONE, order=('a', 'b'), tags=(' Soil ', 'soil'), points=Decimal('2.00'))
    kept = checking.check(mixed)
    assert (kept.order, kept.tags, kept.points) == ((), ('soil',), 2)
    assert checking.check(kept) == kept


@pytest.mark.parametrize(
    'told',
    [
        *(None, 'x', [], {'text': 3}, {'chosen': 'ab'}, {'chosen': [None]}, {'chosen': [1.5]}, {'chosen': [True]}),
        *({'chosen': list(range(101))}, {'pairs': [{}]}, {'order': {'a': 1}}),
    ],
)
def test_what_is_no_answer_is_refused(told: object) -> None:
    with pytest.raises(Invalid, match='cannot be read'):
        answer.from_json(told)


@pytest.mark.parametrize('given', [Answer(chosen=(2,)), Answer(chosen=(-1,)), Answer(chosen=(0, 1))])
def test_an_answer_names_what_is_there(given: Answer) -> None:
    with pytest.raises(Invalid, match='cannot be read'):
        answer.check(ONE, given)
