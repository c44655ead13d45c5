"""All that a person can read or hear of a page, and what of it no translator could reach.

Texts that can be translated stand in brackets, each value in them outside of these (`bracket_apart`). People write in
Greek (`greek_school`), so Latin letters outside of brackets are words of the program that cannot be translated.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import pytest
from nicegui import Client, ui

from services.core import languages
from tests.support.grids import lines_of

SPOKEN = {
    *('aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'alt', 'placeholder', 'title'),
    *('label', 'hint', 'error-message', 'prefix', 'suffix', 'caption', 'message', 'data-empty', 'data-side'),
}
"""the properties of an element that a person reads or hears"""
OF_GRID = {'headerName', 'headerTooltip', 'noRowsToShow', 'words', 'presences', 'sentences', 'done', 'steps', 'n'}
"""what a person reads of a grid; the rest tells AG Grid how to draw it"""
SILENT = {'kbd', 'script', 'style', 'svg', 'template'}
"""what is not read, and the keys that are pressed"""

PLACE, APART = re.compile(r'(\{\w+\})'), r'⟧\1⟦'
BRACKETS = re.compile(r'⟦[^⟦⟧]*⟧')
LATIN = re.compile(r'[A-Za-z]+')
MOMENT = re.compile(r'\d{1,2} [A-Z][a-z]{2,8}\b( \d{4})?(, \d\d:\d\d)?')
ADDRESS = re.compile(r'https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+|/courses/\S*')
ENDING = re.compile(r'(?<!\w)\.[a-z0-9]{2,5}\b')
"""of the name of a file, which is the same in all languages"""
LETTER = re.compile(r'[A-Z]')
"""what an option of a question is called, when it stands alone"""
PROPER = ('Waymark',)
"""names that no language translates"""


def bracket_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the brackets of the made-up language around each value, so that words in the values are seen too."""

    def gettext(_: object, message: str) -> str:
        return f'⟦{PLACE.sub(APART, message)}⟧'

    def ngettext(self: object, one: str, many: str, count: int) -> str:
        return gettext(self, one if count == 1 else many)

    monkeypatch.setattr(languages._Pseudo, 'gettext', gettext)
    monkeypatch.setattr(languages._Pseudo, 'ngettext', ngettext)


def untranslated(texts: Iterable[str], known: Iterable[str] = ()) -> set[str]:
    """Return the texts that have Latin letters outside of brackets, but for names, moments, addresses and codes."""
    found = set()
    for text in texts:
        if not LATIN.search(text) or LETTER.fullmatch(text.strip()):
            continue
        bare = BRACKETS.sub(' ', text)
        for pattern in (ADDRESS, MOMENT, ENDING):
            bare = pattern.sub(' ', bare)
        for word in (*known, *PROPER):
            bare = bare.replace(word, ' ')
        if LATIN.search(bare):
            found.add(text.strip())
    return found


def of_page(client: Client) -> Iterator[str]:
    """Return every text of a page, hidden ones too, as they may be shown later."""
    yield client.title or ''
    for element in list(client.elements.values()):
        yield from of_element(element)


def of_element(element: ui.element) -> Iterator[str]:
    """Return every text of one element."""
    text = getattr(element, 'text', None)
    yield text if isinstance(text, str) else ''
    for name, value in element.props.items():
        if name in SPOKEN:
            yield value if isinstance(value, str) else ''
        elif name == 'innerHTML':
            yield from of_html(str(value))
        elif name == 'options':
            yield from _of_options(element, value)


def of_html(html: str) -> list[str]:
    """Return every text of a piece of HTML."""
    reader = _Reader()
    reader.feed(html)
    return reader.texts


def _of_options(element: ui.element, value: object) -> Iterator[str]:
    """Return what is to choose from, or what is written in a grid; figures are drawn without words."""
    if isinstance(element, ui.aggrid):
        yield from _within({**value, 'lines': lines_of(value)}, OF_GRID)
    elif isinstance(value, list):
        yield from _within(value, {'label'})


def _within(value: object, names: set[str], *, is_read: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        yield value if is_read else ''
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _within(part, names, is_read=name in names)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _within(part, names, is_read=is_read)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)
