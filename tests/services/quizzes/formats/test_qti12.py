"""Canvas and many older systems give questions as QTI 1.2: its conditions say what is right."""

from decimal import Decimal

import pytest

from services.quizzes.formats import qti12
from services.quizzes.formats.findings import Read, Wrong
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

pytestmark = pytest.mark.req('Q9')

WHY = '<material><mattext texttype="text/html">&lt;p&gt;Why &lt;b&gt;so&lt;/b&gt;?&lt;/p&gt;</mattext></material>'


def read(answers: str, rules: str, *, kind: str = '', more: str = '') -> Read:
    meta = ''.join(
        f'<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>'
        for label, value in (('question_type', kind), ('points_possible', '2.5'))
        if value
    )
    return qti12.read(
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><item title="Moons"><itemmetadata>'
        f'<qtimetadata>{meta}</qtimetadata></itemmetadata><presentation>{WHY}{answers}</presentation>'
        f'<resprocessing><outcomes><decvar varname="SCORE" maxvalue="100"/></outcomes>{rules}</resprocessing>{more}'
        '</item></questestinterop>'.encode()
    )


def question(answers: str, rules: str, **facts: str) -> Question:
    found = read(answers, rules, **facts)
    assert [str(problem) for problem in found.problems] == []
    return found.questions[0].question


def labels(*options: str) -> str:
    return ''.join(
        f'<response_label ident="{option}"><material><mattext>{option}</mattext></material></response_label>'
        for option in options
    )


def choice(*options: str, cardinality: str = 'Single', ident: str = 'r', said: str = '') -> str:
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{said}'
        f'<render_choice>{labels(*options)}</render_choice></response_lid>'
    )


TYPED = '<response_str ident="r"><render_fib><response_label ident="a"/></render_fib></response_str>'


def equal(value: str, ident: str = 'r') -> str:
    return f'<varequal respident="{ident}">{value}</varequal>'


def rule(test: str, score: str = '100', shows: str = '') -> str:
    shown = f'<displayfeedback linkrefid="{shows}"/>' if shows else ''
    given = f'<setvar varname="SCORE" action="Set">{score}</setvar>' if score else ''
    return f'<respcondition><conditionvar>{test}</conditionvar>{given}{shown}</respcondition>'


def test_a_choice_with_what_is_said_of_each_option() -> None:
    said = '<itemfeedback ident="{}"><material><mattext>{}</mattext></material></itemfeedback>'
    read = question(
        choice('Mars', 'Io'),
        rule(equal('Mars'), '', 'Mars_fb') + rule(equal('Io')),
        more=said.format('Mars_fb', 'a planet') + said.format('general_fb', 'Look up'),
    )

    assert (read.title, read.text, read.points) == ('Moons', 'Why **so**?', Decimal('2.5'))
    assert read.options == (Option(text='Mars', feedback='a planet'), Option(text='Io', credit=WHOLE))
    assert read.feedback == 'Look up'


def test_several_right_options_together_or_each_for_itself() -> None:
    three = choice('a', 'b', 'c', cardinality='Multiple')
    together = question(three, rule(f'<and>{equal("a")}{equal("b")}<not>{equal("c")}</not></and>'))
    added = question(three, rule(equal('a'), '50') + rule(equal('b'), '50') + rule(equal('c'), '-50'))

    assert together.credit_rule is CreditRule.ALL_OR_NOTHING
    assert [option.credit for option in together.options] == [WHOLE, WHOLE, 0]
    assert added.credit_rule is CreditRule.OWN_WEIGHTS
    assert [option.credit for option in added.options] == [5000, 5000, -5000]
    taken_away = rule(equal('c'), '50').replace('"Set"', '"Subtract"')
    assert question(three, rule(equal('a'), '50') + rule(equal('b'), '50') + taken_away) == added


def test_numbers_words_pairs_orders_and_statements() -> None:
    around = '<and><vargte respident="r">8</vargte><varlte respident="r">12</varlte></and>'
    numbers = question(TYPED, rule(f'<or>{equal("10")}{around}</or>'), kind='numerical_question')
    outside = question(TYPED, rule(f'<or>{equal("20")}{around}</or>'), kind='numerical_question')
    words = question(TYPED, rule(equal('Io') + equal('io')), kind='short_answer_question')
    name = '<material><mattext>{}</mattext></material>'
    pairs = question(
        choice('1', '2', '3', ident='x', said=name.format('cat'))
        + choice('1', '2', ident='y', said=name.format('dog')),
        rule(equal('1', 'x'), '50') + rule(equal('2', 'y'), '50'),
        kind='matching_question',
    )
    order = question(choice('b', 'a', cardinality='Ordered'), rule(equal('a') + equal('b')))
    statement = question(choice('False', 'True'), rule(equal('False')))

    assert numbers.numbers == (NumberAnswer(value=Decimal(10), tolerance=Decimal(2)),)
    assert {(number.value, number.tolerance) for number in outside.numbers} == {(10, 2), (20, 0)}
    assert words.texts == (TextAnswer(pattern='Io'), TextAnswer(pattern='io'))
    assert pairs.pairs == (Pair(left='cat', right='1'), Pair(left='dog', right='2'), Pair(right='3'))
    assert order.order == ('a', 'b')
    assert (statement.kind, statement.options) == (QuestionKind.TRUE_FALSE, (Option(), Option(credit=WHOLE)))


WITHIN = '<varsubstring respident="r">{}</varsubstring>'


@pytest.mark.parametrize(
    ('answers', 'rules', 'kind', 'problem'),
    [
        (choice('a', 'b'), '', '', 'no option is marked as right'),
        (choice('a', 'b'), rule(equal('c')), '', '“c” is right, but none of the options'),
        (choice('a', 'b'), rule(f'<not>{equal("a")}</not>'), '', 'written in a way that is not known here'),
        (choice('a', 'b'), rule(equal('a')).replace('"Set"', '"Multiply"'), '', 'written in a way that is not known'),
        (choice('a', 'b'), rule('<other/>'), '', 'written in a way that is not known here'),
        (choice('a', 'b'), rule('<durlt>3</durlt>'), '', 'written in a way that is not known here'),
        (choice('a', 'b', cardinality='Multiple'), '', '', 'no option is marked as right'),
        (choice('a', 'b', cardinality='Ordered'), rule(equal('a')), '', 'does not name each part once'),
        (TYPED, '', 'short_answer_question', 'no answer is marked as right'),
        (TYPED, '', 'numerical_question', 'no number is marked as right'),
        (TYPED, rule(equal('x')), 'numerical_question', '“x” is not a number'),
        (TYPED, rule('<vargte respident="r">1</vargte>'), 'numerical_question', 'only one end'),
        (TYPED, rule('<varsubstring respident="r">1</varsubstring>'), 'numerical_question', 'no number is marked'),
        (choice('a', ident='x') + choice('a', ident='y'), '', 'matching_question', 'belongs to nothing'),
        *(
            (answers, rules, kind, 'written in a way that is not known here')
            for answers, rules, kind in (
                (choice('a', 'b', cardinality='Ordered'), rule(f'<not>{equal("a")}</not>{equal("b")}'), ''),
                (
                    choice('a', 'b', cardinality='Ordered'),
                    rule(equal('a') + equal('b')) + rule(equal('b') + equal('a')),
                    '',
                ),
                (
                    choice('1', '2', ident='x') + choice('1', '2', ident='y'),
                    rule(equal('1', 'x'), '50') + rule(equal('2', 'x'), '50') + rule(equal('2', 'y'), '50'),
                    'matching_question',
                ),
                (TYPED, rule(f'<and>{WITHIN.format("clay")}{WITHIN.format("pore")}</and>'), 'short_answer_question'),
                (
                    TYPED,
                    rule(f'<and>{WITHIN.format("clay")}<not>{WITHIN.format("no")}</not></and>'),
                    'short_answer_question',
                ),
            )
        ),
    ],
)
def test_a_key_is_never_guessed(answers: str, rules: str, kind: str, problem: str) -> None:
    answers = answers.replace('<render_choice>', '<material><mattext>left</mattext></material><render_choice>')
    found = read(answers, rules, kind=kind)

    assert found.questions == ()
    assert str(found.problems[0]).startswith('Question 1 “Moons”: ')
    assert problem in str(found.problems[0])


def test_xml_that_is_something_else_is_refused() -> None:
    with pytest.raises(Wrong, match='no questions in QTI'):
        qti12.read(b'<quiz/>')
