"""Any file may be offered: what it is shows in what is in it, and what it is not is said so that one can act on it."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.core.phrases import Phrase
from services.quizzes.formats import gift, reading, table
from services.quizzes.question import QuestionKind
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')

MOODLE = '<quiz><question type="essay"><questiontext><text>Größe?</text></questiontext></question></quiz>'
TRUE = ('Größe?', QuestionKind.TRUE_FALSE)
ESSAY = ('Größe?', QuestionKind.ESSAY)
CHOICE = ('Größe?', QuestionKind.SINGLE_CHOICE)
GIFT = '// Fragen\n\nGröße?{T}\n'
AIKEN = 'Größe?\nA) ja\nB) nein\nANSWER: A\n'
CSV = 'Question,Type,Right\nGröße?,essay,\n'


@pytest.mark.parametrize(
    ('content', 'question'),
    [
        (GIFT.encode(), TRUE),
        (GIFT.encode('utf-8-sig'), TRUE),
        (GIFT.encode('utf-16'), TRUE),
        (GIFT.encode('cp1252'), TRUE),
        (GIFT.replace('\n', '\r\n').encode(), TRUE),
        (GIFT.replace('\n', '\r').encode('mac_roman'), TRUE),
        (AIKEN.encode(), CHOICE),
        (AIKEN.encode('cp1252'), CHOICE),
        (CSV.encode('utf-16'), ESSAY),
        (CSV.replace(',', '\t').encode(), ESSAY),
        (MOODLE.encode(), ESSAY),
        (f'\ufeff{MOODLE}'.encode(), ESSAY),
        (f'<?xml version="1.0" encoding="UTF-16"?>{MOODLE}'.encode('utf-16'), ESSAY),
        (f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- a -->{MOODLE}'.encode('latin-1'), ESSAY),
        (f'<?xml version="1.0" encoding="windows-1252"?>{MOODLE}'.encode('cp1252'), ESSAY),
    ],
)
def test_a_file_is_recognised_by_its_content_in_any_encoding(content: bytes, question: tuple[str, str]) -> None:
    read = reading.read('holiday.docx', content)

    assert [str(each) for each in read.problems] == []
    assert [(item.question.text, item.question.kind) for item in read.questions] == [question]


@pytest.mark.parametrize(
    ('content', 'problem'),
    [
        (b'', 'The file is empty.'),
        (b' \n\t\n', 'The file is empty.'),
        (b'Just a letter to a friend.', 'No questions were recognised.'),
        (b'%PDF-1.7 {', 'No questions were recognised.'),
        (b'<?xml version="1.0"?><rss>{}</rss>', 'No questions were recognised.'),
        (b'<!DOCTYPE html><html>{}</html>', 'No questions were recognised.'),
        (b'a{T}\n\nb\x01{T}', 'Line 3 has signs in it that cannot be read.'),
        (b'PK\x03\x04 and no more', 'This ZIP file is broken'),
        (b'<quiz><question type="cloze"/></quiz>', 'There is no question in “my file” that can be taken over.'),
        (b'a' * 5_000_001, 'The file is larger than 5 MB'),
        (b' ' * 50_000_001 + b'a', 'The file is larger than 50 MB'),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, problem: str) -> None:
    read = reading.read('my file', content)

    assert read.is_refused
    assert read.questions == ()
    assert str(read.problems[0]).startswith(problem)


def test_one_problem_refuses_the_file_and_all_are_listed() -> None:
    read = reading.read('a.gift', b'a{T}\n\nb{~c ~d}\n\ne{#many}\n\nf{T}')

    assert read.is_refused
    assert [str(each).partition(':')[0] for each in read.problems] == ['Line 3', 'Line 5']
    assert [item.line for item in read.questions] == [1, 7]


PIECES = [
    '{', '}', '=', '~', '#', '\\', '::', '%', '%50%', '->', '\n', '\n\n', '####', '[html]', '<b>', 'T', '1', '..', ':',
    '$CATEGORY:', 'ANSWER: A', 'A) ', 'Question', 'Right', ',', ';', '"', 'a', '&lt;', '*', '//', '[tag:', ' ',
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(''.join))
@settings(deadline=None, max_examples=300, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        gift.read(text),
        reading.read('a', text.encode()),
        reading.read('a', f'Question,Right\n{text}'.encode()),
    ):
        said: list[Phrase] = [*read.problems, *read.left_out, *read.warnings]
        assert all(str(each) for each in said)


NAMES = [
    'question', 'answer', 'name', 'text', 'questiontext', 'subquestion', 'item', 'presentation', 'response_lid', 'or',
    'response_str', 'render_choice', 'response_label', 'material', 'resprocessing', 'respcondition', 'conditionvar',
    'and', 'not', 'setvar', 'itemBody', 'prompt', 'responseDeclaration', 'correctResponse', 'value', 'mapping',
    'mapEntry', 'choiceInteraction', 'simpleChoice', 'matchInteraction', 'simpleMatchSet', 'orderInteraction',
    'textEntryInteraction', 'responseProcessing', 'responseIf', 'equal', 'variable',
]  # fmt: skip
XML = st.recursive(
    st.sampled_from(
        ['', 'a', '1', 'r', '<text>1</text>', '<mattext>1</mattext>', '<varequal respident="r">1</varequal>']
    ),
    lambda inner: st.builds(
        '<{0} type="multichoice" fraction="100" ident="r" identifier="r" responseIdentifier="r" cardinality="{2}" '
        'rcardinality="{3}" mapKey="r" mappedValue="1">{1}</{0}>'.format,
        st.sampled_from(NAMES),
        st.lists(inner, max_size=4).map(''.join),
        st.sampled_from(['single', 'multiple', 'ordered']),
        st.sampled_from(['Single', 'Multiple', 'Ordered']),
    ),
    max_leaves=30,
)


@given(
    st.sampled_from(['quiz', 'questestinterop', 'assessmentItem', 'qti-assessment-item']), st.lists(XML).map(''.join)
)
@settings(deadline=None, max_examples=300, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_xml_breaks_a_reader(root: str, inside: str) -> None:
    read = reading.read('a', f'<{root}>{inside}</{root}>'.encode())

    assert all(str(each) for each in (*read.problems, *read.left_out, *read.warnings))
    assert read.questions or read.is_refused


def test_a_table_of_a_thousand_questions_is_quick() -> None:
    rows = table.template().replace('\r', '').split('\n')[1:-1]
    content = '\n'.join([table.template().partition('\r')[0], *rows * 125])
    with work_of_at_most(2):
        assert len(reading.read('a.csv', content.encode()).questions) == 1000


def test_a_question_that_no_gap_parts_from_the_one_before_is_no_option_of_it() -> None:
    together = reading.read('', b'7. Finest?\n* Clay\nSand\n8. Driest?\n* Sand\nClay\n')
    numbered = reading.read('', b'1. How many?\n1. one\n* 2. two\n2. three\n')

    assert [str(each) for each in together.problems] == [
        'Line 1: “8. Driest?” looks like the next question. Leave a blank line before it, or take the numbers away.'
    ]
    assert numbered.problems == ()


def test_a_right_option_has_its_letter_no_more_than_the_others_so_that_it_does_not_stand_out() -> None:
    found = reading.read('', b'1. Finest?\na) Sand\n*b) Clay\n\n2. Driest?\n- Silt\n* - Sand\n')
    assert found.problems == ()
    assert [(each.question.text, [option.text for option in each.question.options]) for each in found.questions] == [
        ('Finest?', ['Sand', 'Clay']),
        ('Driest?', ['Silt', 'Sand']),
    ]
    (war,) = reading.read('', b'2. Weltkrieg: Ende?\n*1945\n1918\n').questions
    assert war.question.text == '2\\. Weltkrieg: Ende?'
