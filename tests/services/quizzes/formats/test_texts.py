"""Texts of other programs become Markdown that shows what they showed, and nothing that acts."""

import html

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from services.quizzes.formats import texts
from services.quizzes.formats.findings import Wrong
from services.quizzes.formats.pictures import Pictures
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')

RENDERER = MarkdownIt('commonmark', {'html': True}).enable(['table', 'strikethrough'])
SIGNS = st.text(alphabet='ab 1.)(*_`#+-=~<>&;|[]!\\:/"\'\n{}@$^', max_size=40)


def lose(what: str) -> None:
    pass


def shown(markdown: str) -> list[str]:
    return BeautifulSoup(RENDERER.render(markdown), 'html.parser').get_text(' ').split()


@given(SIGNS)
def test_plain_text_is_shown_as_it_is_written(text: str) -> None:
    assert ''.join(shown(texts.from_plain(text))) == ''.join(text.split())


@given(SIGNS)
def test_the_text_of_html_is_shown_as_it_is_written(text: str) -> None:
    written = f'<p>{html.escape(text)}</p><br>'

    assert ''.join(shown(texts.from_html(written, Pictures(), lose))) == ''.join(text.split())
    assert ''.join(texts.plain(written).split()) == ''.join(text.split())


def test_what_markdown_can_say_is_kept() -> None:
    written = (
        '<div><p>x<sup>2</sup> is <b>not</b> <i>x</i><sub>2</sub></p><ol start="3"><li>a<ul><li>b</li></ul></li>'
        '<li>c</li></ol><pre>if a:\n    b</pre><table><tr><td>1</td><td>2</td></tr></table></div>'
    )

    assert texts.from_html(written, Pictures(), lose) == (
        'x<sup>2</sup> is **not** *x*<sub>2</sub>\n\n3. a\n   - b\n4. c\n\n```\nif a:\n    b\n```\n\n'
        '| 1 | 2 |\n| --- | --- |'
    )


@pytest.mark.parametrize(
    'text',
    [
        '<b>' * 100_000,
        '<b><p>' * 1_400,
        '<ol>' + '<li>x' * 2_900,
        '<ul><li>' * 1_400,
        '<blockquote>' * 2_000 + 'x\n' * 30_000,
        '<table>' + '<tr><td>x' * 1_400,
        '<p>' + '_' * 90_000,
        '&' * 90_000,
        '<' * 1_000_000,
        '<p>' + '\n' * 90_000,
        '<pre>' + '`' * 90_000,
        'a <' * 900_000,
    ],
    ids=lambda text: text[:12],
)
def test_html_that_was_made_to_be_slow_is_not(text: str) -> None:
    with work_of_at_most(2):
        try:
            texts.from_html(text, Pictures(), lose)
            texts.from_mixed(text, Pictures(), lose)
            texts.plain(text)
        except Wrong:
            pass
