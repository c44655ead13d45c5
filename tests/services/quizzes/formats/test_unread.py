"""What a file says that no reader looks at is listed by its name; what is usual says nothing and is not."""

import pytest

from services.quizzes.formats import reading

pytestmark = pytest.mark.req('Q9')


def moodle(inside: str, kind: str = 'shortanswer') -> str:
    return (
        f'<quiz><question type="{kind}"><name><text>Moons</text></name>'
        '<questiontext format="html"><text>Which moon?</text></questiontext>'
        f'<answer fraction="100"><text>Io</text></answer>{inside}</question></quiz>'
    )


def qti12(item: str = '', inside: str = '', rules: str = '') -> str:
    return (
        f'<questestinterop><item ident="a" title="Moons" {item}><presentation><material><mattext>Which?</mattext>'
        '</material><response_lid ident="r" rcardinality="Single"><render_choice>'
        '<response_label ident="1"><material><mattext>Io</mattext></material></response_label>'
        '<response_label ident="2"><material><mattext>Mars</mattext></material></response_label>'
        '</render_choice></response_lid></presentation><resprocessing><outcomes><decvar/></outcomes><respcondition>'
        f'<conditionvar><varequal respident="r">1</varequal></conditionvar><setvar>100</setvar>{rules}'
        f'</respcondition></resprocessing>{inside}</item></questestinterop>'
    )


def qti2(root: str = '', interaction: str = '', declared: str = '', choice: str = '', body: str = '') -> str:
    return (
        f'<assessmentItem identifier="a" title="Moons" adaptive="false" timeDependent="false" {root}>'
        '<responseDeclaration identifier="R" cardinality="multiple" baseType="identifier"><correctResponse>'
        f'<value>A</value><value>B</value></correctResponse>{declared}</responseDeclaration><itemBody>'
        f'<p>Which?</p>{body}'
        f'<choiceInteraction responseIdentifier="R" {interaction}>'
        f'<simpleChoice identifier="A" {choice}>Io</simpleChoice>'
        '<simpleChoice identifier="B">Titan</simpleChoice><simpleChoice identifier="C">Mars</simpleChoice>'
        '</choiceInteraction></itemBody></assessmentItem>'
    )


def qti3(interaction: str = '', inside: str = '') -> str:
    return (
        '<qti-assessment-item identifier="a" title="Moons" adaptive="false" time-dependent="false">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response>'
        '<qti-value>A</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><p>Which?</p>'
        f'<qti-choice-interaction response-identifier="R" max-choices="1" {interaction}>'
        '<qti-simple-choice identifier="A">Io</qti-simple-choice><qti-simple-choice identifier="B">Mars'
        f'</qti-simple-choice></qti-choice-interaction></qti-item-body>{inside}</qti-assessment-item>'
    )


@pytest.mark.parametrize(
    ('content', 'said'),
    [
        (moodle('<idnumber>M-7</idnumber>'), ['“idnumber” of 1 question.']),
        (moodle('<idnumber/><hidden>0</hidden><penalty>0.3333333</penalty>'), []),
        (moodle('<hidden>1</hidden><idnumber>M</idnumber>'), ['“hidden” of 1 question.', '“idnumber” of 1 question.']),
        (moodle('<plugin_local_levels><level>3</level></plugin_local_levels>'), [
            '“plugin_local_levels” of 1 question.'
        ]),
        (moodle('<responsefieldlines>40</responsefieldlines>', 'essay'), ['“responsefieldlines” of 1 question.']),
        ('<quiz><question type="category"><category><text>$course$/Sky</text></category><info><text>All moons</text>'
         '</info></question>' + moodle('').removeprefix('<quiz>'), ['What 1 category says beside its name.']),
        (qti12(), []),
        (qti12(item='maxattempts="3"'), ['“maxattempts” of 1 question.']),
        (qti12(inside='<itemfeedback ident="x"><material><mattext>Well</mattext></material></itemfeedback>'), [
            '1 piece of feedback with a condition of its own.'
        ]),
        (qti12(inside='<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_weighting</fieldlabel>'
               '<fieldentry>3</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>'), [
            '“cc_weighting” of 1 question.'
        ]),
        (qti12(inside='<duration>PT5M</duration>'), ['“duration” of 1 question.']),
        (qti2(interaction='maxChoices="0" shuffle="true" minChoices="0"'), []),
        (qti2(interaction='maxChoices="3"'), []),
        (qti2(interaction='maxChoices="2"'), ['“maxChoices” of 1 question.']),
        (qti2(interaction='maxChoices="many"'), ['“maxChoices” of 1 question.']),
        (qti2(interaction='minChoices="2"'), ['“minChoices” of 1 question.']),
        (qti2(choice='fixed="true"'), ['“fixed” of 1 question.']),
        (qti2(root='label="Q-7" lang="en"'), ['“label” of 1 question.', '“lang” of 1 question.']),
        (qti2(declared='<mapping upperBound="1" defaultValue="-1"><mapEntry mapKey="A" mappedValue="1"/>'
              '<mapEntry mapKey="B" mappedValue="1"/></mapping>'), [
            '“defaultValue” of 1 question.'
        ]),
        (qti2(body='<infoControl title="Help">A hint</infoControl>'), ['“infoControl” of 1 question.']),
        (qti3(), []),
        (qti3(interaction='min-choices="1" data-theme="x"'), ['“minChoices” of 1 question.']),
        (qti3(inside='<qti-catalog-info><qti-catalog id="c"/></qti-catalog-info>'), ['“catalogInfo” of 1 question.']),
        ('// [id:moon-7] [tag:sky]\n::Moons::Which? {=Io ~Mars}', ['The number that 1 question had elsewhere.']),
        ('// by hand\nWhich? {=Io ~Mars}', []),
        ('Question,Right,Option 1,Option 2,Level,Author\nWhich?,A,Io,Mars,3,me\n', [
            'The column “Level”.', 'The column “Author”.'
        ]),
    ],
)  # fmt: skip
def test_nothing_is_dropped_in_silence(content: str, said: list[str]) -> None:
    read = reading.read('questions', content.encode())
    assert [str(problem) for problem in read.problems] == []
    assert len(read.questions) == 1
    assert [str(each) for each in read.left_out] == said


def test_a_mapping_that_gives_at_most_so_much_is_taken_over() -> None:
    entries = ''.join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in zip('ABC', (2, 1, -4), strict=True)
    )
    scored = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
    content = qti2(declared=f'<mapping upperBound="2">{entries}</mapping>')

    read = reading.read('questions', content.replace('</assessmentItem>', f'{scored}</assessmentItem>').encode())

    assert read.left_out == ()
    assert [option.credit for option in read.questions[0].question.options] == [10_000, 5_000, -10_000]


def test_a_question_that_is_not_taken_over_is_named_once() -> None:
    read = reading.read('questions', moodle('<stackversion>1</stackversion>', 'stack').encode())
    assert not any('stackversion' in str(each) for each in read.left_out)


def test_a_file_with_thousands_of_names_says_fifty_and_counts_the_rest() -> None:
    inside = ''.join(f'<x{number}>1</x{number}>' for number in range(3_000))
    read = reading.read('questions', moodle(inside).encode())
    assert len(read.left_out) == 51
