"""Files as other programs write them, valid and odd: what is not taken over is listed, and nothing gives away a key."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from services.quizzes.formats import reading
from services.quizzes.formats.findings import Item, Read
from services.quizzes.question import WHOLE, CreditRule, QuestionKind, Tolerance

pytestmark = pytest.mark.req('Q9')

PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='  # a dot
TRUE = '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'


def moodle(kind: str, inside: str, *, text: str = '<p>Which?</p>') -> str:
    asked = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return f'<quiz><question type="{kind}"><name><text>N</text></name>{asked}{inside}</question></quiz>'


def qti12(around: str, *, item: str = '', beside: str = '') -> str:
    """A file with one question with a right option; `{item}` stands in `around`."""
    question = (
        f'<item ident="i" title="T">{item}<presentation><material><mattext>Which?</mattext>{beside}</material>'
        '<response_lid ident="r" rcardinality="Single"><render_choice>'
        '<response_label ident="1"><material><mattext>a</mattext></material></response_label>'
        '<response_label ident="2"><material><mattext>b</mattext></material></response_label></render_choice>'
        '</response_lid></presentation><resprocessing><respcondition><conditionvar>'
        '<varequal respident="r">1</varequal></conditionvar><setvar>100</setvar></respcondition></resprocessing></item>'
    )
    return f'<questestinterop>{around.replace("{item}", question)}</questestinterop>'


ONE = '<assessment title="Soil"><section ident="root">{item}</section></assessment>'
RIGHT = (
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
    '<correctResponse><value>A</value></correctResponse></responseDeclaration>'
)
CHOICE = (
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Which?</prompt>'
    '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice></choiceInteraction>'
)


def qti2(body: str = CHOICE, *, key: str = RIGHT, after: str = '', before: str = '') -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i" title="T">'
        f'{key}{before}<itemBody>{body}</itemBody>{after}</assessmentItem>'
    )


def modal(name: str, text: str) -> str:
    return f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show">{text}</modalFeedback>'


def match(*scores: int) -> str:
    entries = zip(('C R', 'D M'), scores, strict=True)
    return (
        '<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair"><correctResponse>'
        '<value>C R</value><value>D M</value></correctResponse><mapping>'
        + ''.join(f'<mapEntry mapKey="{pair}" mappedValue="{score}"/>' for pair, score in entries)
        + '</mapping></responseDeclaration>'
    )


SIDES = (
    '<matchInteraction responseIdentifier="RESPONSE"><prompt>Match.</prompt><simpleMatchSet>'
    '<simpleAssociableChoice identifier="C">c</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="D">d</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
    '<simpleAssociableChoice identifier="R">r</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="M">m</simpleAssociableChoice></simpleMatchSet></matchInteraction>'
)
HALF_FOR_B = (
    '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>'
    '<correct identifier="RESPONSE"/></match><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1'
    '</baseValue></setOutcomeValue></responseIf><responseElseIf><match><variable identifier="RESPONSE"/>'
    '<baseValue baseType="identifier">B</baseValue></match><setOutcomeValue identifier="SCORE">'
    '<baseValue baseType="float">0.5</baseValue></setOutcomeValue></responseElseIf></responseCondition>'
    '</responseProcessing>'
)
MAPPED = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response"/>'
BANK = '<selection_ordering><selection><sourcebank_ref>g1</sourcebank_ref></selection></selection_ordering>'
DRAWN = '<selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>'
PASSAGE = '<presentation_material><flow_mat><material><mattext>Read this.</mattext></material></flow_mat>'
ORDER = ''.join(f'<answer fraction="{place}.0000000"><text>p{place}</text></answer>' for place in (1, 2, 3))


def read(content: str | bytes) -> Read:
    return reading.read('file', content.encode() if isinstance(content, str) else content)


def one(content: str | bytes) -> Item:
    found = read(content)
    assert found.problems == ()
    (item,) = found.questions
    return item


def lost(content: str | bytes) -> list[str]:
    found = read(content)
    assert found.problems == ()
    return [str(each) for each in found.left_out]


MEDIA = '1 video, sound or frame in a text.'
FEEDBACK = '1 piece of feedback with a condition of its own.'
RECKONS = 'How 1 question reckons, beyond which answers are right.'
BESIDE = '1 text that stands beside questions.'


@pytest.mark.parametrize(
    ('content', 'said'),
    [
        (moodle('truefalse', TRUE), []),
        (moodle('truefalse', TRUE, text='Listen: <audio src="@@PLUGINFILE@@/a.mp3"></audio>'), [MEDIA]),
        (moodle('truefalse', TRUE, text='<iframe src="https://video.example.org/1"></iframe> True?'), [MEDIA]),
        (moodle('essay', '<minwordlimit>0</minwordlimit><maxwordlimit></maxwordlimit>'), []),
        (moodle('essay', '<maxwordlimit>300</maxwordlimit>'), ['How many words 1 essay has to have.']),
        (moodle('ordering', f'<selecttype>ALL</selecttype>{ORDER}'), []),
        (
            moodle('ordering', f'<selecttype>RANDOM</selecttype><selectcount>2</selectcount>{ORDER}'),
            ['That 1 question asks for some of its parts; here it asks for all of them.'],
        ),
        ('[html]True? <video src\\="a.mp4"></video> {T}', [MEDIA]),
        (qti12(ONE), []),
        (qti12(ONE, beside='<mataudio uri="a.mp3"/>'), [MEDIA]),
        (qti12(f'<assessment title="Soil">{PASSAGE}</presentation_material>{{item}}</assessment>'), [BESIDE]),
        (
            qti12(f'<assessment title="Soil"><section>{BANK}</section>{{item}}</assessment>'),
            ['1 group of questions: they are in a bank that did not come along.'],
        ),
        (
            qti12(f'<assessment title="Soil"><section>{DRAWN}{{item}}</section></assessment>'),
            ['That questions are drawn from 1 group, and their points there.'],
        ),
        (qti2(), []),
        (qti2(after=modal('seldom', 'Look again.')), [FEEDBACK]),
        (qti2(after=HALF_FOR_B), [RECKONS]),
        (qti2(SIDES, key=match(1, 1), after=MAPPED), []),
        (qti2(SIDES, key=match(1, 3), after=MAPPED), [RECKONS]),
        (qti2(before='<assessmentStimulusRef identifier="s" href="s.xml"/>'), [BESIDE]),
    ],
)
def test_what_is_not_taken_over_is_listed(content: str, said: list[str]) -> None:
    assert lost(content) == said


def test_moodle_numbers_with_several_answers_and_pictures_to_match_come_along() -> None:
    numbers = '<answer fraction="100"><text>3.14</text><tolerance>0.005</tolerance></answer>'
    numbers += '<answer fraction="50"><text>3</text><tolerance>0.2</tolerance></answer>'
    found = one(moodle('numerical', numbers)).question.numbers
    assert [(str(each.value), str(each.tolerance), each.credit) for each in found] == [
        ('3.14', '0.005', WHOLE),
        ('3', '0.2', WHOLE // 2),
    ]

    picture = f'<file name="a.png" encoding="base64">{PNG}</file>'
    left = (
        f'<text><![CDATA[<img src="@@PLUGINFILE@@/a.png" alt="Io">]]></text>{picture}<answer><text>Io</text></answer>'
    )
    other = '<text>An ocean</text><answer><text>Europa</text></answer>'
    extra = '<text></text><answer><text>Titan</text></answer>'
    item = one(moodle('matching', ''.join(f'<subquestion>{each}</subquestion>' for each in (left, other, extra))))
    assert [(each.left, each.right) for each in item.question.pairs] == [
        ('![Io](picture:a.png)', 'Io'),
        ('An ocean', 'Europa'),
        ('', 'Titan'),
    ]
    assert list(item.pictures) == ['a.png']


def test_a_picture_in_the_file_and_a_rubric_of_qti12_come_along() -> None:
    embedded = f'<matimage imagtype="image/png" embedded="base64" label="a dot">\n{PNG}\n</matimage>'
    rubric = '<rubric view="Candidate"><material><mattext>Be brief.</mattext></material></rubric>'
    rubric += '<rubric view="Scorer"><material><mattext>Look at the roots.</mattext></material></rubric>'
    item = one(qti12(ONE, item=rubric, beside=embedded))

    assert item.question.text == 'Be brief.\n\nWhich?\n\n![a dot](picture:picture.png)'
    assert item.question.graders_note == 'Look at the roots.'
    assert (item.category, len(item.pictures)) == ('Soil', 1)


def test_what_is_shown_after_an_answer_is_no_part_of_the_question() -> None:
    block = '<feedbackBlock outcomeIdentifier="F" identifier="A" showHide="show"><p>It is a, as a is right.</p>'
    content = qti2(f'<p>Look.</p>{block}</feedbackBlock>{CHOICE}', after=modal('A', 'Well done') + modal('B', 'No'))

    question = one(content).question
    assert question.text == 'Look.\n\nWhich?'
    assert [each.feedback for each in question.options] == ['Well done', 'No']
    assert lost(content) == [FEEDBACK]


def test_what_is_for_teachers_is_not_shown_to_learners() -> None:
    notes = '<rubricBlock view="author tutor"><p>The key is a.</p></rubricBlock>'
    notes += '<rubricBlock view="candidate scorer"><p>You have one try.</p></rubricBlock>'
    question = one(qti2(notes + CHOICE)).question

    assert question.text == 'You have one try.\n\nWhich?'
    assert question.graders_note == 'The key is a.'


def test_a_model_answer_is_for_those_who_grade() -> None:
    key = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><correctResponse>'
    key += '<value>Because of the pores.</value></correctResponse></responseDeclaration>'
    essay = '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Why?</prompt></extendedTextInteraction>'
    question = one(qti2(essay, key=key)).question

    assert (question.kind, question.text) == (QuestionKind.ESSAY, 'Why?')
    assert question.graders_note == 'Because of the pores.'


def test_the_text_beside_a_question_in_qti3_stands_above_it() -> None:
    stimulus = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="s">'
        '<qti-stimulus-body><p>Clay holds water.</p></qti-stimulus-body></qti-assessment-stimulus>'
    )
    item = qti2(before='<assessmentStimulusRef identifier="s" href="../texts/s.xml"/>')
    test = '<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t"/>'
    content = zipped({'items/a.xml': item, 'texts/s.xml': stimulus, 'test.xml': test})

    assert one(content).question.text == 'Clay holds water.\n\nWhich?'
    assert lost(content) == ['The parts, the order and the time of 1 test.']


def test_a_package_of_canvas_with_several_quizzes_keeps_them_apart() -> None:
    quizzes = {f'g{name}/g{name}.xml': qti12(ONE.replace('Soil', name)) for name in ('Soil', 'Water')}
    found = read(zipped({'imsmanifest.xml': '<manifest/>', **quizzes, 'gSoil/assessment_meta.xml': '<quiz/>'}))

    assert [each.category for each in found.questions] == ['Soil', 'Water']
    assert found.problems == ()
    assert [str(each) for each in found.left_out] == ['The parts, the order and the time of 1 test.']


def test_kinds_that_are_not_here_are_named_one_by_one() -> None:
    kinds = ('cloze', 'calculated', 'description', 'gapselect', 'random')
    others = ''.join(moodle(kind, '').removeprefix('<quiz>').removesuffix('</quiz>') for kind in kinds)
    content = moodle('truefalse', TRUE).replace('</quiz>', f'{others}</quiz>')

    assert lost(content) == [
        f'Question {number} “N”: questions of the kind “{kind}” are not taken over.'
        for number, kind in enumerate(kinds, start=2)
    ]


def zipped(files: dict[str, str]) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, 'w') as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ('written', 'kind'), [('1', Tolerance.RELATIVE), ('2', Tolerance.NOMINAL), ('3', Tolerance.GEOMETRIC)]
)
def test_a_tolerance_is_of_the_kind_that_moodle_says(written: str, kind: Tolerance) -> None:
    answer = f'<text>10</text><tolerance>0.1</tolerance><tolerancetype>{written}</tolerancetype>'
    content = moodle('numerical', f'<answer fraction="100">{answer}</answer>')
    assert [number.tolerance_kind for number in one(content).question.numbers] == [kind]
    assert lost(content) == []
    (problem,) = read(content.replace(f'<tolerancetype>{written}', '<tolerancetype>9')).problems
    assert str(problem) == 'Question 1 “N”: “9” is no kind of tolerance.'


def test_a_choice_that_is_all_or_nothing_in_moodle_is_so_here() -> None:
    answers = ''.join(f'<answer fraction="{share}"><text>{share}</text></answer>' for share in (100, 0, 50))
    question = one(moodle('multichoiceset', answers)).question
    assert (question.kind, question.credit_rule) == (QuestionKind.MULTIPLE_CHOICE, CreditRule.ALL_OR_NOTHING)
    assert [option.credit for option in question.options] == [WHOLE, 0, WHOLE]


def test_a_text_that_does_not_end_swallows_no_question() -> None:
    two = moodle('truefalse', TRUE).replace('</quiz>', moodle('truefalse', TRUE).removeprefix('<quiz>'))
    assert len(read(two).questions) == 2
    (problem,) = read(two.replace(']]>', ']] >', 1)).problems
    assert str(problem).startswith('Question 1 “N”: a text goes on into the next question')
