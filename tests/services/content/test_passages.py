"""Dividing a text into passages, so that it can be followed how it is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.content import intervals
from services.content import passages as content_passages
from services.content.passages import MOST_PARTS
from services.content.prose import prose_html

pytestmark = pytest.mark.req('C4', 'S5')

LONG = '\n\n'.join(
    f'## Part {n}\n\n{"Wet the sample and wait. " * 30}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |'
    for n in range(100)
)


@pytest.mark.parametrize(
    'body', ['Short.', 'a\n\nb', LONG, '```\n<b>&amp;</b>\n```', '# Only', '![a](/b.png)', '<br>', '&nbsp;']
)
def test_nothing_is_lost_and_the_parts_cover_the_whole(body: str) -> None:
    html = prose_html(body)

    passages = content_passages.divide(html)

    assert ''.join(passage.html for passage in passages).strip() == html.strip()
    assert intervals.percent([(each.part.start, each.part.stop) for each in passages], 1.0) == 100
    assert len(passages) <= MOST_PARTS * 1.5


def test_a_long_text_is_divided_before_headings() -> None:
    passages = content_passages.divide(prose_html(LONG))

    assert len(passages) > 10
    assert all(passage.html.startswith('<h2>') for passage in passages)


def test_a_text_takes_as_long_as_its_letters_need() -> None:
    body = 'word ' * 2000

    assert 10_000 / 45 < sum(each.part.seconds for each in content_passages.divide(prose_html(body))) < 10_000 / 35
    assert content_passages.divide(prose_html('Hi'))[0].part.seconds == content_passages.AT_LEAST


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='ab<>/&;"\'`*_#|-\n ![]()éلا', max_size=400))
def test_whatever_somebody_writes(body: str) -> None:
    html = prose_html(body)
    passages = content_passages.divide(html)

    assert ''.join(each.html for each in passages).replace('\n', '') == html.replace('\n', '')
    assert all(each.part.seconds > 0 and each.part.start < each.part.stop for each in passages)
