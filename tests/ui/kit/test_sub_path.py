"""What is sent of a page below a path leads below it, once; words that look like addresses stay."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from nicegui import core, ui
from nicegui.client import Client
from nicegui.page import page

from settings import settings
from ui.kit import sub_path
from ui.kit.raw_element import Piece
from web.sub_path import outward, outward_html

pytestmark = [pytest.mark.req('O1'), pytest.mark.usefixtures('data_dir')]


@pytest.fixture
def below(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv('PUBLIC_URL', 'https://example.org/way/mark')
    settings.cache_clear()
    for kind in (ui.element, Piece):
        monkeypatch.setattr(kind, '_to_dict', kind._to_dict)  # put back afterwards
    sub_path.register()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures('below')
async def test_elements_lead_below_the_path_when_they_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    with Client(page(''), request=None):
        picture, slotted, words = Piece('img'), Piece('a'), Piece('p')
        picture.draw({'src': '/one', 'srcset': '/one 840w, /two 1600w', 'alt': '/not an address'})
        slotted.draw({'href': '/'})
        slotted.add_slot('top')
        words.draw_html('<a class="link" href="/courses/1">/courses/1</a>')
        own, shown = ui.link('NiceGUI leads it in the browser', '/courses/1'), ui.label('<a href="/courses/1">')

        assert props(picture) == {
            'src': '/way/mark/one',
            'srcset': '/way/mark/one 840w, /way/mark/two 1600w',
            'alt': '/not an address',
        }
        assert props(slotted) == {'href': '/way/mark/'}, 'once'
        assert props(words) == {'innerHTML': '<a class="link" href="/way/mark/courses/1">/courses/1</a>'}
        assert props(own)['href'] == '/courses/1'
        assert shown._to_dict()['text'] == '<a href="/courses/1">'
        assert picture.props['src'] == '/one', 'inside, addresses begin at the root'


def props(element: ui.element) -> object:
    return element._to_dict()['props']


@pytest.mark.usefixtures('below')
def test_only_our_own_addresses_in_tags_lead_below_the_path() -> None:
    html = (
        '<img src="/a.png" alt=""><form method="post" action="/join"><code>&lt;a href="/x"&gt; href="/x"</code>'
        '<a href="https://example.org/other">, <a href="//example.net/">, <a href="#steps">, <a data-x="/y" href="/z">'
    )
    assert outward_html(html) == html.replace('src="/', 'src="/way/mark/').replace(
        'action="/', 'action="/way/mark/'
    ).replace('href="/z', 'href="/way/mark/z')
    assert [outward(each) for each in ('/', '//example.net', 'https://example.org', '')] == [
        *('/way/mark/', '//example.net', 'https://example.org', '')
    ]


def test_without_a_path_nothing_is_wrapped() -> None:
    shipped = ui.element._to_dict, Piece._to_dict
    sub_path.register()
    assert (ui.element._to_dict, Piece._to_dict) == shipped
    assert outward_html('<a href="/">') == '<a href="/">'
