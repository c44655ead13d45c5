"""Files of other programs, as they really are: each gives the questions that its own program finds in it."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from services.core.decoding import text_of
from services.core.errors import Invalid
from services.quizzes.formats import aiken, gift, moodle_xml, reading
from services.quizzes.formats.findings import Read
from services.quizzes.question import Question, QuestionKind
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('Q9')

Kinds = dict[str, int]

MOODLE_XML: dict[str, tuple[Kinds, int]] = {
    'en_linalg_stack_bank.xml': ({}, 3),
    'es_reales-moodle.xml': ({'matching': 21, 'single_choice': 60, 'short_text': 12, 'true_false': 12}, 0),
    'es_trigonometria_images.xml': ({'matching': 9, 'single_choice': 126, 'short_text': 18}, 0),
    'moodle_broken_cloze_questions.xml': ({}, 5),
    'moodle_category_with_description.xml': ({'true_false': 1}, 0),
    'moodle_error_invalid_grades.xml': ({'multiple_choice': 1}, 0),
    'moodle_export_category.xml': ({'true_false': 1}, 0),
    'moodle_multichoice.xml': ({'single_choice': 1}, 0),
    'moodle_nested_categories_with_questions.xml': ({'essay': 1, 'true_false': 4}, 0),
    'moodle_old_format_file.xml': ({'true_false': 2}, 0),
    'moodle_truefalse.xml': ({'true_false': 2}, 0),
}
"""the kinds that a file gives, and how many of its questions are of kinds that are not taken over"""

GIFT: dict[str, Kinds] = {
    'es_numeric_mix.txt': {'numeric': 5, 'short_text': 1, 'single_choice': 1},
    'es_reales-gift.txt': {'matching': 21, 'short_text': 12, 'single_choice': 60, 'true_false': 12},
    'es_redes_tema1_variant.txt': {'short_text': 3, 'single_choice': 2},
    'es_redes_tema5.txt': {'short_text': 17, 'single_choice': 19, 'true_false': 4},
    'grammar/TFTwoFeedback.gift': {'true_false': 3},
    'grammar/categorySpecialCharacter.gift': {},
    'grammar/descriptionTitleEscapedColon.gift': {'true_false': 1},
    'grammar/descriptionWithID.gift': {'true_false': 1},
    'grammar/escapeColon.gift': {'single_choice': 1},
    'grammar/essay1.gift': {'essay': 1},
    'grammar/formatExamples.gift': {'single_choice': 1},
    'grammar/markdown.gift': {},
    'grammar/mc1.gift': {'single_choice': 1},
    'grammar/mc2.gift': {'single_choice': 1},
    'grammar/mc5.gift': {'single_choice': 4},
    'grammar/multiLineFeedback1.gift': {'single_choice': 2},
    'grammar/multipleAnswersFloat.gift': {'multiple_choice': 1},
    'grammar/numerical1.gift': {'numeric': 10},
    'grammar/shortAnswer1.gift': {'short_text': 2},
    'grammar/shortAnswer2.gift': {'short_text': 2},
    'grammar/shortFirstEmbedded.gift': {'short_text': 2},
    'grammar/shortFirstEmbeddedUnderlineHTML.gift': {'short_text': 2},
    'grammar/symbolsAll.gift': {'true_false': 1},
    'grammar/tag_id_and_two_tags.gift': {'essay': 1},
    'grammar/tf1.gift': {'true_false': 1},
    'grammar/tf1_html.gift': {'true_false': 1},
    'grammar/tf2.gift': {'true_false': 2},
    'grammar/totara_moodle_essay.gift': {'essay': 1},
    'grammar/totara_moodle_match.gift': {'matching': 1},
    'grammar/totara_moodle_multichoice_multi.gift': {'multiple_choice': 1},
    'grammar/totara_moodle_pre_content.gift': {'essay': 1},
    'grammar/totara_moodle_shortanswer.gift': {'short_text': 1},
    'grammar/totara_moodle_truefalse.gift': {'true_false': 1},
    'grammar/totara_moodle_truefalse_true_answer2.gift': {'true_false': 1},
    'grammar/type_inferred_multiline_markdown.gift': {'short_text': 1},
    'moodle_examples.txt': {
        'matching': 3, 'multiple_choice': 2, 'numeric': 8, 'short_text': 9, 'single_choice': 16, 'true_false': 5,
    },
    'moodle_questions.gift.txt': {
        'essay': 1, 'matching': 1, 'multiple_choice': 1, 'numeric': 1, 'short_text': 1, 'single_choice': 1,
        'true_false': 3,
    },
    'moodle_questions_encoding_windows-1252.gift.txt': {'essay': 2, 'matching': 1},
    'vim_test.gift': {'single_choice': 4},
}  # fmt: skip
NO_BRACES = 'grammar/markdown.gift'
"""which could be any text"""
DEFECTS = 'own_malformed.gift'
PARSED = sorted(name.removesuffix('.gift') for name in GIFT if name.startswith('grammar/'))


def kinds(read: Read) -> Kinds:
    return dict(Counter(item.question.kind.value for item in read.questions))


def not_taken(read: Read) -> list[str]:
    return [said for each in read.left_out if 'are not taken over' in (said := str(each))]


def test_all_public_files_are_read_here() -> None:
    assert shared_names('samples/moodle-xml') == sorted(MOODLE_XML)
    names = [name for name in shared_names('samples/gift') if not name.endswith('.json')]
    assert names == sorted([*GIFT, DEFECTS])
    assert [f'qti12/{name}' for name in shared_names('samples/qti12')] + [
        f'qti2/{name}' for name in shared_names('samples/qti2')
    ] == sorted({*QTI, *NO_QUESTIONS})
    assert shared_names('samples/aiken') == sorted([*AIKEN, 'es_core_examen.expected-moodle.xml'])


@pytest.mark.parametrize('name', MOODLE_XML)
def test_moodle_xml(name: str) -> None:
    expected, others = MOODLE_XML[name]

    read = moodle_xml.read(shared(f'samples/moodle-xml/{name}'))

    assert read.problems == ()
    assert kinds(read) == expected
    assert len(not_taken(read)) == others


def test_pictures_come_along_with_moodle_xml() -> None:
    french = moodle_xml.read(shared('samples/moodle-xml/moodle_multichoice.xml'))
    (item,) = french.questions

    assert sorted(item.pictures) == ['flag-denmark.jpg', 'flag-france.jpg', 'flag-german.jpg', 'flag-uk.jpg']
    assert [option.text for option in item.question.options if option.credit] == [
        '![French flag](picture:flag-france.jpg) French'
    ]
    assert [str(each) for each in french.left_out] == ['1 file that is no picture (PNG, JPEG, GIF or WebP).']


def test_credit_that_does_not_add_up_is_said() -> None:
    read = moodle_xml.read(shared('samples/moodle-xml/moodle_error_invalid_grades.xml'))

    assert 'together give 99.66 %' in str(read.warnings[0])
    assert [option.credit for option in read.questions[0].question.options] == [-5000, 3300, 3333, -5000, 3333]


def test_nested_categories_are_kept() -> None:
    read = moodle_xml.read(shared('samples/moodle-xml/moodle_nested_categories_with_questions.xml'))

    assert [item.category for item in read.questions] == [
        'Iota', 'Iota/Kappa', 'Iota/Kappa', 'Iota/Kappa/Lambda', 'Iota/Mu',
    ]  # fmt: skip


@pytest.mark.parametrize('name', GIFT)
def test_gift(name: str) -> None:
    read = gift.read(text_of(shared(f'samples/gift/{name}')))

    assert read.problems == ()
    assert kinds(read) == GIFT[name]


def test_gift_in_the_encoding_of_windows_is_read_though_moodle_does_not() -> None:
    read = gift.read(text_of(shared('samples/gift/moodle_questions_encoding_windows-1252.gift.txt')))

    assert read.questions[2].question.pairs[0].left == 'aödf'
    assert {item.category for item in read.questions} == {'Default for LTTEST'}


def test_defects_in_gift_are_named_with_their_lines() -> None:
    read = gift.read(text_of(shared(f'samples/gift/{DEFECTS}')))

    assert [line_of(each) for each in read.problems] == [5, 7, 10, 13, 15, 17, 21]
    assert [line_of(each) for each in read.warnings] == [19, 25, 27]
    assert len(read.questions) == 8 - len({13, 21})


def line_of(said: object) -> int:
    return int(str(said).removeprefix('Line ').partition(':')[0])


@pytest.mark.parametrize('name', PARSED)
def test_gift_means_what_its_grammar_says(name: str) -> None:
    parsed = json.loads(shared(f'samples/gift/{name}.expected.json'))

    read = gift.read(text_of(shared(f'samples/gift/{name}.gift')))

    expected = [each for each in parsed if each['type'] not in {'Category', 'Description'}]
    assert len(read.left_out) >= len([each for each in parsed if each['type'] == 'Description'])
    assert [content(item.question) for item in read.questions] == [content_of_parse(each) for each in expected]


def content(question: Question) -> tuple[object, ...]:
    """What a question asks and what is right, without white space and without how it is laid out."""
    feedback = signs(question.feedback)
    return question.title, signs(question.text), question.tags, feedback, answers(question)


def answers(question: Question) -> list[tuple[object, ...]]:
    match question.kind:
        case QuestionKind.TRUE_FALSE:
            right = question.options[0].credit > 0
            wrong_first = sorted(question.options, key=lambda option: option.credit)
            return [(right,), tuple(signs(option.feedback) for option in wrong_first)]
        case QuestionKind.NUMERIC:
            return [
                (number.value, number.tolerance, number.credit, signs(number.feedback)) for number in question.numbers
            ]
        case QuestionKind.SHORT_TEXT:
            return [(signs(text.pattern), text.credit, signs(text.feedback)) for text in question.texts]
        case QuestionKind.MATCHING:
            return [(signs(pair.left), pair.right) for pair in question.pairs]
    return [(signs(option.text), rounded(option.credit), signs(option.feedback)) for option in question.options]


def content_of_parse(parsed: dict[str, Any]) -> tuple[object, ...]:
    tags = tuple(parsed['tags'] or ())
    return parsed['title'] or '', said(parsed['stem']), tags, said(parsed['globalFeedback']), answers_of_parse(parsed)


def answers_of_parse(parsed: dict[str, Any]) -> list[tuple[object, ...]]:
    """The answers of a parse; of feedback on statements, its author calls the first one that for “true”."""
    match parsed['type']:
        case 'TF':
            return [(parsed['isTrue'],), (said(parsed['trueFeedback']), said(parsed['falseFeedback']))]
        case 'Numerical':
            found = parsed['choices']
            many = found if isinstance(found, list) else [{'text': found, 'weight': None, 'isCorrect': True}]
            return [(*number(each['text']), credit(each), said(each.get('feedback'))) for each in many]
        case 'Short':
            return [(said(each['text']), credit(each), said(each['feedback'])) for each in parsed['choices']]
        case 'Matching':
            return [(said(pair['subquestion']), pair['subanswer']) for pair in parsed['matchPairs']]
        case 'Essay':
            return []
    return [(said(each['text']), rounded(credit(each)), said(each['feedback'])) for each in parsed['choices']]


def number(parsed: dict[str, Any]) -> tuple[Decimal, Decimal]:
    if parsed['type'] == 'high-low':
        low, high = Decimal(str(parsed['numberLow'])), Decimal(str(parsed['numberHigh']))
        return (low + high) / 2, (high - low) / 2
    return Decimal(str(parsed['number'])), Decimal(str(parsed.get('range', 0)))


def credit(parsed: dict[str, Any]) -> int:
    weight = parsed['weight']
    return (10_000 if parsed['isCorrect'] else 0) if weight is None else round(weight * 100)


def rounded(credit: int) -> int:
    return round(credit / 10)


def said(parsed: dict[str, str] | None) -> str:
    if parsed is None:
        return ''
    return signs(parsed['text']) if parsed['format'] == 'markdown' else letters(parsed['text'])


def signs(markdown: str) -> str:
    return letters(MarkdownIt('commonmark').render(markdown))


def letters(html: str) -> str:
    text = BeautifulSoup(html, 'html.parser').get_text()
    return ''.join(letter for letter in text if letter.isalnum())


AIKEN: dict[str, tuple[str, list[int], list[int]]] = {
    'moodle_questions.aiken.txt': ('BA', [4, 2], []),
    'moodle_aiken_errors.txt': ('ABA', [2, 2, 2], [3, 5, 7, 18]),
    'es_core_examen.txt': ('CC', [4, 3], [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
}
"""the letters that are right, the numbers of options, and the first lines with something wrong in them"""


@pytest.mark.parametrize('name', AIKEN)
def test_aiken(name: str) -> None:
    keys, options, wrong = AIKEN[name]

    read = aiken.read(text_of(shared(f'samples/aiken/{name}')))

    asked = [item.question.options for item in read.questions]
    assert ''.join('ABCD'[[option.credit > 0 for option in each].index(True)] for each in asked) == keys
    assert [len(each) for each in asked] == options
    assert [line_of(each) for each in read.problems[: len(wrong)]] == wrong
    assert read.is_refused is bool(wrong)


QTI: dict[str, tuple[Kinds, int]] = {
    'qti12/canvas-checkbox.xml': ({'multiple_choice': 1}, 0),
    'qti12/canvas-fitb.xml': ({}, 1),
    'qti12/canvas-mc.xml': ({'single_choice': 1}, 0),
    'qti12/canvas-zones.xml': ({'single_choice': 2}, 0),
    'qti12/canvas_cartridge.zip': (
        {'single_choice': 2, 'essay': 2, 'true_false': 2, 'short_text': 2, 'multiple_choice': 2, 'matching': 2,
         'numeric': 2}, 10,
    ),
    'qti12/canvas_export_csev/assessment.xml': (
        {'essay': 1, 'single_choice': 2, 'numeric': 1, 'short_text': 1, 'true_false': 1}, 0,
    ),
    'qti12/instructure_all_canvas_simple_1.2.xml': (
        {'essay': 1, 'matching': 1, 'multiple_choice': 1, 'single_choice': 1, 'numeric': 1, 'short_text': 1,
         'true_false': 1}, 3,
    ),
    'qti12/items/essay.xml': ({'essay': 1}, 0),
    'qti12/items/matching.xml': ({'matching': 1}, 0),
    'qti12/items/multiple_answer_canvas.xml': ({'multiple_choice': 1}, 0),
    'qti12/items/numeric_within_range.xml': ({'numeric': 1}, 0),
    'qti12/items/ordering.xml': ({'ordering': 1}, 0),
    'qti12/items/text.no.question.xml': ({}, 1),
    'qti12/items/true_false.xml': ({'true_false': 1}, 0),
    'qti12/items/upload.xml': ({}, 1),
    'qti12/minimal_qti_1.2_sample.zip': ({'single_choice': 1}, 0),
    'qti2/instructure_2.1_choice.xml': ({'single_choice': 1}, 0),
    'qti2/instructure_2.1_match.xml': ({}, 1),
    'qti2/instructure_2.1_order.xml': ({'ordering': 1}, 0),
    'qti2/instructure_2.1_text_entry.xml': ({'short_text': 1}, 0),
    'qti2/instructure_2.2_choice_true_false.xml': ({'true_false': 1}, 0),
    'qti2/instructure_2.2_essay.xml': ({'essay': 1}, 0),
    'qti2/minimal_qti_2.1_sample.zip': ({'multiple_choice': 1, 'single_choice': 1}, 0),
}  # fmt: skip
"""the kinds that a file gives, and how many of its questions are of kinds that are not taken over"""
NO_QUESTIONS = {'qti12/canvas_export_csev/assessment_meta.xml', 'qti12/canvas_export_csev/imsmanifest.xml'}


@pytest.mark.parametrize('name', QTI)
def test_qti(name: str) -> None:
    expected, others = QTI[name]

    read = reading.read(name, shared(f'samples/{name}'))

    assert [each for each in read.problems if 'There is no question in' not in str(each)] == []
    assert kinds(read) == expected
    assert len(not_taken(read)) == others
    assert read.is_refused is not bool(expected)


@pytest.mark.parametrize('name', sorted(NO_QUESTIONS))
def test_what_belongs_to_a_package_has_no_questions_of_its_own(name: str) -> None:
    assert reading.read(name, shared(f'samples/{name}')).is_refused


def test_canvas_says_what_is_right_and_what_is_said_about_it() -> None:
    read = reading.read('all.xml', shared('samples/qti12/instructure_all_canvas_simple_1.2.xml'))

    choice, statement, words, several, pairs, numbers, _ = [item.question for item in read.questions]
    assert [(option.text, option.credit > 0) for option in choice.options] == [
        ('C', True), ('A', False), ('B', False), ('D', False),
    ]  # fmt: skip
    assert choice.options[0].feedback == 'Answer feedback for C, correct'
    assert (choice.feedback, choice.feedback_wrong) == ('Item Feedback, Neutral', 'Item Feedback, Incorrect')
    assert statement.options[0].credit > 0
    assert [text.pattern for text in words.texts] == ['Blank', 'blank']
    assert [option.text for option in several.options if option.credit] == ['A', 'B', 'C']
    assert {(pair.left, pair.right) for pair in pairs.pairs if pair.left} == {('A', '1'), ('B', '2')}
    assert [(str(number.value), str(number.tolerance)) for number in numbers.numbers] == [
        ('0.0', '0.0'), ('42.0', '0.5'), ('42.000', '0.005'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    'name',
    [*QTI, *(f'moodle-xml/{name}' for name in MOODLE_XML), *(f'gift/{name}' for name in GIFT if name != NO_BRACES)],
)
def test_every_file_is_recognised_by_its_content(name: str) -> None:
    read = reading.read('questions', shared(f'samples/{name}'))

    assert not any('No questions were recognised' in str(each) for each in read.problems)
    assert bool(read.questions) is not read.is_refused


def test_nothing_of_the_machine_gets_into_a_question() -> None:
    with pytest.raises(Invalid, match='DOCTYPE'):
        moodle_xml.read(shared('samples/hostile/moodle_xxe.xml'))
    with pytest.raises(Invalid, match='Line 4: the XML is broken here'):
        moodle_xml.read(shared('samples/hostile/truncated.xml'))
