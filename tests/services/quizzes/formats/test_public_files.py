"""Files of other programs, as they really are: each gives the questions that its own program finds in it."""

from collections import Counter

import pytest

from services.quizzes.formats import moodle_xml
from services.quizzes.formats.findings import Read, Wrong
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


def kinds(read: Read) -> Kinds:
    return dict(Counter(item.question.kind.value for item in read.questions))


def not_taken(read: Read) -> list[str]:
    return [said for each in read.left_out if 'are not taken over' in (said := str(each))]


def test_all_public_files_are_read_here() -> None:
    assert shared_names('samples/moodle-xml') == sorted(MOODLE_XML)


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


def test_nothing_of_the_machine_gets_into_a_question() -> None:
    with pytest.raises(Wrong, match='DOCTYPE'):
        moodle_xml.read(shared('samples/hostile/moodle_xxe.xml'))
    with pytest.raises(Wrong, match='Line 4: the XML is broken here'):
        moodle_xml.read(shared('samples/hostile/truncated.xml'))
