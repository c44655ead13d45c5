"""What is written for other programs is read back as it was, as far as the format can say it; the rest is listed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.quizzes.formats import gift_writing, moodle_xml_writing, qti3_writing, reading
from services.quizzes.formats.findings import Item, Read, Written
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Question,
    QuestionKind,
    TextAnswer,
    Tolerance,
)
from tests.support.any_questions import SIMPLE, questions

pytestmark = pytest.mark.req('Q9')

CATEGORIES = st.just('') | st.lists(SIMPLE, min_size=1, max_size=3).map('/'.join)
ESSAY = Question(kind=QuestionKind.ESSAY, title='Day', text='Why?')
QUICK = settings(deadline=None, max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
WRITERS = [gift_writing.write, moodle_xml_writing.write]
PROSE = st.tuples(SIMPLE, SIMPLE).flatmap(
    lambda words: st.sampled_from(
        [
            '{} {}',
            '{} **{}**',
            '{} *{}*',
            '{}\n\n- {}\n- b',
            '{}\n\n{}',
            '{} \\* {}',
            '{} < {} & "c"',
            '{}<sup>{}</sup>',
        ]
    ).map(
        lambda pattern: (
            pattern.format(*words).replace('<', '\\<').replace('&', '\\&')
            if ' < ' in pattern
            else pattern.format(*words)
        )
    )
)
"""Markdown that is the same after it was HTML"""
TAGS = st.lists(SIMPLE, max_size=2, unique=True).map(tuple)


def read_back(written: Written) -> Read:
    read = reading.read('questions', written.content)
    assert [str(problem) for problem in read.problems] == []
    assert read.left_out == ()
    return read


@given(questions(), TAGS)
@QUICK
def test_gift_gives_back_what_was_written(question: Question, tags: tuple[str, ...]) -> None:
    asked = replace(question, tags=tags)

    written = gift_writing.write([Item(question=asked)])

    assert written.left_out == ()
    assert [item.question for item in read_back(written).questions] == [asked]


@given(questions(), TAGS, st.booleans(), st.decimals(0, 1000, places=2), SIMPLE)
@QUICK
def test_moodle_xml_gives_back_what_was_written(
    question: Question, tags: tuple[str, ...], is_so: bool, points: Decimal, said: str
) -> None:
    asked = replace(question, tags=tags, points=points)
    if question.options[2:] or question.pairs:
        asked = replace(asked, is_shuffled=is_so)
        asked = replace(asked, feedback_right=said, feedback_partly=f'*{said}*', feedback_wrong=f'{said}\n\n- {said}')
    if question.texts:
        asked = replace(asked, minds_case=is_so)
    if question.kind is QuestionKind.ESSAY:
        asked = replace(asked, graders_note=said)

    written = moodle_xml_writing.write([Item(question=asked)])

    assert written.left_out == ()
    assert [item.question for item in read_back(written).questions] == [asked]


@given(questions(texts=PROSE, words=SIMPLE), st.booleans(), st.decimals(0, 1000, places=2), PROSE)
@QUICK
def test_qti_gives_back_what_was_written(question: Question, is_so: bool, points: Decimal, said: str) -> None:
    asked = replace(question, points=points, feedback_right=said, feedback_wrong=said, feedback_partly=said)
    if question.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE} or question.pairs:
        asked = replace(asked, is_shuffled=is_so)
    if question.texts:
        asked = replace(asked, minds_case=is_so, texts=tuple({text.pattern: text for text in question.texts}.values()))
    asked = replace(asked, texts=tuple(replace(text, feedback='') for text in asked.texts))
    asked = replace(asked, numbers=tuple(replace(each, feedback='') for each in asked.numbers if not each.is_any))
    rights = [pair.right for pair in question.pairs]  # what is left over is written once, if it belongs to nothing
    left_over = (pair for place, pair in enumerate(question.pairs) if pair.left or pair.right not in rights[:place])
    asked = replace(asked, pairs=tuple(left_over))
    if question.kind is QuestionKind.ESSAY:
        asked = replace(asked, feedback_right='', feedback_wrong='', feedback_partly='', graders_note=said)

    written = qti3_writing.write([Item(question=with_whole_key(asked))])

    assert written.left_out == ()
    assert [item.question for item in read_back(written).questions] == [with_whole_key(asked)]


def with_whole_key(question: Question) -> Question:
    """A question of which the best answer gives all points: QTI knows no other."""
    if question.numbers:
        return replace(question, numbers=(replace(question.numbers[0], credit=WHOLE), *question.numbers[1:]))
    if question.texts:
        return replace(question, texts=(replace(question.texts[0], credit=WHOLE), *question.texts[1:]))
    return question


def test_qti_has_orders_rules_and_pictures() -> None:
    order = Question(
        kind=QuestionKind.ORDERING,
        title='Sizes',
        text='Sort ![a](picture:a.png)',
        order=('first', '**second**', 'third'),
    )
    rule = replace(CHOICE, credit_rule=CreditRule.ALL_OR_NOTHING)
    pictures = {'a.png': b'\x89PNG\r\n\x1a\nA'}

    first, second = read_back(
        qti3_writing.write([Item(question=order, pictures=pictures), Item(question=rule, number=2)])
    ).questions

    assert (first.question, dict(first.pictures)) == (order, pictures)
    assert second.question == rule


def test_what_qti_cannot_say_is_listed() -> None:
    asked = [
        Question(kind=QuestionKind.SHORT_TEXT, text='?', texts=(TextAnswer(pattern='I*'),)),
        Question(
            kind=QuestionKind.SHORT_TEXT, text='?', texts=(TextAnswer(pattern='Io', feedback='yes'),), tags=('a',)
        ),
        replace(CHOICE, kind=QuestionKind.SINGLE_CHOICE, options=(Option(text='a', credit=1), Option(text='b'))),
    ]

    written = qti3_writing.write([Item(question=each, number=n, category='Sky') for n, each in enumerate(asked, 1)])

    assert [str(each) for each in written.left_out] == [
        'What is said of single answers to 1 question.',
        'The tags of 1 question.',
        'The category of 1 question.',
        'Question 1 “?”: this format cannot say that “*” stands for any letters.',
        'Question 3 “Moons”: this format cannot say a single choice in which no option is all right.',
    ]
    assert len(read_back(written).questions) == 1


def test_moodle_xml_has_orders_and_pictures() -> None:
    shown = Question(
        kind=QuestionKind.ORDERING,
        title='Sizes',
        text='Sort ![a](picture:a.png)',
        order=('first', '![b](picture:b-2.jpg)', 'third'),
        feedback='![a](picture:a.png)',
    )
    pictures = {'a.png': b'\x89PNG\r\n\x1a\nA', 'b-2.jpg': b'\xff\xd8\xffB'}

    (item,) = read_back(moodle_xml_writing.write([Item(question=shown, pictures=pictures)])).questions

    assert item.question == shown
    assert dict(item.pictures) == pictures


def test_what_moodle_cannot_say_is_listed() -> None:
    words = Question(kind=QuestionKind.SHORT_TEXT, text='?', texts=(TextAnswer(pattern='Io'),), forgives_typos=True)
    essay = Question(kind=QuestionKind.ESSAY, text='?\x0b', feedback_right='Yes!')

    written = moodle_xml_writing.write([Item(question=each) for each in (words, essay)])

    assert [str(each) for each in written.left_out] == [
        'How exactly the answer to 1 question has to be spelled.',
        'What is said of right and wrong answers to 1 question.',
    ]
    assert len(read_back(written).questions) == 2


@pytest.mark.parametrize(('title', 'text'), [('Unit 1:: Moons:', 'Why?'), ('', ':: why ::'), ('::', '//{T}')])
def test_colons_do_not_end_a_title(title: str, text: str) -> None:
    (item,) = read_back(gift_writing.write([Item(question=replace(ESSAY, title=title, text=text))])).questions

    assert (item.question.title, item.question.text) == (title, text)


@given(st.lists(CATEGORIES, min_size=1, max_size=4))
@QUICK
def test_categories_are_given_back(categories: list[str]) -> None:
    items = [Item(question=ESSAY, category=category) for category in categories]

    for writer in WRITERS:
        assert [item.category for item in read_back(writer(items)).questions] == categories


CHOICE = Question(
    kind=QuestionKind.MULTIPLE_CHOICE,
    text='Which?',
    title='Moons',
    options=(Option(text='a', credit=WHOLE), Option(text='b', credit=WHOLE), Option(text='c'), Option(text='d')),
)


@pytest.mark.parametrize(
    ('rule', 'credits'),
    [
        (CreditRule.GUESS_NEUTRAL, [5000, 5000, -5000, -5000]),
        (CreditRule.RIGHT_MINUS_WRONG, [5000, 5000, -5000, -5000]),
        (CreditRule.ALL_OR_NOTHING, [5000, 5000, -5000, -5000]),
    ],
)
def test_rules_become_weights_that_give_the_same(rule: CreditRule, credits: list[int]) -> None:
    written = gift_writing.write([Item(question=replace(CHOICE, credit_rule=rule))])

    (item,) = read_back(written).questions
    assert [option.credit for option in item.question.options] == credits
    assert [str(each) for each in written.left_out] == (
        ['“All or nothing” of 1 question became weights.'] if rule is CreditRule.ALL_OR_NOTHING else []
    )


def test_one_wrong_option_does_not_take_everything_away() -> None:
    options = (Option(text='a', credit=WHOLE), Option(text='b', credit=WHOLE), Option(text='c'))
    written = gift_writing.write([Item(question=replace(CHOICE, options=options))])

    assert [option.credit for option in read_back(written).questions[0].question.options] == [5000, 5000, -5000]


def test_other_tolerances_become_distances() -> None:
    relative = NumberAnswer(value=Decimal(-200), tolerance=Decimal('0.05'), tolerance_kind=Tolerance.RELATIVE)
    factor = NumberAnswer(value=Decimal(10), tolerance=Decimal(1), tolerance_kind=Tolerance.GEOMETRIC)
    question = Question(kind=QuestionKind.NUMERIC, text='How far?', numbers=(relative, factor))

    (item,) = read_back(gift_writing.write([Item(question=question)])).questions

    assert item.question.numbers == (
        NumberAnswer(value=Decimal(-200), tolerance=Decimal(10)),
        NumberAnswer(value=Decimal('12.5'), tolerance=Decimal('7.5')),
    )


def test_what_gift_cannot_say_is_listed() -> None:
    everything = replace(
        CHOICE,
        points=Decimal(3),
        feedback_right='Yes!',
        is_shuffled=False,
        tags=('a]b',),
    )
    words = Question(kind=QuestionKind.SHORT_TEXT, text='?', texts=(TextAnswer(pattern='Io'),), minds_case=True)
    essay = Question(kind=QuestionKind.ESSAY, text='?', graders_note='two reasons')
    order = Question(kind=QuestionKind.ORDERING, text='Sort', order=('a', 'b'))
    arrow = Question(kind=QuestionKind.SHORT_TEXT, text='Write', texts=(TextAnswer(pattern='a->b'),))
    half = Question(
        kind=QuestionKind.SINGLE_CHOICE, text='Half', options=(Option(text='a', credit=5000), Option(text='b'))
    )
    asked = [everything, words, essay, order, arrow, half]

    written = gift_writing.write([Item(question=each, number=number) for number, each in enumerate(asked, start=1)])

    assert [str(each) for each in written.left_out] == [
        'The points of 1 question.',
        'What is said of right and wrong answers to 1 question.',
        'That the options of 1 question keep their order.',
        'The tags of 1 question.',
        'How exactly the answer to 1 question has to be spelled.',
        'The note for those who grade 1 essay.',
        'Question 4 “Sort”: this format cannot say an order.',
        'Question 5 “Write”: this format cannot say “->” in an answer.',
        'Question 6 “Half”: this format cannot say a single choice in which no option is all right, or each of them.',
    ]
    assert len(read_back(written).questions) == 3
