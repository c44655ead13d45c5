"""What an answer is worth: exactly what the rule says, and never more or less than the question gives."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.quizzes import answer, checking, grading
from services.quizzes.answer import Answer
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)
from tests.support.any_questions import SIMPLE, questions

pytestmark = pytest.mark.req('Q1', 'Q3')


def several(right: int, wrong: int, rule: CreditRule = CreditRule.GUESS_NEUTRAL) -> Question:
    options = [Option(text=f'right {n}', credit=WHOLE) for n in range(right)]
    options += [Option(text=f'wrong {n}') for n in range(wrong)]
    asked = Question(kind=QuestionKind.MULTIPLE_CHOICE, text='Which?', options=tuple(options), credit_rule=rule)
    return checking.check(asked)


def credit(question: Question, given: Answer | None) -> int | None:
    return grading.grade(question, given and answer.check(question, given)).credit


@pytest.mark.parametrize(
    ('rule', 'chosen', 'worth'),
    [
        (CreditRule.GUESS_NEUTRAL, (0, 1, 2), 10_000),
        (CreditRule.GUESS_NEUTRAL, (0, 1), 6_667),
        (CreditRule.GUESS_NEUTRAL, (0, 1, 2, 3), 5_000),
        (CreditRule.GUESS_NEUTRAL, (0, 1, 2, 3, 4), 0),
        (CreditRule.GUESS_NEUTRAL, (3,), 0),
        (CreditRule.RIGHT_MINUS_WRONG, (0, 1, 2, 3), 6_667),
        (CreditRule.RIGHT_MINUS_WRONG, (0, 3, 4), 0),
        (CreditRule.ALL_OR_NOTHING, (0, 1, 2), 10_000),
        (CreditRule.ALL_OR_NOTHING, (0, 1), 0),
    ],
)
def test_several_ticks_count_as_their_rule_says(rule: CreditRule, chosen: tuple[int, ...], worth: int) -> None:
    assert credit(several(3, 2, rule), Answer(chosen=chosen)) == worth


@given(st.integers(1, 8), st.integers(1, 8))
def test_ticking_everything_or_nothing_is_never_paid(right: int, wrong: int) -> None:
    asked = several(right, wrong)
    assert credit(asked, Answer(chosen=tuple(range(right + wrong)))) == 0
    assert credit(asked, Answer()) == 0
    assert credit(asked, None) == 0


@given(
    rule=st.sampled_from(CreditRule),
    credits=st.lists(st.integers(-WHOLE, WHOLE), min_size=2, max_size=8),
    chosen=st.sets(st.integers(0, 7)),
)
def test_credit_is_never_below_nothing_or_above_everything(
    rule: CreditRule, credits: list[int], chosen: set[int]
) -> None:
    options = tuple(Option(text=str(place), credit=each) for place, each in enumerate(credits))
    asked = Question(kind=QuestionKind.MULTIPLE_CHOICE, text='Which?', options=options, credit_rule=rule)
    ticked = tuple(each for each in chosen if each < len(options))
    worth = grading.grade(asked, Answer(chosen=ticked)).credit
    assert worth is not None
    assert 0 <= worth <= WHOLE


ORDERS = st.lists(SIMPLE, min_size=2, max_size=5, unique=True).map(
    lambda parts: Question(kind=QuestionKind.ORDERING, text='Sort', order=tuple(parts))
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=questions(texts=SIMPLE, words=SIMPLE) | ORDERS, drawn=st.data(), points=st.decimals(0, 1000, places=2))
def test_an_answer_to_a_question_of_any_kind_is_worth_nothing_to_all_of_its_points(
    asked: Question, drawn: st.DataObject, points: Decimal
) -> None:
    given = answer.check(asked, drawn.draw(answers(asked)))
    worth = credit(asked, given)
    if worth is None:
        assert asked.kind is QuestionKind.ESSAY
    else:
        assert 0 <= worth <= WHOLE
        assert 0 <= grading.points_of(points, worth) <= points


def answers(asked: Question) -> st.SearchStrategy[Answer]:
    """Answers that the question can be given, right and wrong ones."""
    places = st.integers(0, max(0, len(asked.options) - 1))
    rights = st.none() | st.integers(0, max(0, len(asked.pairs) - 1))
    typed = [str(each.value) for each in asked.numbers] + [each.pattern for each in asked.texts]
    most = 1 if asked.kind is not QuestionKind.MULTIPLE_CHOICE else None
    return st.builds(
        Answer,
        chosen=st.sets(places, max_size=most).map(tuple) if asked.options else st.just(()),
        text=st.sampled_from([*typed, '0', '-1,5', 'clay', '']) | st.text(max_size=8),
        pairs=st.lists(rights, max_size=sum(bool(pair.left) for pair in asked.pairs)).map(tuple),
        order=st.permutations(range(len(asked.order))).map(tuple),
    )


def test_a_single_choice_gives_what_its_option_gives() -> None:
    options = Option(text='Clay', credit=WHOLE, feedback='Yes.'), Option(text='Silt', credit=5_000), Option(text='Sand')
    asked = checking.check(Question(kind=QuestionKind.SINGLE_CHOICE, text='Finest?', options=options))
    assert [credit(asked, Answer(chosen=(place,))) for place in range(3)] == [10_000, 5_000, 0]
    assert grading.grade(asked, Answer(chosen=(0,))).feedback == ('Yes.',)


def test_the_first_band_that_fits_decides() -> None:
    bands = (
        NumberAnswer(value=Decimal(1822), feedback='Exactly.'),
        NumberAnswer(value=Decimal(1822), tolerance=Decimal(2), credit=5_000),
    )
    asked = checking.check(Question(kind=QuestionKind.NUMERIC, text='When?', numbers=bands))
    assert [credit(asked, Answer(text=each)) for each in ('1822', '1,822', '1824', '1825', 'soon')] == [
        10_000,
        10_000,
        5_000,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ('pattern', 'given', 'settings', 'is_right'),
    [
        ('Loam', ' loam ', {}, True),
        ('Loam', 'LOAM', {'minds_case': True}, False),
        ('two words', 'two   words', {}, True),
        ('café', 'cafe', {}, False),
        ('café', 'cafe', {'minds_accents': False}, True),
        ('Straße', 'STRASSE', {}, True),
        ('photosynthesis', 'fotosynthesis', {}, False),
        ('photosynthesis', 'photosyntesis', {'forgives_typos': True}, True),
        ('photosynthesis', 'phtosyntesis', {'forgives_typos': True}, True),
        ('loam', 'loan', {'forgives_typos': True}, False),
        ('CO2 gas', 'CO3 gas', {'forgives_typos': True}, False),
        ('*clay*', 'the heavy clay soil', {}, True),
        ('a*b*c', 'abc', {}, True),
        ('a*bc', 'ab', {}, False),
        ('ab*b', 'ab', {}, False),
        ('5 \\* 3', '5 * 3', {}, True),
        ('5 \\* 3', '5 and 3', {}, False),
        ('0', '0', {}, True),
        ("don't", 'don’t', {'minds_case': True, 'minds_accents': True}, True),
        ('“to be”', '"to be"', {}, True),
        ('well-known', 'well–known', {}, True),
        ('and so on...', 'and so on…', {}, True),
        ('humus', '\u200bhu\u00admus\ufeff', {}, True),
        ('humus', 'hu\u00a0mus', {}, False),
        ('می‌خواهم', 'میخواهم', {}, False),
    ],
)
def test_a_short_text_is_compared_as_its_author_chose(
    pattern: str, given: str, settings: dict[str, bool], is_right: bool
) -> None:
    texts = (TextAnswer(pattern=pattern),)
    asked = Question(kind=QuestionKind.SHORT_TEXT, text='What?', texts=texts, **settings)  # type: ignore[arg-type]
    assert (credit(checking.check(asked), Answer(text=given)) == WHOLE) is is_right


def test_pairs_and_parts_count_one_by_one() -> None:
    pairs = Pair(left='Clay', right='fine'), Pair(left='Sand', right='coarse'), Pair(right='wet')
    matching = checking.check(Question(kind=QuestionKind.MATCHING, text='Match', pairs=pairs))
    assert credit(matching, Answer(pairs=(0, 1))) == WHOLE
    assert credit(matching, Answer(pairs=(0, 2))) == 5_000
    assert credit(matching, Answer(pairs=(1,))) == 0
    assert grading.grade(matching, Answer(pairs=(None, None))).credit == 0
    ordering = checking.check(Question(kind=QuestionKind.ORDERING, text='Sort', order=('a', 'b', 'c', 'd')))
    assert credit(ordering, Answer(order=(0, 1, 2, 3))) == WHOLE
    assert credit(ordering, Answer(order=(1, 2, 3, 0))) == 6_667
    assert credit(ordering, Answer(order=(3, 2, 1, 0))) == 0


def test_an_essay_waits_for_a_person() -> None:
    asked = checking.check(Question(kind=QuestionKind.ESSAY, text='Why?'))
    assert credit(asked, Answer(text='Because.')) is None
    assert credit(asked, Answer(text='  ')) == 0
