"""A long text, divided into parts of which it can be followed which ones are on the screen."""

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise

from services.content import prose
from services.content.reading import ReadingPart
from services.core import threads

FASTEST = 40.0
"""Letters per second: about 400 words in a minute, which is as fast as people skim."""
AT_LEAST = 3.0
"""Seconds, however little there is to read."""
PICTURE = 80
"""as many letters as somebody reads while looking at a picture"""
SMALLEST = 600
"""Letters of a part, so that some parts fit on the screen of a phone."""
MOST_PARTS = 24
"""or half as many more, where it has headings"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One part as HTML, and how it counts."""

    html: str
    part: ReadingPart


@dataclass(slots=True)
class _Block:
    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    is_heading: bool = False

    @property
    def html(self) -> str:
        return ''.join(self.pieces)


async def prepare(body: str) -> None:
    """Lay out a text and divide it beside the event loop, which for a long one takes a while."""
    if body:
        await prose.prepare(body)
        await threads.shared.run(passages, body)


def passages(body: str) -> tuple[Passage, ...]:
    """Return a Markdown text in its parts; `prepare` a long one first."""
    return _passages(prose.prose_html(body))


@lru_cache(maxsize=64)
def _passages(html: str) -> tuple[Passage, ...]:
    return tuple(divide(html))


def divide(html: str) -> list[Passage]:
    """Divide clean HTML between its outermost elements, best before a heading."""
    groups = [(''.join(block.html for block in group), _letters(group)) for group in _groups(_blocks(html))]
    total = sum(letters for _, letters in groups)
    edges, read = [0.0], 0
    for _, letters in groups:
        read += letters
        edges.append(read / total)
    return [
        Passage(html=text, part=ReadingPart(start=start, stop=stop, seconds=max(AT_LEAST, letters / FASTEST)))
        for (text, letters), (start, stop) in zip(groups, pairwise(edges), strict=True)
    ]


def _groups(blocks: list[_Block]) -> list[list[_Block]]:
    enough = max(SMALLEST, _letters(blocks) / MOST_PARTS)
    groups: list[list[_Block]] = []
    for block in blocks:
        if not groups or _letters(groups[-1]) >= (enough * 2 / 3 if block.is_heading else enough):
            groups.append([])
        groups[-1].append(block)
    if len(groups) > 1 and _letters(groups[-1]) < enough / 3:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _letters(blocks: list[_Block]) -> int:
    return max(1, sum(block.letters for block in blocks))


def _blocks(html: str) -> list[_Block]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if block.letters or not block.html.isspace()]


class _Reader(HTMLParser):
    """Finds the outermost elements; what it reads is balanced, because it was cleaned."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[_Block] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or go deeper into one."""
        if self._depth == 0:
            self.blocks.append(_Block(is_heading=tag in _HEADINGS))
        self._add(self.get_starttag_text() or '', PICTURE if tag == 'img' else 0)
        self._depth += tag not in _EMPTY

    def handle_endtag(self, tag: str) -> None:
        """Come back from an element."""
        self._add(f'</{tag}>', 0)
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        """Read on."""
        self._add(data, len(data.strip()))

    def handle_entityref(self, name: str) -> None:
        """Keep a sign as it was written."""
        self._add(f'&{name};', 1)

    def handle_charref(self, name: str) -> None:
        """Keep a sign as it was written."""
        self._add(f'&#{name};', 1)

    def _add(self, html: str, letters: int) -> None:
        if not self.blocks:
            self.blocks.append(_Block())
        self.blocks[-1].pieces.append(html)
        self.blocks[-1].letters += letters


_HEADINGS = frozenset({'h1', 'h2', 'h3', 'h4'})
_EMPTY = frozenset({'area', 'br', 'col', 'hr', 'img', 'wbr'})
