"""Questions come from Moodle as XML: everything that was said in them is there, and no key is guessed."""

import base64
from decimal import Decimal

import pytest

from services.core.errors import Invalid
from services.quizzes.formats import moodle_xml
from services.quizzes.formats.findings import Item, Read
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, QuestionKind, TextAnswer

pytestmark = pytest.mark.req('Q9')

PNG = b'\x89PNG\r\n\x1a\n' + b'a picture'


def read(kind: str, body: str, *, text: str = '<p>Why?</p>', title: str = 'Moons') -> Read:
    return moodle_xml.read(
        f'<quiz><question type="{kind}"><name><text>{title}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{body}</question></quiz>'.encode()
    )


def item(kind: str, body: str, *, text: str = '<p>Why?</p>') -> Item:
    found = read(kind, body, text=text)
    assert [str(problem) for problem in found.problems] == []
    return found.questions[0]


def answer(fraction: str, text: str, feedback: str = '', more: str = '') -> str:
    said = f'<feedback format="html"><text>{feedback}</text></feedback>'
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{said}{more}</answer>'


def test_a_choice_comes_with_its_feedback_points_and_tags() -> None:
    question = item(
        'multichoice',
        '<defaultgrade>2.5000000</defaultgrade><single>true</single><shuffleanswers>0</shuffleanswers>'
        '<generalfeedback format="html"><text>Look &lt;b&gt;up&lt;/b&gt;</text></generalfeedback>'
        '<correctfeedback format="html"><text>Yes</text></correctfeedback>'
        '<tags><tag><text>sky</text></tag><tag><text>sky</text></tag><tag><text>night</text></tag></tags>'
        + answer('100', 'Io', 'right')
        + answer('-33.33333', 'Mars', 'a planet'),
    ).question

    assert (question.kind, question.title, question.text) == (QuestionKind.SINGLE_CHOICE, 'Moons', 'Why?')
    assert question.options == (
        Option(text='Io', credit=WHOLE, feedback='right'),
        Option(text='Mars', credit=-3333, feedback='a planet'),
    )
    assert (question.points, question.tags, question.is_shuffled) == (Decimal('2.5'), ('sky', 'night'), False)
    assert (question.feedback, question.feedback_right) == ('Look **up**', 'Yes')


def test_thirds_are_made_a_whole() -> None:
    question = item(
        'multichoice',
        '<single>false</single>' + ''.join(answer('33.33333', name) for name in ('a', 'b', 'c')) + answer('-100', 'd'),
    ).question

    assert [option.credit for option in question.options] == [3334, 3333, 3333, -WHOLE]
    assert question.credit_rule is CreditRule.OWN_WEIGHTS


def test_numbers_have_tolerances_and_one_for_all_the_rest() -> None:
    found = read(
        'numerical',
        answer('100', '1822', more='<tolerance>0</tolerance>')
        + answer('50', '1822', more='<tolerance>2</tolerance>')
        + answer('0', '*', 'Look it up'),
    )

    assert found.questions[0].question.numbers == (
        NumberAnswer(value=Decimal(1822)),
        NumberAnswer(value=Decimal(1822), tolerance=Decimal(2), credit=5000),
        NumberAnswer(value=Decimal(0), credit=0, feedback='Look it up', is_any=True),
    )


def test_words_pairs_essays_and_orders() -> None:
    words = item('shortanswer', '<usecase>1</usecase>' + answer('100', 'Io') + answer('0', '*', 'no')).question
    pairs = item(
        'matching',
        '<subquestion format="html"><text>cat</text><answer><text>Katze</text></answer></subquestion>'
        '<subquestion format="html"><text></text><answer><text>Hund</text></answer></subquestion>',
    ).question
    essay = item('essay', '<graderinfo format="html"><text>two reasons</text></graderinfo>').question
    order = item('ordering', answer('2', 'second') + answer('1', 'first') + answer('10', 'third')).question

    assert words.texts == (TextAnswer(pattern='Io'), TextAnswer(pattern='*', credit=0, feedback='no'))
    assert words.minds_case
    assert pairs.pairs == (Pair(left='cat', right='Katze'), Pair(right='Hund'))
    assert essay.graders_note == 'two reasons'
    assert order.order == ('first', 'second', 'third')


def test_pictures_of_one_name_stay_apart() -> None:
    shown = '<text>&lt;img src="@@PLUGINFILE@@/a.png" alt="it"&gt;</text><file name="a.png">{}</file>'
    first, second = (base64.b64encode(content).decode() for content in (PNG, PNG + b'!'))
    found = item(
        'essay',
        f'<generalfeedback format="html">{shown.format(first)}</generalfeedback>'
        f'<graderinfo format="html">{shown.format(second)}</graderinfo>'
        f'<correctfeedback format="html">{shown.format(first)}</correctfeedback>',
    )

    assert found.question.feedback == found.question.feedback_right == '![it](picture:a-2.png)'
    assert found.question.graders_note == '![it](picture:a.png)'
    assert found.pictures == {'a-2.png': PNG, 'a.png': PNG + b'!'}


def test_pictures_come_along_and_what_could_act_is_gone() -> None:
    written = base64.b64encode(PNG).decode()
    other = base64.b64encode(PNG + b'!').decode()
    found = item(
        'essay',
        f'<generalfeedback format="html"><text>&lt;img src="@@PLUGINFILE@@/a%20b.png" alt="two"&gt;</text>'
        f'<file name="a b.png" encoding="base64">{other}</file></generalfeedback>',
        text='<script>alert(1)</script><p onclick="x()">See <img src="@@PLUGINFILE@@/gone.png" alt="nothing"> '
        f'<img src="data:image/png;base64,{written}" alt="one"> <a href="javascript:x()">here</a></p>',
    )

    assert found.question.text == 'See nothing ![one](picture:picture.png) here'
    assert found.question.feedback == '![two](picture:a-b.png)'
    assert found.pictures == {'picture.png': PNG, 'a-b.png': PNG + b'!'}


@pytest.mark.parametrize(
    ('kind', 'body', 'problem'),
    [
        ('multichoice', answer('0', 'a') + answer('0', 'b'), 'no option is marked as right'),
        ('multichoice', answer('100', 'a'), 'fewer than two options'),
        ('multichoice', answer('100', 'a') + answer('0', ''), 'an option has no text'),
        ('multichoice', answer('NaN', 'a') + answer('0', 'b'), '“NaN” is not a number'),
        ('multichoice', answer('1e99', 'a') + answer('0', 'b'), 'more than all the credit'),
        ('truefalse', answer('100', 'true') + answer('100', 'false'), 'exactly one'),
        ('truefalse', answer('100', 'yes') + answer('0', 'no'), '“true” and “false”'),
        ('numerical', answer('100', 'eight'), '“eight” is not a number'),
        ('numerical', answer('100', '٣٫١٤'), 'is not a number'),
        ('numerical', answer('100', '½'), '“½” is not a number'),
        ('numerical', answer('100', '1e999'), '“1e999” is not a number'),
        ('numerical', answer('100', '1,234'), '“1,234” is not a number. Write it like'),
        ('numerical', answer('100', '*'), 'every number would be right'),
        ('numerical', answer('100', '1', more='<tolerance>-1</tolerance>'), 'cannot be below 0'),
        ('numerical', answer('0', '1'), 'no number is marked as right'),
        ('shortanswer', answer('0', 'a'), 'no answer is marked as right'),
        ('shortanswer', '', 'no answer is marked as right'),
        ('matching', '<subquestion><text>a</text><answer><text>b</text></answer></subquestion>', 'fewer than two'),
        ('ordering', answer('1', 'a'), 'fewer than two parts'),
        ('essay', '<defaultgrade>-1</defaultgrade>', 'is worth 0 to 1000 points'),
    ],
)
def test_a_key_is_never_guessed(kind: str, body: str, problem: str) -> None:
    found = read(kind, body)

    assert found.is_refused
    assert found.questions == ()
    assert str(found.problems[0]).startswith('Question 1 “Moons”: ')
    assert problem in str(found.problems[0])


def test_a_question_without_text_is_refused_and_all_problems_are_said() -> None:
    empty = '<question type="essay"><questiontext><text>{}</text></questiontext></question>'
    content = '<quiz>' + empty.format('') * 60 + empty.format('Why?') + '</quiz>'

    found = moodle_xml.read(content.encode())

    assert str(found.problems[0]) == 'Question 1: the question has no text.'
    assert str(found.problems[50]) == 'And 10 more.'
    assert len(found.problems) == 51
    assert [each.number for each in found.questions] == [61]


def test_what_a_teacher_would_not_want_is_said() -> None:
    assert warnings('multichoice', answer('50', 'a') + answer('0', 'b')) == [
        'the best option gives only 50 % of the points.'
    ]
    assert warnings('multichoice', answer('100', 'a') + answer('100', 'a')) == [
        '“a” is there twice.',
        '2 options are marked as right, of which only one can be chosen.',
    ]
    assert warnings('multichoice', '<single>0</single>' + answer('100', 'a') + answer('0', 'b')) == [
        'ticking every option gives all the points; let wrong options take some away.'
    ]
    assert warnings('shortanswer', answer('100', '*')) == ['every answer is right, because “*” stands for any letters.']


def warnings(kind: str, body: str) -> list[str]:
    return [str(each).removeprefix('Question 1 “Moons”: ') for each in read(kind, body).warnings]


def test_what_is_not_taken_over_is_listed() -> None:
    hint = '<penalty>0.3333333</penalty><hint format="html"><text>h</text></hint>'
    found = read('essay', hint + '<responsetemplate format="html"><text>Dear</text></responsetemplate>')
    other = read('cloze', '')

    assert [str(each) for each in found.left_out] == [
        'What 1 essay begins with.',
        'The hints of 1 question.',
        'What 1 question takes away for each further try.',
    ]
    assert [str(each) for each in other.left_out] == [
        'Question 1 “Moons”: questions of the kind “cloze” are not taken over.'
    ]


@pytest.mark.parametrize(
    ('content', 'problem'),
    [
        (b'<quiz><question></quiz>', 'Line 1: the XML is broken'),
        (b'<other/>', 'no questions of Moodle'),
        (b'<?xml version="1.0" encoding="klingon"?><quiz/>', 'encoding'),
        (b'<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>', 'DOCTYPE'),
        (b'<quiz>' + b'<a>' * 100_000, 'deeper or larger'),
        (b'<quiz>' + b'<a/>' * 300_001 + b'</quiz>', 'deeper or larger'),
    ],
)
def test_xml_that_is_none_or_a_trick_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(Invalid, match=problem):
        moodle_xml.read(content)
