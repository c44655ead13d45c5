"""Texts of other programs as Markdown and as plain text, and Markdown as HTML for them.

HTML is cleaned before anything else looks at it; what could do something instead of being read is gone by then.
"""

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

import nh3
from bs4 import BeautifulSoup
from bs4.element import Tag
from markdown_it import MarkdownIt
from markdownify import ATX, MarkdownConverter

from services.core.phrases import phrase
from services.core.text import storable
from services.quizzes.formats.findings import PICTURE, NotTaken, Wrong
from services.quizzes.formats.pictures import Pictures, from_base64

LONGEST_HTML = 10_000_000
"""letters, with pictures that are written into it"""
LONGEST_TEXT = 100_000
MOST_TAGS = 3_000
DEEPEST = 20
_TAGS = {
    *('p', 'div', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code', 'ul', 'ol', 'li'),
    *('b', 'strong', 'i', 'em', 'del', 's', 'strike', 'sub', 'sup', 'a', 'img'),
    *('table', 'thead', 'tbody', 'tr', 'td', 'th'),
}
_BLOCKS = {'p', 'div', 'br', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'li', 'td', 'th', 'tr', 'pre', 'blockquote'}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={'a': {'href'}, 'img': {'src', 'alt'}, 'ol': {'start'}},
    url_schemes={'http', 'https', 'mailto', 'data'},
    link_rel=None,
)
_NO_TAGS = nh3.Cleaner(tags=set())
_BLOCKS_ONLY = nh3.Cleaner(tags=_BLOCKS)


class _Converter(MarkdownConverter):
    """Numbers lists as it goes; the library counts from the first again for each."""

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Return an element of a list."""
        number = el.get('value')
        if number is None or not text.strip():
            return str(super().convert_li(el, text, parent_tags))  # type: ignore[misc]  # found by its name
        mark = f'{number}. '
        rest = (f'{" " * len(mark)}{line}' if line.strip() else '' for line in text.strip().split('\n'))
        return mark + '\n'.join(rest).lstrip() + '\n'

    def escaped(self, text: str) -> str:
        """Return plain text so that Markdown takes no sign of it for its own."""
        return str(self.escape(text, set()))  # type: ignore[attr-defined]  # documented, but not typed


_CONVERTER = _Converter(
    heading_style=ATX, bullets='-', escape_misc=True, sub_symbol='<sub>', sup_symbol='<sup>', table_infer_header=True
)
_WRITER = MarkdownIt('commonmark', {'html': True}).enable(['table', 'strikethrough'])
_MARKUP = re.compile(
    rf'</?(?:{"|".join(_TAGS | {"span", "u", "font", "center", "tt", "video", "audio"})})\b[^<>]*>', re.I
)
_MEDIA = re.compile(r'<(?:video|audio|iframe|object|embed)\b', re.IGNORECASE)
_FORMULA = re.compile(r'<(?:[a-z]{1,20}:)?math[\s>]', re.IGNORECASE)
_NEXT = re.compile('</(?:question|item|assessmentItem|qti-assessment-item)>')
"""what stands in a text that does not end"""
_ENTITY = re.compile(r'&(?:[a-z]{2,31}|#\d{1,7}|#x[0-9a-f]{1,6});', re.IGNORECASE)
_TAG = re.compile('<(/?)([a-z][a-z0-9]*)')
_VOID = {'br', 'hr', 'img'}

Losing = Callable[[str], None]
"""Notes that something is not taken over; see `Findings.lose`."""


Attached = Callable[[str], bytes | None]
"""Returns the file that a text refers to by a relative address, if it came along."""


def no_files(_: str) -> bytes | None:
    """Find nothing: no files come along with this format."""
    return None


def from_html(text: str, pictures: Pictures, lose: Losing, files: Attached = no_files) -> str:
    """Return HTML as Markdown, and keep the pictures that it shows; raises `Wrong` and `NotTaken`."""
    if '<' not in text and '&' not in text:
        return from_plain(text)
    _check_html(text)
    cleaned = _cleaned(text, lose)
    if _depth(cleaned) > DEEPEST:
        return from_plain(html.unescape(_NO_TAGS.clean(cleaned)))
    soup = BeautifulSoup(cleaned, 'html.parser')
    if '<img' in cleaned:
        for image in soup('img'):
            _bring(image, pictures, lose, files)
    if '<a ' in cleaned:
        for link in soup('a'):
            _check_link(link, lose)
    if '<ol' in cleaned:
        _number(soup)
    return _bounded(str(_CONVERTER.convert_soup(soup)).strip())


def _check_html(text: str) -> None:
    if len(text) > LONGEST_HTML or text.count('<') > MOST_TAGS:
        raise _too_long()
    if _NEXT.search(text):
        raise Wrong(phrase('a text goes on into the next question; “]]>” or a quote before it is missing.'))
    if _FORMULA.search(text):  # its signs alone would say something else: 1/2 would be 12
        raise NotTaken(phrase('questions with formulas in MathML are not taken over.'))


def _cleaned(text: str, lose: Losing) -> str:
    for _ in _MEDIA.findall(text):
        lose('media')
    return _CLEANER.clean(text)


def from_plain(text: str) -> str:
    """Return plain text as Markdown that shows it as it is written."""
    lines = (line.strip() for line in text.strip().split('\n'))
    return _bounded('\n'.join(_CONVERTER.escaped(line) for line in lines))


def from_markdown(text: str) -> str:
    """Return Markdown of another program as it is."""
    return _bounded(text.strip('\n').rstrip())


def from_mixed(text: str, pictures: Pictures, lose: Losing, files: Attached = no_files) -> str:
    """Return a text as Markdown that is HTML if it has any of its signs, as in Moodle's own format."""
    _check_signs(text)
    if _MARKUP.search(text) or _ENTITY.search(text):
        return from_html(text, pictures, lose, files)
    return from_plain(text)


def plain(text: str) -> str:
    """Return a text of one line without its HTML, for what learners type and for what they choose by its name."""
    _check_signs(text)
    if _MARKUP.search(text) or _ENTITY.search(text):
        if len(text) > LONGEST_TEXT or text.count('<') > MOST_TAGS:
            raise _too_long()
        text = BeautifulSoup(_BLOCKS_ONLY.clean(text), 'html.parser').get_text(' ')
    return ' '.join(storable(text).split())


def literal(text: str, *, is_html: bool) -> str:
    """Return what learners have to type or to choose: without HTML, unless the answer is HTML and nothing else."""
    written = ' '.join(storable(text).split())
    return (plain(text) or written) if is_html else written


def to_html(markdown: str) -> str:
    """Return Markdown as HTML that is well-formed XML as well; a single paragraph stands alone."""
    written = str(_WRITER.render(markdown)).strip()
    cleaned = BeautifulSoup(_CLEANER_OUT.clean(written), 'html.parser')
    if len(cleaned.contents) == 1 and isinstance(cleaned.contents[0], Tag) and cleaned.contents[0].name == 'p':
        return cleaned.contents[0].decode_contents(formatter='minimal')
    return cleaned.decode(formatter='minimal')


_CLEANER_OUT = nh3.Cleaner(
    tags=_TAGS,
    attributes={'a': {'href'}, 'img': {'src', 'alt'}, 'ol': {'start'}},
    url_schemes={'http', 'https', 'mailto', PICTURE.removesuffix(':')},
    link_rel=None,
)


def _check_link(link: Tag, lose: Losing) -> None:
    """Let a link be text where it leads to a file that did not come along."""
    address = str(link.get('href', ''))
    if ':' not in address:
        if address and not address.startswith('#'):
            lose('files')
        link.unwrap()


def _number(soup: BeautifulSoup) -> None:
    for numbered in soup('ol'):
        first = str(numbered.get('start', ''))
        start = int(first) if first.isascii() and first.isdecimal() and len(first) < 7 else 1
        for number, each in enumerate(numbered('li', recursive=False), start=start):
            each['value'] = str(number)


def _bring(image: Tag, pictures: Pictures, lose: Losing, files: Attached) -> None:
    """Let an image show the picture that came along, or say what it would have shown."""
    address = str(image.get('src', ''))
    if address.startswith(('http:', 'https:', '//')):
        lose('remote')
        return
    name, content = _content(address, files)
    kept = pictures.keep(name, content) if content else None
    if kept is None:
        lose('pictures')
        image.replace_with(str(image.get('alt', '')))
    else:
        image['src'] = f'{PICTURE}{kept}'


def _content(address: str, files: Attached) -> tuple[str, bytes | None]:
    if address.startswith('data:'):
        kind, _, written = address.partition(',')
        return 'picture', from_base64(unquote(written)) if kind.endswith(';base64') else None
    name = unquote(address.partition('?')[0])
    return name, files(name)


def _depth(cleaned: str) -> int:
    """Return how many elements stand inside of each other, in HTML that is well-formed."""
    depth = deepest = 0
    for end, name in _TAG.findall(cleaned):
        depth += 0 if name in _VOID else -1 if end else 1
        deepest = max(deepest, depth)
    return deepest


def _check_signs(text: str) -> None:
    """Refuse what is too long as a text and has too many tags as HTML, before its signs are looked at one by one."""
    if len(text) > LONGEST_TEXT and text.count('<') > MOST_TAGS:
        raise _too_long()


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise _too_long()
    return storable(text)


def _too_long() -> Wrong:
    return Wrong(phrase('A text is longer than {most} letters. Shorten it.', most=LONGEST_TEXT))
