"""Brightspace and Blackboard export QTI 1.2 in words of their own; the right key and the right points come of it."""

import io
import zipfile
from decimal import Decimal

import pytest

from services.quizzes.formats import qti12, reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Pair, Question, QuestionKind, TextAnswer

pytestmark = pytest.mark.req('Q9')

RIGHT, WRONG = 'D2L_Correct', 'D2L_Incorrect'


def text(words: str) -> str:
    return f'<material><mattext texttype="text/html">{words}</mattext></material>'


def labels(**options: str) -> str:
    return ''.join(
        f'<flow_label class="Block"><response_label ident="{ident}"><flow_mat>{text(words)}</flow_mat></response_label>'
        '</flow_label>'
        for ident, words in options.items()
    )


def choice(response: str = 'response_lid', *, ident: str = 'r', cardinality: str = 'Multiple', said: str = '') -> str:
    name = 'respident' if said else 'ident'
    inner = labels(a='Clay', b='Cake', c='Sand') if not said else labels(x='fine', y='coarse')
    return (
        f'<{response} {name}="{ident}" rcardinality="{cardinality}">{said}<render_choice shuffle="yes">{inner}'
        f'</render_choice></{response}>'
    )


def equal(value: str, ident: str = 'r') -> str:
    return f'<varequal respident="{ident}" case="No">{value}</varequal>'


def counted(test: str, variable: str = RIGHT) -> str:
    return (
        f'<respcondition title="Response Condition" continue="yes"><conditionvar>{test}</conditionvar>'
        f'<setvar varname="{variable}" action="Add">1</setvar></respcondition>'
    )


def brightspace(kind: str, answers: str, rules: str, more: str = '') -> Read:
    facts = ''.join(
        f'<qti_metadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{value}</fieldentry></qti_metadatafield>'
        for label, value in (('qmd_questiontype', kind), ('qmd_weighting', '3.000000000'))
    )
    return qti12.read(
        '<questestinterop xmlns:d2l_2p0="http://desire2learn.com/xsd/d2lcp_v2p0"><objectbank><section title="Soil">'
        f'<item title="Q" d2l_2p0:page="1"><itemmetadata><qtimetadata>{facts}</qtimetadata></itemmetadata>'
        f'<presentation><flow>{text("What?")}{answers}</flow></presentation><resprocessing><outcomes>'
        '<decvar vartype="Integer" defaultval="0" varname="que_score" minvalue="0" maxvalue="100"/></outcomes>'
        f'{rules}</resprocessing>{more}</item></section></objectbank></questestinterop>'.encode()
    )


def blackboard(kind: str, answers: str, rules: str, more: str = '') -> bytes:
    return (
        '<questestinterop><assessment title="Pool"><section><item maxattempts="0"><itemmetadata>'
        f'<bbmd_questiontype>{kind}</bbmd_questiontype><qmd_absolutescore_max>4.0</qmd_absolutescore_max></itemmetadata>'
        f'<presentation><flow class="Block"><flow class="QUESTION_BLOCK">{extended("Which is finest?")}</flow>{answers}'
        '</flow></presentation><resprocessing scoremodel="SumOfScores"><outcomes>'
        f'<decvar varname="SCORE" vartype="Decimal" defaultval="0.0" minvalue="0.0" maxvalue="4.0"/></outcomes>{rules}'
        '<respcondition title="incorrect"><conditionvar><other/></conditionvar>'
        f'<setvar variablename="SCORE" action="Set">0.0</setvar></respcondition></resprocessing>{more}'
        '</item></section></assessment></questestinterop>'
    ).encode()


def extended(words: str) -> str:
    inner = f'<mat_formattedtext type="HTML">{words}</mat_formattedtext>'
    return f'<material><mat_extension>{inner}</mat_extension></material>'


def all_points(test: str, shows: str = '') -> str:
    shown = f'<displayfeedback linkrefid="{shows}" feedbacktype="Response"/>' if shows else ''
    return (
        f'<respcondition title="correct"><conditionvar>{test}</conditionvar>'
        f'<setvar variablename="SCORE" action="Set">SCORE.max</setvar>{shown}</respcondition>'
    )


def only(found: Read) -> Question:
    assert [str(each) for each in found.problems] == []
    (item,) = found.questions
    return item.question


@pytest.mark.parametrize(
    'rest',
    [
        counted(equal('b'), WRONG),
        counted(f'<not>{equal("b")}</not>'),
        counted('<vargte respident="D2L_Correct">2</vargte>'),
    ],
)
def test_what_brightspace_counts_as_wrong_is_not_right_and_one_of_two_is_not_all(rest: str) -> None:
    question = only(brightspace('Multi-Select', choice(), counted(equal('a')) + rest + counted(equal('c'))))
    assert [(each.text, each.credit > 0) for each in question.options] == [
        ('Clay', True),
        ('Cake', False),
        ('Sand', True),
    ]
    assert (question.credit_rule, question.points) == (CreditRule.ALL_OR_NOTHING, Decimal(3))


def test_pairs_and_orders_of_brightspace() -> None:
    groups = ''.join(
        choice('response_grp', ident=ident, cardinality='Single', said=text(said))
        for ident, said in (('c1', 'Clay'), ('c2', 'Sand'))
    )
    rules = ''.join(
        counted(equal(value, ident), variable)
        for ident, value, variable in (('c1', 'x', RIGHT), ('c1', 'y', WRONG), ('c2', 'x', WRONG), ('c2', 'y', RIGHT))
    )
    assert only(brightspace('Matching', groups, rules)).pairs == (
        Pair(left='Clay', right='fine'),
        Pair(left='Sand', right='coarse'),
    )
    places = ''.join(counted(equal(place, part)) for part, place in (('a', '2'), ('b', '3'), ('c', '1')))
    assert only(brightspace('Ordering', choice('response_grp', cardinality='Ordered'), places)).order == (
        'Sand',
        'Clay',
        'Cake',
    )


def test_an_essay_of_brightspace_keeps_its_model_answer_for_those_who_grade() -> None:
    model = f'<answer_key_material><flow_mat>{text("Large pores.")}</flow_mat></answer_key_material>'
    box = '<response_str ident="r"><render_fib rows="5" columns="50" fibtype="String"/></response_str>'
    found = brightspace('Long Answer', box, '', f'<answer_key>{model}</answer_key>')
    assert (only(found).kind, only(found).graders_note) == (QuestionKind.ESSAY, 'Large pores.')
    assert found.left_out == ()


@pytest.mark.parametrize('kind', ['Arithmetic', 'Significant Figures', 'Multi-Short Answer'])
def test_kinds_of_brightspace_that_nobody_reads_are_named_and_become_no_essays(kind: str) -> None:
    box = '<response_str ident="r"><render_fib fibtype="String"/></response_str>'
    found = brightspace(kind, box, '')
    assert found.questions == ()
    assert 'Question 1 “Q”' in ' '.join(map(str, found.left_out))


def test_a_pattern_is_no_word_that_learners_could_type() -> None:
    box = '<response_str ident="r"><render_fib fibtype="String"/></response_str>'
    pattern = '<response_extension><answer_is_regexp>yes</answer_is_regexp></response_extension>'
    found = brightspace('Short Answer', box + pattern, counted(equal('h(u|o)mus')))
    assert found.questions == ()
    assert 'patterns' in ' '.join(map(str, found.left_out))


RESPONSES = f'<flow class="RESPONSE_BLOCK">{choice(cardinality="Single")}</flow>'


def test_a_choice_of_blackboard_with_what_is_said_of_it() -> None:
    rules = all_points(equal('a'), 'correct') + ''.join(
        f'<respcondition><conditionvar><varequal respident="{each}" case="No"/></conditionvar>'
        f'<setvar variablename="SCORE" action="Set">{share}</setvar><displayfeedback linkrefid="{each}"/>'
        '</respcondition>'
        for each, share in (('a', '100.0'), ('b', '0.0'))
    )
    said = ''.join(
        f'<itemfeedback ident="{ident}" view="All"><flow_mat>{extended(words)}</flow_mat></itemfeedback>'
        for ident, words in (('correct', 'Well done'), ('b', 'That is a cake.'))
    )
    found = qti12.read(blackboard('Multiple Choice', RESPONSES, rules, said))
    question = only(found)
    assert (question.text, question.points, question.feedback_right) == ('Which is finest?', Decimal(4), 'Well done')
    assert [(each.text, each.credit, each.feedback) for each in question.options] == [
        ('Clay', WHOLE, ''),
        ('Cake', 0, 'That is a cake.'),
        ('Sand', 0, ''),
    ]
    assert found.left_out == ()


def test_several_answers_of_blackboard_are_right_together() -> None:
    together = f'<and>{equal("a")}<not>{equal("b")}</not>{equal("c")}</and>'
    question = only(qti12.read(blackboard('Multiple Answer', choice(), all_points(together))))
    assert [each.credit > 0 for each in question.options] == [True, False, True]
    assert question.credit_rule is CreditRule.ALL_OR_NOTHING


def test_numbers_words_pairs_and_essays_of_blackboard() -> None:
    number = '<response_num ident="r" rcardinality="Single"><render_fib fibtype="Decimal"/></response_num>'
    within = '<vargte respident="r">6.95</vargte><varlte respident="r">7.05</varlte>' + equal('7')
    assert only(qti12.read(blackboard('Numeric', number, all_points(within)))).numbers == (
        NumberAnswer(value=Decimal('7.00'), tolerance=Decimal('0.05')),
    )
    box = '<response_str ident="r" rcardinality="Single"><render_fib fibtype="String"/></response_str>'
    words = all_points(equal('humus')) + all_points('<varsubset respident="r" setmatch="Contains">mull</varsubset>')
    assert only(qti12.read(blackboard('Fill in the Blank', box, words))).texts == (
        TextAnswer(pattern='humus'),
        TextAnswer(pattern='*mull*'),
    )
    essay = only(qti12.read(blackboard('Essay', box, all_points(''))))
    assert essay.kind is QuestionKind.ESSAY


def test_pairs_of_blackboard_stand_in_two_lists() -> None:
    lefts = ''.join(
        f'<flow class="Block"><flow class="FORMATTED_TEXT_BLOCK">{extended(words)}</flow><response_lid ident="{ident}">'
        f'<render_choice><response_label ident="{ident}1"/><response_label ident="{ident}2"/></render_choice>'
        '</response_lid></flow>'
        for ident, words in (('l', 'Clay'), ('m', 'Sand'))
    )
    rights = ''.join(f'<flow class="Block">{extended(words)}</flow>' for words in ('coarse', 'fine'))
    answers = f'<flow class="RESPONSE_BLOCK">{lefts}</flow><flow class="RIGHT_MATCH_BLOCK">{rights}</flow>'
    rules = ''.join(
        f'<respcondition title="x"><conditionvar>{equal(value, ident)}</conditionvar></respcondition>'
        for ident, value in (('l', 'l2'), ('m', 'm1'))
    )
    question = only(qti12.read(blackboard('Matching', answers, rules)))
    assert question.text == 'Which is finest?'
    assert question.pairs == (Pair(left='Clay', right='fine'), Pair(left='Sand', right='coarse'))


def test_a_condition_that_is_not_known_is_refused_and_no_key_is_guessed() -> None:
    box = '<response_str ident="r"><render_fib fibtype="String"/></response_str>'
    pattern = all_points('<varsubset respident="r" setmatch="MatchesPattern">h.*s</varsubset>')
    found = qti12.read(blackboard('Fill in the Blank', box, pattern))
    assert found.questions == ()
    assert 'not known here' in str(found.problems[0])


def test_a_package_of_blackboard_has_its_questions_in_data_files() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, 'w') as archive:
        archive.writestr('imsmanifest.xml', '<manifest><resources/></manifest>')
        archive.writestr('res00001.dat', blackboard('Multiple Choice', RESPONSES, all_points(equal('a'))))
        archive.writestr('res00002.dat', '<COURSE id="_1"/>')
    assert only(reading.read('pool.zip', package.getvalue())).kind is QuestionKind.SINGLE_CHOICE


def test_where_two_variables_are_counted_up_no_key_is_guessed() -> None:
    rules = counted(equal('a'), 'SCORE') + counted(equal('b'), 'PENALTY')
    found = brightspace('Multiple Choice', choice(cardinality='Single'), rules)
    assert found.questions == ()
    assert 'not known here' in str(found.problems[0])
