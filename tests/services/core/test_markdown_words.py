"""The words of a text in Markdown, for a line without layout."""

import pytest

from services.core.markdown_words import words_of

pytestmark = pytest.mark.req('Q7')


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('Which soil has the **finest** grains?', 'Which soil has the finest grains?'),
        ('# Soil\n\n* *sand*\n* `a < b`', 'Soil sand a < b'),
        ('one\ntwo  \nthree', 'one two three'),
        ('![three tubes](tubes.png) Which [one](https://example.org)?', 'three tubes Which one?'),
        ('2 * 3 * 4 <i>≥</i> a_b_c', '2 * 3 * 4 ≥ a_b_c'),
        ('', ''),
    ],
)
def test_what_is_drawn_otherwise_leaves_no_signs(text: str, words: str) -> None:
    assert words_of(text) == words


def test_a_text_without_words_is_shown_as_it_was_written() -> None:
    assert words_of('***') == '***'


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert words_of('**a** ' * 20_000).startswith('a a a')
    assert len(words_of('**a** ' * 20_000)) < 600
