"""QTI 2.1, 2.2 and 3.0: one question in each file, with its key declared."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from services.quizzes.formats import qti2, reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer

pytestmark = pytest.mark.req('Q9')

PNG = b'\x89PNG\r\n\x1a\na picture'
MAPPED = 'http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response'


def item(
    body: str, *, correct: str = '', mapping: str = '', base: str = 'identifier', several: str = 'single'
) -> bytes:
    values = ''.join(f'<value>{value}</value>' for value in correct.split('|') if value)
    key = f'<correctResponse>{values}</correctResponse>' if values else ''
    entries = ''.join(
        f'<mapEntry mapKey="{each.split("=")[0]}" mappedValue="{each.split("=")[1]}"/>' for each in mapping.split()
    )
    mapped = f'<mapping>{entries}</mapping>' if entries else ''
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i" title="Moons">'
        f'<responseDeclaration identifier="R" cardinality="{several}" baseType="{base}">{key}{mapped}'
        f'</responseDeclaration><itemBody><p>Why <b>so</b>?</p>{body}</itemBody>'
        + (f'<responseProcessing template="{MAPPED}"/>' if mapped else '')
        + '</assessmentItem>'
    ).encode()


def question(content: bytes) -> Question:
    found = qti2.read(content)
    assert [str(problem) for problem in found.problems] == []
    return found.questions[0].question


def choices(*names: str, tag: str = 'choiceInteraction', shuffle: str = 'false') -> str:
    written = ''.join(f'<simpleChoice identifier="{name}">{name}!</simpleChoice>' for name in names)
    return f'<{tag} responseIdentifier="R" shuffle="{shuffle}"><prompt>Which?</prompt>{written}</{tag}>'


ENTRY = '<p>It is <textEntryInteraction responseIdentifier="R"/> then.</p>'
SETS = (
    '<matchInteraction responseIdentifier="R"><simpleMatchSet>'
    '<simpleAssociableChoice identifier="c" matchMax="1">cat</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="d" matchMax="1">dog</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
    '<simpleAssociableChoice identifier="K" matchMax="1">Katze</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="H" matchMax="1">Hund</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="Z" matchMax="1">Kuh</simpleAssociableChoice></simpleMatchSet>'
    '</matchInteraction>'
)


def test_choices_with_one_or_several_right_options() -> None:
    one = question(item(choices('a', 'b', shuffle='true'), correct='b'))
    all_of = question(item(choices('a', 'b', 'c'), correct='a|b', several='multiple'))
    added = question(item(choices('a', 'b', 'c'), correct='a|b', mapping='a=1 b=1 c=-2', several='multiple'))
    partly = question(item(choices('a', 'b'), mapping='a=2 b=1'))

    assert (one.title, one.text, one.is_shuffled) == ('Moons', 'Why **so**?\n\nWhich?', True)
    assert one.options == (Option(text='a!'), Option(text='b!', credit=WHOLE))
    assert (all_of.kind, all_of.credit_rule) == (QuestionKind.MULTIPLE_CHOICE, CreditRule.ALL_OR_NOTHING)
    assert [option.credit for option in added.options] == [5000, 5000, -WHOLE]
    assert added.credit_rule is CreditRule.OWN_WEIGHTS
    assert [option.credit for option in partly.options] == [WHOLE, 5000]


def test_what_is_said_inside_of_an_option_is_about_it() -> None:
    said = '<simpleChoice identifier="a">Io<feedbackInline outcomeIdentifier="F" identifier="a">yes</feedbackInline>'
    body = (
        f'<choiceInteraction responseIdentifier="R">{said}</simpleChoice><simpleChoice identifier="b">b</simpleChoice>'
    )

    assert question(item(f'{body}</choiceInteraction>', correct='a')).options == (
        Option(text='Io', credit=WHOLE, feedback='yes'),
        Option(text='b'),
    )


def test_entries_orders_and_pairs() -> None:
    words = question(item(ENTRY, correct='Io', mapping='Io=2 io=1', base='string'))
    number = question(item(ENTRY, correct='3.5', base='float'))
    order = question(item(choices('a', 'b', 'c', tag='orderInteraction'), correct='c|a|b', several='ordered'))
    pairs = question(item(SETS, correct='c K|d H', base='directedPair', several='multiple'))
    essay = question(item('<extendedTextInteraction responseIdentifier="R"/>', base='string'))

    assert words.text == 'Why **so**?\n\nIt is \\_\\_\\_\\_\\_ then.'
    assert words.texts == (TextAnswer(pattern='Io'), TextAnswer(pattern='io', credit=5000))
    assert number.numbers == (NumberAnswer(value=Decimal('3.5')),)
    assert order.order == ('c!', 'a!', 'b!')
    assert pairs.pairs == (Pair(left='cat', right='Katze'), Pair(left='dog', right='Hund'), Pair(right='Kuh'))
    assert essay.kind is QuestionKind.ESSAY


def test_a_number_may_have_a_tolerance() -> None:
    content = item(ENTRY, correct='10', base='float').replace(
        b'</assessmentItem>',
        b'<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="1 2">'
        b'<variable identifier="R"/><correct identifier="R"/></equal></responseIf></responseCondition>'
        b'</responseProcessing></assessmentItem>',
    )

    assert question(content).numbers == (NumberAnswer(value=Decimal('10.5'), tolerance=Decimal('1.5')),)


def test_a_comparison_of_something_else_is_no_key() -> None:
    rules = (
        b'<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="5">'
        b'<variable identifier="R"/><correct identifier="R"/></equal><setOutcomeValue identifier="SCORE"><sum>'
        b'<variable identifier="SCORE"/><baseValue>2</baseValue></sum></setOutcomeValue></responseIf>'
        b'</responseCondition><responseCondition><responseIf><equal><variable identifier="SCORE"/>'
        b'<variable identifier="MAXSCORE"/></equal></responseIf></responseCondition></responseProcessing>'
    )
    content = item(ENTRY, correct='200', base='float').replace(b'</assessmentItem>', rules + b'</assessmentItem>')

    assert question(content).numbers == (NumberAnswer(value=Decimal(200), tolerance=Decimal(10)),)


def with_rules(content: bytes, condition: str, score: str = '1') -> bytes:
    rules = (
        f'<responseProcessing><responseCondition><responseIf>{condition}<setOutcomeValue identifier="SCORE">'
        f'<baseValue>{score}</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>'
    )
    return content.replace(b'</assessmentItem>', f'{rules}</assessmentItem>'.encode())


def compared(tag: str, value: str) -> str:
    return f'<{tag}><variable identifier="R"/><baseValue baseType="float">{value}</baseValue></{tag}>'


def test_all_between_two_numbers_is_right_and_not_the_one_that_is_shown_as_an_example() -> None:
    content = item(ENTRY, correct='7', base='float')
    answered = '<not><isNull><variable identifier="R"/></isNull></not>'
    between = f'<and>{answered}{compared("gte", "6")}{compared("lte", "8.5")}</and>'
    assert question(with_rules(content, between)).numbers == (
        NumberAnswer(value=Decimal('7.25'), tolerance=Decimal('1.25')),
    )
    one = '<equal toleranceMode="absolute" tolerance="1 1"><variable identifier="R"/><correct identifier="R"/></equal>'
    assert question(with_rules(content, f'<and>{answered}{one}</and>')).numbers == (
        NumberAnswer(value=Decimal(7), tolerance=Decimal(1)),
    )


@pytest.mark.parametrize(
    'condition',
    [compared('gte', '6'), compared('equalRounded', '6'), f'<or>{compared("lt", "6")}{compared("gt", "8")}</or>'],
)
def test_a_number_that_is_compared_in_another_way_is_refused_and_its_key_not_guessed(condition: str) -> None:
    found = qti2.read(with_rules(item(ENTRY, correct='7', base='float'), condition))
    assert found.questions == ()
    assert 'Question 1 “Moons”: what is right is written in a way that is not known here' in str(found.problems[0])


def test_a_mapping_says_what_all_other_options_cost() -> None:
    content = item(choices('a', 'b', 'c'), correct='a|c', mapping='a=1 c=1', several='multiple')
    found = qti2.read(content.replace(b'<mapping>', b'<mapping defaultValue="-1">'))
    assert [option.credit for option in found.questions[0].question.options] == [5000, -5000, 5000]
    assert found.left_out == ()


def test_rules_that_stand_elsewhere_are_named() -> None:
    rules = b'<responseProcessing template="http://example.org/own"/></assessmentItem>'
    found = qti2.read(item(choices('a', 'b'), correct='a').replace(b'</assessmentItem>', rules))
    assert ['reckons' in str(each) for each in found.left_out] == [True]


def test_what_a_question_gives_is_its_largest_score_wherever_it_is_declared() -> None:
    declared = (
        b'<outcomeDeclaration identifier="SCORE" normalMaximum="1"/><outcomeDeclaration identifier="MAXSCORE">'
        b'<defaultValue><value>2</value></defaultValue></outcomeDeclaration><itemBody>'
    )
    assert question(item(choices('a', 'b'), correct='a').replace(b'<itemBody>', declared)).points == 2


def test_version_3_has_other_names_for_the_same() -> None:
    content = b"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="T">
      <qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
        <qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
      <qti-outcome-declaration identifier="MAXSCORE"><qti-default-value><qti-value>3</qti-value></qti-default-value>
      </qti-outcome-declaration>
      <qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>Which?</qti-prompt>
        <qti-simple-choice identifier="a">A</qti-simple-choice><qti-simple-choice identifier="b">B</qti-simple-choice>
      </qti-choice-interaction></qti-item-body></qti-assessment-item>"""
    read = reading.read('a.xml', content).questions[0].question

    assert (read.text, read.points) == ('Which?', Decimal(3))
    assert read.options == (Option(text='A'), Option(text='B', credit=WHOLE))


@pytest.mark.parametrize(
    ('content', 'problem'),
    [
        (item(choices('a', 'b')), 'no option is marked as right'),
        (item(choices('a', 'b'), correct='c'), '“c” is right, but none of the options'),
        (item(choices('a', 'b'), mapping='a=-1 b=0'), 'no option is marked as right'),
        (item(choices('a', 'b'), mapping='a=x b=0'), '“x” is not a number'),
        (item(choices('a', 'b', tag='orderInteraction'), correct='a', several='ordered'), 'each part once'),
        (item(SETS, correct='c K', base='directedPair', several='multiple'), 'each part of the first side once'),
        (item(SETS, correct='c K|d X', base='directedPair', several='multiple'), 'each part of the first side once'),
        (item(ENTRY, base='string'), 'no answer is marked as right'),
        (item(ENTRY, base='float'), 'no number is marked as right'),
        (item(ENTRY, correct='many', base='integer'), '“many” is not a number'),
    ],
)
def test_a_key_is_never_guessed(content: bytes, problem: str) -> None:
    found = reading.read('a.xml', content)

    assert found.questions == ()
    assert problem in str(found.problems[0])


@pytest.mark.parametrize(
    ('content', 'kind'),
    [
        (item('<hotspotInteraction responseIdentifier="R"/>'), 'questions of the kind “hotspot”'),
        (item('<p>Read.</p>'), 'texts without a question'),
        (item(choices('a', 'b') + '<math><mn>1</mn></math>', correct='a'), 'formulas in MathML'),
        (item(choices('a', 'b')).replace(b'<itemBody>', b'<templateDeclaration/><itemBody>'), 'drawn anew each time'),
        (item(ENTRY + ENTRY), 'questions with several answers in one'),
        (item(SETS, correct='c K|c H|d Z', several='multiple'), 'questions in which something belongs to several'),
    ],
)
def test_other_kinds_are_listed(content: bytes, kind: str) -> None:
    assert kind in str(qti2.read(content).left_out[0])


def packed(*files: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, 'w', ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def read_packed(*files: tuple[str, bytes]) -> Read:
    return reading.read('questions.zip', packed(*files))


def test_a_package_brings_its_pictures() -> None:
    body = '<p><img src="../images/a%20moon.png" alt="Io"/></p>' + choices('a', 'b')
    read = read_packed(
        ('imsmanifest.xml', b'<manifest/>'),
        ('items/one.xml', item(body, correct='a')),
        ('items/two.xml', item(choices('a', 'b'), correct='b')),
        ('images/a moon.png', PNG),
    )

    assert read.problems == ()
    assert [item.number for item in read.questions] == [1, 2]
    assert '![Io](picture:a-moon.png)' in read.questions[0].question.text
    assert dict(read.questions[0].pictures) == {'a-moon.png': PNG}


def test_packages_that_are_none_or_a_trick_are_refused() -> None:
    one = ('one.xml', item(choices('a', 'b'), correct='a'))

    assert 'leads out of this ZIP file' in str(read_packed(one, ('../evil.xml', b'x')).problems[0])
    assert 'far larger' in str(read_packed(one, ('zeros.xml', bytes(20_000_000))).problems[0])
    assert 'There are no questions' in str(read_packed(('a.txt', b'x')).problems[0])
    assert 'There are more than' in str(read_packed(*((f'{n}.txt', b'') for n in range(10_001))).problems[0])
    assert 'is broken' in str(reading.read('a.zip', packed(one)[:-30]).problems[0])
    assert 'DOCTYPE' in str(read_packed(('one.xml', b'<!DOCTYPE a [<!ENTITY x "y">]>' + one[1])).problems[0])
